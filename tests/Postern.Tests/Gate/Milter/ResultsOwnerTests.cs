using System.Text;
using Postern.Gate.Milter;

namespace Postern.Tests.Gate.Milter;

public sealed class ResultsOwnerTests
{
    private readonly ResultsOwner _owner = new("mx.example.org");

    [Theory]
    [InlineData(" mx.example.org; spf=pass")]
    [InlineData("mx.example.org;spf=pass")]
    [InlineData("mx.example.org")]
    [InlineData(" MX.EXAMPLE.ORG; none")]
    [InlineData(" mx.example.org 1; none")]
    [InlineData(" mx.example.org/1; none")]
    [InlineData(" mx.example.org.; none")]
    [InlineData("\n\tmx.example.org;\n\tspf=pass")]
    [InlineData(" (comment) mx.example.org (more); spf=pass")]
    [InlineData(" (a (b) \\) c) mx.example.org; spf=pass")]
    [InlineData(" \"mx.example.org\"; spf=pass")]
    [InlineData(" \"mx.ex\\ample.org\"; spf=pass")]
    [InlineData(" \"mx.example\n .org\"; spf=pass", false)]
    [InlineData(" (open mx.example.org; spf=pass")]
    [InlineData(" \"mx.example.org; spf=pass")]
    [InlineData(" =?utf-8?q?mx=2Eexample=2Eorg?=; spf=pass")]
    [InlineData(" ;mx.example.org; spf=pass")]
    [InlineData(" other.example.net; spf=pass smtp.mailfrom=mx.example.org", false)]
    [InlineData(" mx.example.org.example.net; spf=pass", false)]
    [InlineData(" amx.example.org; spf=pass", false)]
    [InlineData(" (mx.example.org) other.example.net; spf=pass", false)]
    [InlineData(" \"other.example.net\"; x=mx.example.org", false)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData(" i=1; mx.example.net; spf=pass", false)]
    public void It_knows_what_claims_to_be_ours(string value, bool isOurs = true) =>
        _owner.Claims(Encoding.UTF8.GetBytes(value)).ShouldBe(isOurs, value);

    [Fact]
    public void A_name_in_its_own_letters_is_the_same_name() =>
        new ResultsOwner("xn--bcher-kva.example").Claims("bücher.example; spf=pass"u8).ShouldBeTrue();
}
