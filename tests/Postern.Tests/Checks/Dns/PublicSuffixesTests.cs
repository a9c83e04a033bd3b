using Postern.Checks.Dns;

namespace Postern.Tests.Checks.Dns;

public class PublicSuffixesTests
{
    private static readonly PublicSuffixes s_list = PublicSuffixes.Parse(
        ["// a comment", "", "com", "uk", "co.uk", "*.ck", "!www.ck", "jp", "*.kobe.jp", "!city.kobe.jp", "github.io", "公司.cn and a remark"]);

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("A.B.Example.COM.", "example.com")]
    [InlineData("mail.example.co.uk", "example.co.uk")]
    [InlineData("a.b.c.ck", "b.c.ck")]
    [InlineData("mail.www.ck", "www.ck")]
    [InlineData("x.city.kobe.jp", "city.kobe.jp")]
    [InlineData("x.y.z.kobe.jp", "y.z.kobe.jp")]
    [InlineData("user.github.io", "user.github.io")]
    [InlineData("a.example.unknown", "example.unknown")]
    [InlineData("a.b.xn--55qx5d.cn", "b.xn--55qx5d.cn")]
    public void A_registered_domain_is_the_suffix_and_a_label(string name, string domain) => s_list.RegisteredDomain(name).ShouldBe(domain);

    [Theory]
    [InlineData("com")]
    [InlineData("co.uk")]
    [InlineData("b.ck")]
    [InlineData("z.kobe.jp")]
    [InlineData("github.io")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".com")]
    [InlineData("a..com")]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("[192.0.2.1]")]
    public void A_suffix_an_address_or_no_name_has_none(string name) => s_list.RegisteredDomain(name).ShouldBeNull();

    [Theory]
    [InlineData("com", true)]
    [InlineData("co.uk", true)]
    [InlineData("b.ck", true)]
    [InlineData("www.ck", false)]
    [InlineData("city.kobe.jp", false)]
    [InlineData("example.com", false)]
    [InlineData("", false)]
    public void Nobody_owns_a_suffix(string name, bool isSuffix) => s_list.IsPublicSuffix(name).ShouldBe(isSuffix);

    [Fact]
    public void Without_the_system_s_file_the_program_s_own_list_holds()
    {
        var list = PublicSuffixes.Load("/nonexistent/list.dat");

        list.RegisteredDomain("mail.example.co.jp").ShouldBe("example.co.jp");
        list.RegisteredDomain("mail.example.toyonaka.osaka.jp").ShouldBe("example.toyonaka.osaka.jp");
        list.RegisteredDomain("mail.example.org").ShouldBe("example.org");
        list.Date!.Value.ShouldBeGreaterThan(new DateOnly(2026, 1, 1));
    }

    [Theory]
    [InlineData("// VERSION: 2098-01-31_00-00-00_UTC\n\ncom\nnewer\n")]
    [InlineData("// VERSION: 2020-01-31_00-00-00_UTC\n\ncom\nnewer\n")]
    [InlineData("")]
    public void The_newer_list_is_used(string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            var list = PublicSuffixes.Load(path);

            list.RegisteredDomain("mail.example.co.jp").ShouldBe(text.Contains("2098", StringComparison.Ordinal) ? "co.jp" : "example.co.jp");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_provider_s_customers_are_owners_of_their_own_and_yet_its_names()
    {
        var list = PublicSuffixes.Load("/nonexistent/list.dat");

        list.RegisteredDomain("203-0-113-201.ip.linodeusercontent.com").ShouldBe("203-0-113-201.ip.linodeusercontent.com");
        list.RegistryDomain("203-0-113-201.ip.linodeusercontent.com").ShouldBe("linodeusercontent.com");
    }

    [Fact]
    public void A_label_that_stands_for_nothing_hides_no_rule() => s_list.RegisteredDomain("xn--zzz999.b.xn--55qx5d.cn").ShouldBe("b.xn--55qx5d.cn");
}
