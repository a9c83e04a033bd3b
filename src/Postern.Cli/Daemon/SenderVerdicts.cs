using Postern.Checks.Sender;
using Postern.Decisions;
using Postern.Facts;

namespace Postern.Cli.Daemon;

/// <summary>Asks the DNS whether a client that is about to be banned is a genuine sender.</summary>
internal static class SenderVerdicts
{
    /// <summary>The question, as the engine asks it: the client, its HELO name, and an envelope sender to tie to it or null.</summary>
    /// <param name="check">The tests.</param>
    /// <param name="points">What their results are worth.</param>
    public static Func<ClientAddress, string?, string?, CancellationToken, Task<SenderVerdict?>> Ask(SenderCheck check, LegitimacyPoints points) => async (client, helo, sender, stop) =>
    {
        var judge = new LegitimacyScorer(points);
        var verdict = judge.Judge(await check.RunAsync(new SenderQuestion { Address = client, Helo = helo }, stop));
        if (sender is null)
        {
            return verdict;
        }

        // The client itself is judged without it: a forwarder is none the worse for somebody else's sender.
        var tied = judge.Judge(await check.RunAsync(new SenderQuestion { Address = client, Helo = helo, Sender = sender }, stop));
        return verdict with { Tests = [.. verdict.Tests.Where(test => test.Name is not "spf-mailfrom"), .. tied.Tests.Where(test => test.Name is "spf-mailfrom")] };
    };
}
