using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Decisions.Brake;
using Postern.Enforcement;
using Postern.Engine;
using Postern.Engine.Bans;
using Postern.Engine.Protection;
using Postern.Engine.Supervision;
using Postern.Facts;
using Postern.Tests.Enforcement;
using Postern.Tests.Engine;

namespace Postern.Tests.Day;

/// <summary>A log through the engine of `run`, as its lines would come in: the clock goes with them.</summary>
internal static class DayRun
{
    private const int Step = 5;

    /// <summary>What the engine did with the log.</summary>
    /// <param name="Bans">The bans, in order.</param>
    /// <param name="Spared">The bans that were not made.</param>
    /// <param name="Brakes">When the brake was pulled or let go.</param>
    public sealed record Outcome(IReadOnlyList<Ban> Bans, IReadOnlyList<SuppressedBan> Spared, IReadOnlyList<(DateTimeOffset At, BrakeChange Change)> Brakes)
    {
        /// <summary>Those whom a ban covers, each with its part and the ban's reason.</summary>
        public List<string> Banned(DayLog day, bool isGenuine) =>
            [.. day.Parts.Where(pair => pair.Value.IsGenuine == isGenuine).SelectMany(pair => First(pair.Key) is { } ban ? [$"{pair.Key} {pair.Value.Name}: {ban.Network} {ban.From:HH:mm:ss} {ban.Reason}"] : (string[])[])];

        /// <summary>The attackers whom no ban covers.</summary>
        public List<string> Missed(DayLog day) => [.. day.Parts.Where(pair => !pair.Value.IsGenuine && First(pair.Key) is null).Select(pair => $"{pair.Key} {pair.Value.Name}")];

        /// <summary>How long a reason was held.</summary>
        public TimeSpan Held(string reason)
        {
            var held = TimeSpan.Zero;
            foreach (var (at, change) in Brakes.Where(brake => string.Equals(brake.Change.Hold.Reason, reason, StringComparison.Ordinal) && brake.Change.IsReleased))
            {
                held += at - change.Hold.Since;
            }

            return held;
        }

        private Ban? First(string address) => ClientAddress.TryParse(address, out var client) ? Bans.FirstOrDefault(ban => ban.Network.Contains(client)) : null;
    }

    /// <summary>Runs the day.</summary>
    /// <param name="day">The day.</param>
    /// <param name="history">What is known of the days before; nothing on a first day.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="from">The second of the day at which the server starts.</param>
    /// <param name="to">The second of the day at which it ends.</param>
    public static async Task<Outcome> RunAsync(DayLog day, IReadOnlyList<SenderDay> history, CancellationToken stop, double from = 0, double to = 86400)
    {
        var time = new FakeTimeProvider(DayLog.Midnight.AddSeconds(from));
        using var ledger = new ScriptedLedger();
        ledger.State = ledger.State with { Days = history };
        var events = new Events(time);
        await using var firewall = new ScriptedFirewall();
        var bans = new StandingBans();
        await using var engine = new BanEngine(
            new BanEngineOptions(), ledger, bans, [new FirewallSynchronizer(firewall, () => bans.Entries(null), time, _ => { }, TimeSpan.FromHours(48))], null, time, events);
        await engine.OpenAsync(_ => Task.FromResult(new ProtectedNetworks()), stop);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var run = Task.Run(() => engine.RunAsync(end.Token), stop);
        var offset = 0L;
        foreach (var (until, lines) in Batches(day.Lines(from, to)))
        {
            // Timers wake the engine as the clock goes on; it goes on with the lines, and never back.
            time.SetUtcNow(DayLog.Midnight.AddSeconds(until));
            var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await engine.Lines.WriteAsync(
                new LineBatch
                {
                    Source = "mail.log",
                    Lines = lines,
                    Start = new SourcePosition("mail.log", 1, offset),
                    End = new SourcePosition("mail.log", 1, offset += lines.Length),
                    Year = DayLog.Midnight.Year,
                    IsLive = true,
                    Done = taken.SetResult,
                },
                stop);
            await Task.WhenAny(taken.Task, run).WaitAsync(TimeSpan.FromSeconds(30), stop);
            if (run.IsCompleted)
            {
                await run;
            }
        }

        await engine.AskAsync((_, _, _) => true, stop);
        await end.CancelAsync();
        await run;
        return new Outcome(ledger.Bans, events.Spare, events.Brakes);
    }

    private static IEnumerable<(int Until, byte[] Lines)> Batches(List<(int Second, string Line)> lines)
    {
        foreach (var step in lines.GroupBy(line => line.Second / Step))
        {
            yield return ((step.Key + 1) * Step, Encoding.Latin1.GetBytes(string.Concat(step.Select(line => line.Line))));
        }
    }

    private sealed class Events(FakeTimeProvider time) : IBanEngineEvents
    {
        public List<(DateTimeOffset At, BrakeChange Change)> Brakes { get; } = [];

        public List<SuppressedBan> Spare { get; } = [];

        public void Banned(Ban ban)
        {
        }

        public void TakenOver(AccountTakeover takeover)
        {
        }

        public void Spared(SuppressedBan suppressed) => Spare.Add(suppressed);

        public void Refused(string jail, string named, ClientAddress sender, string line)
        {
        }

        public void Failed(PartFault fault) => Assert.Fail(fault.Exception.ToString());

        public void Braked(BrakeChange change, int bans) => Brakes.Add((time.GetUtcNow(), change));

        public void NotBannable(string jail, string id)
        {
        }

        public void LedgerTrouble(string? message)
        {
        }

        public void LedgerSetAside(string path)
        {
        }
    }
}
