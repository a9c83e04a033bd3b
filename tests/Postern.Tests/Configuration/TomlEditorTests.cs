using Postern.Cli.Configuration;

namespace Postern.Tests.Configuration;

/// <summary>Settings are added in whatever form a file has its tables, and nothing that is there changes.</summary>
public sealed class TomlEditorTests
{
    public static TheoryData<string, string, string, string, string> Files => new()
    {
        { "", "", "mode", "\"dry-run\"", "mode = \"dry-run\"\n" },
        { "", "dns", "retries", "2", "[dns]\nretries = 2\n" },
        { "# What this is.\n# More of it.\n\n#state = 1\n", "", "mode", "\"dry-run\"", "# What this is.\n# More of it.\n\nmode = \"dry-run\"\n\n#state = 1\n" },
        { "retention = \"9d\" # kept\n\n[dns]\nretries = 1\n", "", "mode", "\"dry-run\"", "retention = \"9d\" # kept\nmode = \"dry-run\"\n\n[dns]\nretries = 1\n" },
        { "# About DNS.\n[dns]\nretries = 1\n", "", "mode", "\"dry-run\"", "mode = \"dry-run\"\n\n# About DNS.\n[dns]\nretries = 1\n" },
        { "[dns] # ours\nretries = 1 # few\n# the end\n\n[jail]\nmaxretry = 5\n", "dns", "timeout", "\"3s\"", "[dns] # ours\nretries = 1 # few\ntimeout = \"3s\"\n# the end\n\n[jail]\nmaxretry = 5\n" },
        { "[ dns ]\n\n[jail]\n", "dns", "timeout", "\"3s\"", "[ dns ]\ntimeout = \"3s\"\n\n[jail]\n" },
        { "[\"dns\"]\nretries = 1", "dns", "timeout", "\"3s\"", "[\"dns\"]\nretries = 1\ntimeout = \"3s\"\n" },
        { "dns = { retries = 1 }\n", "dns", "timeout", "\"3s\"", "dns = { retries = 1, timeout = \"3s\" }\n" },
        { "dns = {}\n", "dns", "timeout", "\"3s\"", "dns = { timeout = \"3s\" }\n" },
        { "dns.retries = 1\nretention = \"9d\"\n", "dns", "timeout", "\"3s\"", "dns.retries = 1\ndns.timeout = \"3s\"\nretention = \"9d\"\n" },
        { "[dns]\r\nretries = 1\r\n", "dns", "timeout", "\"3s\"", "[dns]\r\nretries = 1\r\ntimeout = \"3s\"\r\n" },
        { "[jail.weights]\nlone-dot = 2\n", "jail", "maxretry", "5", "[jail.weights]\nlone-dot = 2\n\n[jail]\nmaxretry = 5\n" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_missing_key_is_added(string text, string table, string key, string value, string expected)
    {
        var edited = TomlEditor.Add(text, table, key, value);
        edited.ShouldBe(expected);
        ConfigLoader.Parse(edited, "f").Mistakes.ShouldBeEmpty();
        TomlEditor.Add(edited, table, key, "\"another\"").ShouldBe(edited);
    }

    [Theory]
    [InlineData("", "[[logs]]\npath = \"/b\"\n")]
    [InlineData("[[logs]]\npath = \"/a\" # the first\n", "[[logs]]\npath = \"/a\" # the first\n\n[[logs]]\npath = \"/b\"\n")]
    [InlineData("logs = []\n", "logs = [ { path = \"/b\" } ]\n")]
    [InlineData("logs = [{ path = \"/a\" }]\n", "logs = [{ path = \"/a\" }, { path = \"/b\" } ]\n")]
    [InlineData("logs = [\n  { path = \"/a\" },\n]\n", "logs = [\n  { path = \"/a\" }, { path = \"/b\" }\n]\n")]
    [InlineData("logs = [\n  { path = \"/a\" } # old\n]\n", "logs = [\n  { path = \"/a\" } # old\n, { path = \"/b\" }\n]\n")]
    public void An_item_is_added_to_a_list(string text, string expected)
    {
        var edited = TomlEditor.AddItem(text, "logs", "path = \"/b\"");
        ConfigLoader.Parse(edited, "f").Mistakes.ShouldBeEmpty(edited);
        ConfigLoader.Parse(edited, "f").Options.Logs[^1].Path.ShouldBe("/b");
        edited.ShouldBe(expected);
    }

    [Fact]
    public void A_text_is_quoted() => TomlEditor.Text("a\"b\\c\n").ShouldBe("\"a\\\"b\\\\c\\u000A\"");
}
