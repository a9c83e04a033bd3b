using Postern.Cli.Configuration;
using Postern.Packaging.Manual;
using Postern.Tests.Support;

namespace Postern.Tests.Packaging;

public sealed class ConfigurationManualTests
{
    private static readonly Edition s_edition = new("0.1.0", new DateOnly(2026, 11, 25));
    private static readonly string s_page = ConfigurationManual.Write(File.ReadAllText(RepositoryRoot.Of("docs", "configuration.md")), s_edition);

    public static TheoryData<string> Keys => [.. RootSection.Keys.Walk().Select(key => key.Path)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_a_term_of_the_page(string key) =>
        s_page.Split(".TP\n").Skip(1).ShouldContain(part => part.Split('\n', 2)[0].Contains(RoffPage.Bold(key), StringComparison.Ordinal));

    [Fact]
    public void A_table_becomes_terms_with_their_defaults()
    {
        var page = ConfigurationManual.Write("# C\nIntro of `x`.\n\n## `[part]`: and more\n\n| Key | Default | What it does |\n|---|---|---|\n| `a`, `b` | `\"10m\"` | *so* long \\| short, see [jails](jails.md) |\n| `c` | | last |\n", s_edition);
        page.ShouldContain(".SH \"DESCRIPTION\"\nIntro of \\fBx\\fR.\n");
        page.ShouldContain(".SH \"[part]: AND MORE\"\n.TP\n\\fBa\\fR, \\fBb\\fR\n\\fIso\\fR long | short, see jails (default: \\fB\\(dq10m\\(dq\\fR)\n.TP\n\\fBc\\fR\nlast\n");
    }

    [Fact]
    public void No_mark_of_the_document_is_left()
    {
        s_page.ShouldNotContain("](");
        s_page.ShouldNotContain("**");
        s_page.ShouldNotContain("|---");
        s_page.Split('\n').ShouldAllBe(line => line.Length <= 200 && !line.EndsWith(' '));
    }

    [Fact]
    public void Text_is_never_taken_for_a_request()
    {
        var page = new RoffPage("x", 1, s_edition);
        page.Text(RoffPage.Escape(".forward is read 'as is' \\n"));
        page.Code([".so /etc/passwd"]);
        page.ToString().ShouldContain("\n\\&.forward is read \\(aqas is\\(aq \\en\n");
        page.ToString().ShouldContain("\n\\&.so /etc/passwd\n");
    }
}
