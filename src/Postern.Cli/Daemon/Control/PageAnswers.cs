using Postern.Cli.Daemon.History;
using Postern.Cli.Daemon.Logging;
using Postern.Cli.GateReports;
using Postern.Engine;

namespace Postern.Cli.Daemon.Control;

/// <summary>Answers what is asked of many: the bans by pages, what happens, the decisions on mail, numbers over time.</summary>
/// <param name="engine">The run.</param>
/// <param name="search">Finds clients.</param>
/// <param name="recent">What happened lately.</param>
/// <param name="history">Numbers over time.</param>
/// <param name="state">The folder of the gate's journal, absolute.</param>
/// <param name="host">This host's name among those that share.</param>
/// <param name="time">The clock.</param>
/// <param name="isDryRun">True where nobody is kept out.</param>
internal sealed class PageAnswers(
    BanEngine engine, ClientSearch search, RecentEvents recent, HistoryRecorder history, string state, Func<string> host, TimeProvider time, bool isDryRun)
{
    private const int MostSenders = 200;

    // Shorter than the deadline of an answer, and than what closes idle connections on the way.
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(25);

    /// <summary>The active bans.</summary>
    public async Task<BansReply> BansAsync(BanQuery query, CancellationToken cancellationToken)
    {
        var bans = await engine.AskAsync(
            (decider, _, _) => decider.Book.Standing.Where(ban => query.Network is not { } some || ban.Network.Contains(some) || some.Contains(ban.Network)).ToArray(), cancellationToken);
        if (query.Text is { } text)
        {
            bans = Array.FindAll(bans, ban => Has(ban.Network.ToString(), text) || Has(ban.Jail, text) || Has(ban.Reason, text));
        }

        Array.Sort(bans, query.IsNewestFirst ? static (a, b) => b.From.CompareTo(a.From) : static (a, b) => a.Until.CompareTo(b.Until));
        var page = query.Most is null && query.Offset == 0 ? bans : [.. bans.Skip(query.Offset).Take(query.Most ?? int.MaxValue)];
        var held = await engine.AskAsync((decider, _, now) => Array.ConvertAll(page, ban => decider.Protections.HeldUntil(ban.Client, now)), cancellationToken);
        var own = host();
        return new BansReply
        {
            DryRun = isDryRun,
            Host = own,
            Total = query.Most is null ? null : bans.Length,
            Bans = new ReplyRows<BanRow>(page.Length, i => ClientRows.Of(page[i]) with { DryRun = isDryRun, ProtectedUntil = held[i], Host = page[i].Host ?? own }),
        };
    }

    /// <summary>What happens after an event; waits for it.</summary>
    public async Task<EventsReply> EventsAsync(long? after, CancellationToken cancellationToken)
    {
        var (events, lost, next) = await recent.AfterAsync(after, s_wait, cancellationToken);
        return new EventsReply { Next = next, Lost = lost, Events = events };
    }

    /// <summary>The clients that a text fits.</summary>
    public Task<ClientsReply> ClientsAsync(string? text, int most, CancellationToken cancellationToken) => search.FindAsync(text, most, cancellationToken);

    /// <summary>What the checks at SMTP time decided. Read beside the run: days of a flood take a moment.</summary>
    public Task<GateReport> DecisionsAsync(int days, CancellationToken cancellationToken) =>
        Task.Run(() => GateReporter.Read(state, time.GetLocalNow(), days, MostSenders, cancellationToken), cancellationToken);

    /// <summary>Numbers over time.</summary>
    public Task<HistoryReply?> HistoryAsync(string range, string language, CancellationToken cancellationToken) => history.ReadAsync(range, language, cancellationToken);

    private static bool Has(string part, string text) => part.Contains(text, StringComparison.OrdinalIgnoreCase);
}
