using System.Text;
using Postern.Cli.GateReports;
using Postern.Engine;
using Postern.Engine.Bans;
using Postern.Engine.Ledger;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Cli.Daemon.Control;

/// <summary>
/// Finds clients by address, network, or a part of what Postfix logged of them: a name, a user, a sender. It looks into the failures of
/// the last days and the decisions on mail of the last three.
/// </summary>
/// <param name="engine">The run.</param>
/// <param name="ledger">What it has kept.</param>
/// <param name="state">The folder of the gate's journal, absolute.</param>
/// <param name="time">The clock.</param>
/// <param name="isDryRun">True where nobody is kept out.</param>
internal sealed class ClientSearch(BanEngine engine, ILedger ledger, string state, TimeProvider time, bool isDryRun)
{
    private const int MostFailures = 2000;
    private const int MostMail = 1000;
    private const int LongestLine = 300;
    private static readonly TimeSpan s_mail = TimeSpan.FromDays(3);

    /// <summary>Finds them.</summary>
    /// <param name="text">What to search for; null for the clients seen last.</param>
    /// <param name="most">So many at most.</param>
    /// <param name="cancellationToken">The asker's patience.</param>
    public async Task<ClientsReply> FindAsync(string? text, int most, CancellationToken cancellationToken)
    {
        var network = ClientNetwork.TryParse(text, out var parsed) ? parsed : (ClientNetwork?)null;
        var (failures, mail) = await Task.Run(
            () => (
                network is { } some ? ledger.FailuresOf(some, MostFailures) : ledger.FailuresWith(text, MostFailures),
                text is null ? [] : GateJournal.With(state, time.GetUtcNow() - s_mail, network is { IsSingle: true } one ? one.First.ToString() : text, MostMail, cancellationToken)),
            cancellationToken);
        var found = new Dictionary<ClientAddress, FoundClient>();
        foreach (var group in failures.GroupBy(static failure => failure.Client))
        {
            var latest = group.First();
            found[group.Key] = new FoundClient(
                group.Key.ToString(), latest.Mark.Time.IsKnown ? latest.Mark.Time.ToDateTimeOffset().ToLocalTime() : null, group.Count(),
                [.. group.Aggregate(default(BehaviourSet), static (all, one) => all.Union(one.Mark.Behaviours)).Select(static behaviour => behaviour.Id())], 0)
            {
                State = "",
                Match = network is null && text is not null ? LineWith(latest, text) : null,
            };
        }

        foreach (var group in mail.GroupBy(static entry => entry.Client, StringComparer.Ordinal))
        {
            if (!ClientAddress.TryParse(group.Key, out var client))
            {
                continue;
            }

            var (latest, count) = (group.First(), group.Count());
            var match = SafeText.Short($"{latest.Helo} {latest.Sender} {latest.Recipient}", LongestLine);
            found[client] = found.TryGetValue(client, out var known)
                ? known with { Mail = count, Last = known.Last > latest.At ? known.Last : latest.At.ToLocalTime(), Match = known.Match ?? match }
                : new FoundClient(group.Key, latest.At.ToLocalTime(), 0, [], count) { State = "", Match = match };
        }

        if (network is { } wanted && (wanted.IsSingle || found.Count == 0))
        {
            // Whoever is asked for by his address can be looked at, whatever is known of him.
            found.TryAdd(wanted.First, new FoundClient(wanted.First.ToString(), null, 0, [], 0) { State = "" });
        }

        var rows = found.OrderByDescending(static pair => pair.Value.Last ?? DateTimeOffset.MinValue).Take(most).ToList();
        return new ClientsReply
        {
            Search = text,
            More = found.Count > rows.Count,
            Clients = await engine.AskAsync((decider, _, now) => rows.ConvertAll(row => Placed(row.Key, row.Value, decider, now)), cancellationToken),
        };
    }

    private FoundClient Placed(ClientAddress address, FoundClient client, BanDecider decider, DateTimeOffset now)
    {
        var nearest = decider.Scores.Of(address, now).Where(static score => score.Jail.MaxRetry > 0).OrderByDescending(static score => score.Sum.Weight / score.Jail.MaxRetry).Take(1).ToList();
        return client with
        {
            State = decider.Book.IsBanned(address) ? (isDryRun ? "would be banned" : "banned") : decider.Protections.HeldUntil(address, now) is not null ? "protected" : "watched",
            Weight = nearest is [var score] ? Math.Round(score.Sum.Weight, 2) : null,
            Maxretry = nearest is [var jail] ? jail.Jail.MaxRetry : null,
        };
    }

    private static string? LineWith(Failure failure, string text) =>
        Encoding.Latin1.GetString(failure.Lines.Span).Split('\n').FirstOrDefault(line => line.Contains(text, StringComparison.OrdinalIgnoreCase)) is { } line ? SafeText.Short(line, LongestLine) : null;
}
