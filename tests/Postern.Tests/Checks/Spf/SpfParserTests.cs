using FsCheck.Xunit;
using Postern.Checks.Spf;

namespace Postern.Tests.Checks.Spf;

public sealed class SpfParserTests
{
    private static readonly string[] s_pieces =
    [
        " ", "+", "-", "~", "?", "all", "include:", "a", "a:", "mx", "mx:", "ptr", "ip4:", "ip6:", "exists:", "redirect=", "exp=", "x=",
        "192.0.2.1", "2001:db8::", "/24", "//64", "/", "%{d}", "%{ir}", "%{l1r-}", "%{", "}", "%", "%%", ".", "example.org", "org", "\x7f", "=", ":",
    ];

    [Property(MaxTest = 2000)]
    public void Any_text_is_a_policy_or_a_problem(int[] choices)
    {
        var record = "v=spf1 " + string.Concat((choices ?? []).Select(choice => s_pieces[(choice & int.MaxValue) % s_pieces.Length]));
        var policy = SpfParser.Parse(record);
        (policy.Problem is null || policy.Terms.IsEmpty).ShouldBeTrue();
        foreach (var term in policy.Terms)
        {
            policy.Written(term).ShouldNotContain(' ');
            policy.Written(term).ShouldNotBeEmpty();
        }
    }

    [Property]
    public void Any_text_can_be_shown_to_an_operator(string text) =>
        SpfNames.Quote(text ?? "").ShouldAllBe(c => c >= ' ' && c <= '~');

    [Theory]
    [InlineData("v=spf1", true)]
    [InlineData("V=sPf1 -all", true)]
    [InlineData("v=spf10", false)]
    [InlineData("v=spf1\t-all", false)]
    [InlineData("v=spf", false)]
    [InlineData("", false)]
    public void A_record_begins_with_the_version_and_a_blank(string text, bool isRecord) => SpfParser.IsRecord(text).ShouldBe(isRecord);

    [Fact]
    public void A_parsed_policy_is_kept_and_the_keeping_is_bounded()
    {
        var cache = new SpfPolicyCache(characters: 64);
        var first = cache.Get("v=spf1 -all");
        cache.Get("v=spf1 -all").ShouldBeSameAs(first);
        for (var i = 0; i < 20; i++)
        {
            cache.Get($"v=spf1 ip4:192.0.2.{i} -all").Problem.ShouldBeNull();
        }

        cache.Get("v=spf1 -all").ShouldNotBeSameAs(first);
    }
}
