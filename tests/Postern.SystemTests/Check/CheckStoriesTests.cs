using System.Diagnostics;
using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Check;

/// <summary>The built program asks real servers about every kind of sender of the stories.</summary>
public sealed class CheckStoriesTests
{
    public static TheoryData<string> Stories() => [.. StoryFile.Read().Select(s => s.Title)];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_sender_is_judged_as_a_careful_operator_would(string title)
    {
        RequireServers();
        var story = StoryFile.Read().Single(s => string.Equals(s.Title, title, StringComparison.Ordinal));
        await using var dns = await StoryDns.StartAsync(story.Records, TestContext.Current.CancellationToken);
        List<string> arguments = ["check", story.Facts["client"], "--resolver", $"127.0.0.1:{dns.Port}", "--format", "json", "--lang", "en"];
        if (story.Facts.TryGetValue("helo", out var helo))
        {
            arguments.AddRange(["--helo", helo]);
        }

        if (story.Facts.TryGetValue("sender", out var sender))
        {
            arguments.AddRange(["--sender", sender]);
        }

        var result = await PosternProgram.RunAsync(arguments);

        result.ExitCode.ShouldBeInRange(0, 1, result.Error);
        var answer = JsonDocument.Parse(result.Output).RootElement;
        var (verdict, advice) = (answer.GetProperty("verdict").GetString()!, answer.GetProperty("advice").GetString()!);
        // Being our own name is a matter of configuration, which the command line does not have.
        if (string.Equals(helo, "mx.we.example", StringComparison.Ordinal))
        {
            return;
        }

        story.Facts["verdict"].Split('|').Any(v => string.Equals(v, verdict, StringComparison.Ordinal)).ShouldBeTrue(result.Output);
        story.Facts["advice"].Split('|').Any(a => string.Equals(a, advice, StringComparison.Ordinal)).ShouldBeTrue(result.Output);
        answer.GetProperty("may_bounce").GetBoolean().ShouldBe(story.Facts.ContainsKey("bounce"), result.Output);
        result.ExitCode.ShouldBe(advice is "reject" ? 1 : 0);
    }

    [Fact]
    public async Task A_DNS_that_is_not_there_refuses_nobody_and_is_named_in_one_line()
    {
        var clock = Stopwatch.StartNew();
        var result = await PosternProgram.RunAsync(["check", "192.0.2.1", "--helo", "localhost", "--sender", "a@example.org", "--resolver", "127.0.0.1:9", "--format", "json"]);

        result.ExitCode.ShouldBe(0, result.Error);
        var answer = JsonDocument.Parse(result.Output).RootElement;
        answer.GetProperty("advice").GetString().ShouldBe("defer");
        answer.GetProperty("tests").EnumerateArray().Where(t => t.GetProperty("name").GetString() is not "helo-syntax")
            .ShouldAllBe(t => t.GetProperty("result").GetString() == "temperror" || t.GetProperty("result").GetString() == "skipped");
        result.Error.Trim().Split('\n').Length.ShouldBe(1);
        // The deadline of a check is 5 s; the rest is the start of the program on a busy machine.
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("300.1.1.1")]
    [InlineData("mail.example.org")]
    [InlineData("192.0.2.1", "--resolver", "nowhere")]
    [InlineData("192.0.2.1", "--resolver", "127.0.0.1:0")]
    [InlineData("192.0.2.1", "--message", "/nonexistent/message.eml")]
    [InlineData("192.0.2.1", "--format", "yaml")]
    public async Task Bad_arguments_get_one_clear_line(params string[] arguments)
    {
        var result = await PosternProgram.RunAsync(["check", .. arguments]);

        result.ExitCode.ShouldBe(2);
        result.Output.ShouldBeEmpty();
        result.Error.Trim().Split('\n').Length.ShouldBe(1, result.Error);
        result.Error.ShouldNotContain("   at ");
    }

    private static void RequireServers()
    {
        if (!File.Exists("/usr/sbin/nsd") || !File.Exists("/usr/sbin/unbound"))
        {
            Assert.Skip("needs the Debian packages nsd and unbound");
        }
    }
}
