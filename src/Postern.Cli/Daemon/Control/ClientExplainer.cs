using Postern.Cli.GateReports;
using Postern.Cli.Words;
using Postern.Decisions;
using Postern.Decisions.Protection;
using Postern.Engine;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Cli.Daemon.Control;

/// <summary>
/// Gathers all that is known of one client: what it did, its days, what policy server and milter decided, what the DNS says of it,
/// and each protection with the reason why it holds or does not.
/// </summary>
/// <param name="engine">The run.</param>
/// <param name="ledger">What it has kept.</param>
/// <param name="state">The folder of the gate's journal.</param>
/// <param name="check">Asks the DNS of a client, its HELO name and an envelope sender or null.</param>
/// <param name="time">The clock.</param>
/// <param name="isDryRun">True where nobody is kept out.</param>
internal sealed class ClientExplainer(
    BanEngine engine, ILedger ledger, string state, Func<ClientAddress, string?, string?, CancellationToken, Task<SenderVerdict?>> check, TimeProvider time, bool isDryRun)
{
    private const int MostRows = 200;
    private const int MostMail = 50;
    private const int DaysBack = 14;

    // Whoever asks waits; no answer by then is none.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Explains a client.</summary>
    /// <param name="address">Who.</param>
    /// <param name="language">The code of the language of its sentences.</param>
    /// <param name="cancellationToken">The asker's patience.</param>
    public async Task<LiveExplanation> ExplainAsync(ClientAddress address, string language, CancellationToken cancellationToken)
    {
        var network = address.IsIPv4 ? ClientNetwork.Of(address) : ClientNetwork.Of(address, 64);
        var (failures, bans, spared) = (ledger.FailuresOf(network, MostRows), ledger.BansOf(network, MostRows), ledger.SuppressedOf(network, MostRows));
        var mail = GateJournal.Of(state, time.GetUtcNow().AddDays(-DaysBack), address.ToString(), MostMail);
        var (reply, facts, days) = await engine.AskAsync(
            (decider, _, now) => (
                new LiveExplanation
                {
                    Address = address.ToString(),
                    Network = network.ToString(),
                    OwnHost = decider.Protections.IsOwn(address),
                    Banned = decider.Book.IsBanned(address),
                    DryRun = isDryRun,
                    Scores = [.. decider.Scores.Of(address, now).Select(score => new JailScore(score.Jail.Name, Math.Round(score.Sum.Weight, 2), score.Jail.MaxRetry))],
                    Bans = [.. bans.Select(ClientRows.Of)],
                    Protections = [.. spared.Select(one => new ProtectionRow(one.Jail, one.At.ToLocalTime(), one.Until.ToLocalTime(), ClientRows.Id(one.Reason), one.Detail))],
                    Failures = [.. failures.Select(failure => ClientRows.Of(failure, decider.Jails[0]))],
                },
                decider.Protections.FactsOf(address, decider.Jails[0].Name, now, now),
                decider.Protections.Senders.DaysOf(address)),
            cancellationToken);
        var verdict = facts.IsChecked || reply.OwnHost ? facts.Verdict : await AskAsync(address, mail.FirstOrDefault(static entry => entry.Helo is not null)?.Helo, cancellationToken);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return reply with
        {
            Days = [.. days.Where(day => day.Day > today.AddDays(-DaysBack)).OrderByDescending(static day => day.Day).Select(static day => new DayRow(day.Day, day.Delivered, day.Hostile, day.LoggedIn))],
            Mail = mail,
            Checks = verdict is null ? null : Row(verdict, language),
            Standing = [.. ProtectionStanding.Of(facts.IsChecked || verdict is null ? facts : facts.With(verdict), today).Select(row => row with { Detail = Words(language).Protection(row) })],
        };
    }

    private async Task<SenderVerdict?> AskAsync(ClientAddress address, string? helo, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await check(address, helo, null, both.Token).WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static IAnswerWords Words(string language) => Catalogue.For(language).Answers;

    private static ChecksReply Row(SenderVerdict verdict, string language) => new()
    {
        Verdict = verdict.Legitimacy.ToString().ToLowerInvariant(),
        Points = verdict.Points,
        Explanation = LegitimacyExplanation.Write(verdict, language),
        Tests =
        [
            .. verdict.Tests.Where(static test => test.Result != TestResult.Skipped)
                .Select(test => new CheckRow(test.Name, test.Result.ToString().ToLowerInvariant(), test.Points, LegitimacyExplanation.Describe(test, language))),
        ],
    };
}
