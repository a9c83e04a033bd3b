using Postern.Cli.Configuration;
using Postern.Enforcement.Tables;

namespace Postern.Tests.Configuration;

/// <summary><c>[[table]]</c>: what is read, and what is told of a mistake.</summary>
public sealed class TableSectionTests
{
    [Fact]
    public void Tables_are_read_in_their_order()
    {
        var config = ConfigLoader.Parse("[[table]]\npath = \"/a\"\n[[table]]\npath = \"/b\"\nform = \"smtpd\"\nanswer = \"521 5.7.1 No\"\n[[table]]\npath = \"/c\"\nform = \"list\"\n", "a.toml");
        config.Mistakes.ShouldBeEmpty();
        config.Options.Tables.Select(table => (table.Path, table.Form)).ShouldBe([("/a", AccessTableForm.Postscreen), ("/b", AccessTableForm.Smtpd), ("/c", AccessTableForm.List)]);
        config.Options.Tables[1].Answer.ShouldBe("521 5.7.1 No");
    }

    [Theory]
    [InlineData("[[table]]\nform = \"list\"\n", "needs a path")]
    [InlineData("[[table]]\npath = \"x\"\n", "path")]
    [InlineData("[[table]]\npath = \"/a\"\n[[table]]\npath = \"/a\"\n", "is the file of another table")]
    [InlineData("[[table]]\npath = \"/a\"\nform = \"hash\"\n", "form")]
    [InlineData("[[table]]\npath = \"/a\"\nanswer = \"OK\"\n", "no reply of SMTP")]
    [InlineData("[[table]]\npath = \"/a\"\nanswer = \"250 2.0.0 Ok\"\n", "no reply of SMTP")]
    [InlineData("[[table]]\npath = \"/a\"\nanswer = \"421 a\\n0.0.0.0/0 OK\"\n", "no reply of SMTP")]
    public void A_mistake_is_told(string text, string expected) =>
        ConfigLoader.Parse(text, "a.toml").Mistakes.ShouldContain(mistake => mistake.ToString().Contains(expected, StringComparison.Ordinal));
}
