using System.Text.Json;
using Postern.SystemTests.Captures;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Explain;

/// <summary>What <c>replay</c> says of a log is what a run did that followed it as Postfix wrote it.</summary>
public sealed class ReplayTests(CaptureLibrary captures)
{
    [Theory]
    [InlineData(Setup.Current)]
    [InlineData(Setup.OlderReply)]
    [InlineData(Setup.Postscreen)]
    public async Task The_bans_of_a_replay_are_those_of_the_run(Setup setup)
    {
        var capture = await captures.Get(setup);
        var reply = (await PosternProgram.RunAsync(["replay", "--format", "json", capture.Log])).OrThrow("postern replay");
        using var document = JsonDocument.Parse(reply.Output);
        var bans = document.RootElement.GetProperty("bans").EnumerateArray().Select(ban => ban.GetProperty("network").GetString()!);
        capture.LiveBans.ShouldNotBeEmpty();
        bans.Order(StringComparer.Ordinal).ShouldBe(capture.LiveBans);
    }
}
