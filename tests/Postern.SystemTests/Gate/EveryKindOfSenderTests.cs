using System.Text.Json;
using Postern.SystemTests.Check;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>Every kind of sender that <c>check</c> is tested with comes to a real Postfix, by each service, and fares as <c>check</c> advises.</summary>
[Collection(EnforcingServer.Name)]
public sealed class EveryKindOfSenderTests(EnforcingServer fixture) : IDisposable
{
    private const int AtOnce = 6;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly SignedMessage _signer = new();

    private enum Fate
    {
        Accepted,
        Deferred,
        Refused,
    }

    public void Dispose() => _signer.Dispose();

    [Fact]
    public async Task Each_is_accepted_deferred_or_refused_in_the_session_and_nothing_is_bounced()
    {
        if (!File.Exists("/usr/sbin/nsd") || !SignedMessage.CanSign)
        {
            Assert.Skip("needs the Debian packages nsd, openssl and python3-dkim");
        }

        var ct = TestContext.Current.CancellationToken;
        var house = await fixture.OpenAsync(ct);
        var fates = new List<(Fate Fate, string Story)>();
        try
        {
            foreach (var round in SenderStory.Rounds(SenderStory.All(_signer)))
            {
                await using var dns = await StoryDns.StartAsync(string.Join('\n', round.Select(story => story.Records).Distinct(StringComparer.Ordinal)), ct, house.Server);
                await house.AskDnsAsync(dns.Port, ct, string.Join(", ", round.Select(story => story.Helo).Where(helo => helo.StartsWith("mx.we.", StringComparison.Ordinal)).Select(helo => $"\"{helo}\"")));
                await Parallel.ForEachAsync(round, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (story, _) =>
                {
                    var told = await TellAsync(house, story, ct);
                    lock (fates)
                    {
                        fates.AddRange(told.Select(fate => (fate, story.Title)));
                    }
                });
            }
        }
        finally
        {
            await house.AskDnsAsync(53, ct);
        }

        foreach (var fate in Enum.GetValues<Fate>())
        {
            fates.Count(told => told.Fate == fate).ShouldBeGreaterThan(10, fate.ToString());
        }

        await house.NothingWasBouncedAsync(ct);
        (await house.MailAsync(ct)).ShouldNotContain("a home line with a stolen name");
    }

    private static async Task<List<Fate>> TellAsync(EnforcingServer house, SenderStory story, CancellationToken ct)
    {
        var envelope = await FateAsync(house, story, null, ct);
        var message = await FateAsync(house, story, story.Content, ct);
        var fates = new List<Fate>();
        foreach (var service in GateEntrance.All)
        {
            // What the envelope decides is decided before the message comes.
            var expected = service is { HasPolicy: true, HasMilter: false } || (service.HasPolicy && envelope != Fate.Accepted) ? envelope : message;
            var refusal = service.HasPolicy && envelope != Fate.Accepted ? service : service with { HasPolicy = false };
            using var s = await house.ConnectAsync(story.Client, service, ct);
            var reply = await EnforcingServer.SendAsync(s, service, story.Helo, story.Sender, story.Content);
            reply.ShouldStartWith(expected switch { Fate.Accepted => "250 ", Fate.Deferred => refusal.Greylisting, _ => refusal.Refusal }, Case.Sensitive, $"{story.Title}, {service.Name}: {s.Transcript}");
            fates.Add(expected);
            if (expected == Fate.Deferred)
            {
                await ComeBackAsync(house, story, service, envelope, message, ct);
            }
        }

        return fates;
    }

    // As a genuine server does: the same answer until the time has come, then it is let through, unless its message is refused.
    private static async Task ComeBackAsync(EnforcingServer house, SenderStory story, GateEntrance service, Fate envelope, Fate message, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var end = service.HasMilter && envelope == Fate.Deferred && message == Fate.Refused ? (service with { HasPolicy = false }).Refusal : "250 ";
        while (true)
        {
            using var s = await house.ConnectAsync(story.Client, service, ct);
            var reply = await EnforcingServer.SendAsync(s, service, story.Helo, story.Sender, story.Content);
            if (reply.StartsWith(end, StringComparison.Ordinal))
            {
                return;
            }

            reply.ShouldStartWith("4", Case.Sensitive, $"{story.Title}, {service.Name}: {s.Transcript}");
            (TimeProvider.System.GetElapsedTime(began) < s_patience).ShouldBeTrue($"{story.Title}, {service.Name}: {s.Transcript}");
            await Task.Delay(TimeSpan.FromMilliseconds(300), ct);
        }
    }

    private static async Task<Fate> FateAsync(EnforcingServer house, SenderStory story, string? content, CancellationToken ct)
    {
        var file = Path.GetTempFileName();
        try
        {
            if (content is not null)
            {
                await File.WriteAllTextAsync(file, content.Replace("\r\n..", "\r\n.", StringComparison.Ordinal) + "\r\n", System.Text.Encoding.Latin1, ct);
            }

            string[] command =
            [
                "ip", "netns", "exec", house.Server, PosternProgram.Path, "check", story.Client, "--helo", story.Helo, "--sender", story.Sender.Length > 0 ? story.Sender : "<>",
                "--config", house.Postern.Config, "--format", "json", .. content is null ? (string[])[] : ["--message", file],
            ];
            var result = await Command.RunAsync(command, s_patience, cancellationToken: ct);
            result.ExitCode.ShouldBeInRange(0, 1, result.Error);
            var answer = JsonDocument.Parse(result.Output).RootElement;
            // Where only the DNS's silence speaks against a sender, nobody waits for it.
            var isTrouble = answer.GetProperty("verdict").GetString() is "unproven" or "genuine" && answer.GetProperty("points").GetDouble() >= 0
                && answer.GetProperty("tests").EnumerateArray().Any(test => test.GetProperty("result").GetString() is "temperror");
            return answer.GetProperty("advice").GetString() switch
            {
                "reject" => Fate.Refused,
                "defer" when !isTrouble => Fate.Deferred,
                _ => Fate.Accepted,
            };
        }
        finally
        {
            File.Delete(file);
        }
    }
}
