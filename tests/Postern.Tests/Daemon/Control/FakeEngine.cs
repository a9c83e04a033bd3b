using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Daemon.History;
using Postern.Cli.Daemon.Logging;
using Postern.Cli.Daemon.Metrics;
using Postern.Cli.GateReports;
using Postern.Cli.Words;
using Postern.Facts;

namespace Postern.Tests.Daemon.Control;

/// <summary>An engine that bans and pardons in memory, and knows one client whose text is hostile.</summary>
internal sealed class FakeEngine : IControlHandler
{
    public const string Hostile = "HELO \u001b[2Jevil\r\n\u202E";
    public static readonly DateTimeOffset Since = new(2026, 11, 25, 1, 0, 0, TimeSpan.FromHours(9));

    private readonly Dictionary<string, BanRow> _bans = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public List<byte[]> Notices { get; } = [];

    public List<string> Allowed { get; } = [];

    public IReadOnlyList<string> Mistakes { get; set; } = [];

    public Func<CancellationToken, Task>? OnStatus { get; set; }

    public async Task<StatusReply> StatusAsync(CancellationToken cancellationToken)
    {
        if (OnStatus is not null)
        {
            await OnStatus(cancellationToken);
        }

        return new StatusReply
        {
            Version = "1.2.3",
            Since = Since,
            Mode = "enforcing",
            Jails = [new("postfix", 7, _bans.Count)],
            Logs = [new("/var/log/mail.log", 1234, 1.5), new("journal", 0, null) { Trouble = "no permission" }],
            Firewalls = [new("nftables", "standing")],
            Listeners = [new("milter", "unix:/run/milter.sock", "observe")],
            Brake = new("holding", "refusals", Since) { Held = 3, Why = ["refusals: 9 of 10"] },
            AccountTakeovers = [new("carol\u001b[2J", Since, Since.AddHours(1), 12, ["192.0.2.0/24", "203.0.113.0/24"], 9)],
            Clients = 42,
            Troubles = ["journal: no permission"],
        };
    }

    public Task<ControlAnswer> ReleaseBrakeAsync(string? reason, IAnswerWords words, CancellationToken cancellationToken) =>
        Task.FromResult(reason is null or "refusals" ? ControlAnswer.Done("the brake let go") : ControlAnswer.No("not held"));

    public Task<BansReply> BansAsync(BanQuery query, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var bans = _bans.Where(pair => query.Network is null || string.Equals(pair.Key, query.Network.ToString(), StringComparison.Ordinal)).Select(pair => pair.Value);
            return Task.FromResult(new BansReply { Bans = [.. bans.Skip(query.Offset).Take(query.Most ?? int.MaxValue)], Total = query.Most is null ? null : _bans.Count });
        }
    }

    public Task<EventsReply> EventsAsync(long? after, CancellationToken cancellationToken) => Task.FromResult(new EventsReply
    {
        Next = (after ?? 0) + 1,
        Events = after is null ? [] : [new EventRow(Since, "session") { Number = after.Value + 1, Address = "203.0.113.9", Behaviours = ["lone-dot"] }],
    });

    public Task<ClientsReply> ClientsAsync(string? search, int most, CancellationToken cancellationToken) => Task.FromResult(new ClientsReply
    {
        Search = search,
        Clients = [new FoundClient("203.0.113.9", Since, 3, ["lone-dot"], 0) { State = "watched", Match = "helo=<script>alert(1)</script>" }],
    });

    public Task<GateReport> DecisionsAsync(int days, CancellationToken cancellationToken) => Task.FromResult(new GateReporter().Report(Since.AddDays(-days), Since, 10));

    public Task<HistoryReply?> HistoryAsync(string range, string language, CancellationToken cancellationToken) => Task.FromResult(range is not "hour" ? null : new HistoryReply
    {
        Range = range,
        From = Since,
        StepSeconds = 60,
        Series = [new HistoryLine("sessions", [1, 2, 3])],
        Names = new Dictionary<string, string>(StringComparer.Ordinal),
    });

    public Task<MetricsReply> MetricsAsync(CancellationToken cancellationToken) => Task.FromResult(new MetricsReply
    {
        Metrics = [new MetricFamily("postern_lines_read_total", "counter", null, "Lines read.") { Samples = [new(new(StringComparer.Ordinal) { ["source"] = "/var/log/mail.log" }, 1234)] }],
    });

    public List<Ban> Imported { get; } = [];

    public Task<ImportReply> ImportAsync(IReadOnlyList<Ban> bans, CancellationToken cancellationToken)
    {
        Imported.AddRange(bans);
        return Task.FromResult(new ImportReply(bans.Count, 0, 0, []));
    }

    public Task<IReadOnlyList<ControlAnswer>> BanAsync(IReadOnlyList<ClientNetwork> networks, TimeSpan? time, string? reason, IAnswerWords words, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var network in networks)
            {
                _bans[network.ToString()] = new BanRow
                {
                    Address = network.First.ToString(),
                    Network = network.ToString(),
                    Jail = Ban.OperatorJail,
                    From = Since,
                    Until = Since + (time ?? TimeSpan.FromHours(1)),
                    Reason = reason ?? "ordered",
                };
            }
        }

        return Task.FromResult<IReadOnlyList<ControlAnswer>>([.. networks.Select(network => ControlAnswer.Done(words.Banned(network, "then", isDryRun: false)))]);
    }

    public Task<IReadOnlyList<ControlAnswer>> UnbanAsync(IReadOnlyList<ClientNetwork> networks, IAnswerWords words, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<ControlAnswer>>([.. networks.Select(network => _bans.Remove(network.ToString()) ? ControlAnswer.Done("lifted") : ControlAnswer.No(words.NotBanned(network, isDryRun: false)))]);
        }
    }

    public Task<ControlAnswer> UnbanAllAsync(IAnswerWords words, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var count = _bans.Count;
            _bans.Clear();
            return Task.FromResult(count > 0 ? ControlAnswer.Done(words.AllLifted(count, isDryRun: false)) : ControlAnswer.No(words.NobodyBanned(isDryRun: false)));
        }
    }

    public Task<IReadOnlyList<ControlAnswer>> AllowAsync(IReadOnlyList<AllowEntry> entries, TimeSpan? time, IAnswerWords words, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Allowed.AddRange(entries.Select(entry => time is null ? entry.ToString() : $"{entry} for {time}"));
        }

        return Task.FromResult<IReadOnlyList<ControlAnswer>>([.. entries.Select(entry => ControlAnswer.Done(words.Allowed(entry.ToString())))]);
    }

    public Task<IReadOnlyList<ControlAnswer>> DisallowAsync(IReadOnlyList<AllowEntry> entries, IAnswerWords words, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<ControlAnswer>>([.. entries.Select(entry => Allowed.Remove(entry.ToString()) ? ControlAnswer.Done(words.Disallowed(entry.ToString())) : ControlAnswer.No(words.NotAllowed(entry.ToString())))]);
        }
    }

    public Task<AllowedReply> AllowedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(new AllowedReply { Allowed = [.. Allowed.Select(entry => new AllowedRow(entry, "command", Since, null, []))] });
        }
    }

    public Task<ControlAnswer> ReloadAsync(IAnswerWords words, CancellationToken cancellationToken) => Task.FromResult(Mistakes.Count == 0
        ? ControlAnswer.Done("read again") : ControlAnswer.Failed(words.NotReloaded, Mistakes));

    public Task<LiveExplanation> ExplainAsync(ClientAddress address, string language, CancellationToken cancellationToken) => Task.FromResult(new LiveExplanation
    {
        Address = address.ToString(),
        Network = ClientNetwork.Of(address).ToString(),
        Banned = true,
        Scores = [new("postfix", 9.5, 10)],
        Protections = [new("postfix", Since, Since.AddHours(1), "proven-sender", "mail on 5 days")],
        Standing = [new("allowed", false) { Detail = "no entry" }, new("proven-sender", true) { Detail = $"<b>5</b> days, {language}", Days = 5 }],
        Days = [new(new DateOnly(2026, 11, 24), true, false, true)],
        Mail = [new GateEntry { At = Since, Service = "policy", Action = "defer", Client = address.ToString(), Sender = "a@\u001b[2J<i>", Recipient = "b@example.org", Verdict = "unproven", Deciding = ["generic-ptr"] }],
        Checks = new ChecksReply { Verdict = "unproven", Points = -1, Explanation = "Nothing shows it.", Tests = [new("ptr", "pass", 1, "mx<script>"), new("generic-ptr", "fail", -2, "looks dynamic")] },
        Failures = [new FailureRow { Address = address.ToString(), Time = Since, Behaviours = ["lone-dot"], Weight = 1, Source = "/var/log/mail.log", Lines = [Hostile] }],
    });

    public Task<ControlAnswer> NoticeAsync(ReadOnlyMemory<byte> message, IAnswerWords words, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Notices.Add(message.ToArray());
        }

        return Task.FromResult(ControlAnswer.Done("read"));
    }

    public Task<IReadOnlyList<(string Way, string? Failure)>> TestNotificationsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<(string, string?)>>([("mail to postmaster", null), ("webhook hooks.example", "hooks.example answered 403")]);

    public Task<HostsReply> HostsAsync(CancellationToken cancellationToken) => Task.FromResult(new HostsReply { State = "off", Host = "mx1", Hosts = [] });

    public Task<TopSnapshot> TopAsync(int most, CancellationToken cancellationToken) => Task.FromResult(new TopSnapshot
    {
        At = Since,
        Mode = "enforcing",
        LinesPerSecond = 12.5,
        Rows = [new("192.0.2.9", 3, 10, 3, ["lone-dot", "blank-line"], Since, "watched")],
    });
}
