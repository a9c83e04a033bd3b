namespace Postern.Cli.Daemon.Metrics;

/// <summary>All metrics of the daemon. Their names and labels are promised: more may be added, none is renamed or removed.</summary>
internal static class MetricCatalogue
{
    // From a cached verdict to the deadline of a policy answer, and a little beyond.
    private static readonly double[] s_answer = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    // From a resolver on the same host to all tries together.
    private static readonly double[] s_query = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

    // A ban takes milliseconds, with questions to the DNS some seconds, and with the wait of the brake up to minutes.
    private static readonly double[] s_ban = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    public static MetricDefinition Build { get; } = Gauge("postern_build_info", "Always 1, with the version and the mode: enforcing, dry-run, firewall-failed or no-firewall.", "version", "mode");

    public static MetricDefinition Started { get; } = Gauge("postern_start_time_seconds", "When the daemon began, in seconds since 1970.") with { Unit = "seconds" };

    public static MetricDefinition Memory { get; } = Gauge("postern_resident_memory_bytes", "Memory of the process that is in use.") with { Unit = "bytes" };

    public static MetricDefinition ManagedMemory { get; } = Gauge("postern_managed_memory_bytes", "Memory of the objects in the heap.") with { Unit = "bytes" };

    public static MetricDefinition Processor { get; } = Counter("postern_cpu_seconds_total", "Processor time of the process, in seconds.");

    public static MetricDefinition Faults { get; } = Counter("postern_internal_errors_total", "Parts of the daemon that failed and were started again, and questions that failed by a fault of its own.");

    public static MetricDefinition Troubles { get; } = Gauge("postern_troubles", "What is wrong now, as many lines as postern status shows under troubles.");

    public static MetricDefinition LinesRead { get; } = Counter("postern_lines_read_total", "Lines read.", "source");

    public static MetricDefinition LinesUnparsed { get; } = Counter("postern_lines_unparsed_total", "Lines that seem to be of Postfix, and whose time, host and program could not be read.", "source");

    public static MetricDefinition LinesUnknown { get; } = Counter("postern_lines_unknown_total", "Lines of Postfix daemons that talk to clients, in a form that is not known.", "source");

    public static MetricDefinition SourceUp { get; } = Gauge("postern_source_up", "1 where the source can be read, else 0.", "source");

    public static MetricDefinition SourceLag { get; } = Gauge("postern_source_lag_seconds", "How old the last line was when it was read.", "source") with { Unit = "seconds" };

    public static MetricDefinition SourceRead { get; } = Gauge("postern_source_last_read_timestamp_seconds", "When lines of the source were last read, in seconds since 1970; the start of the daemon where none was.", "source") with { Unit = "seconds" };

    public static MetricDefinition Sessions { get; } = Counter("postern_sessions_total", "Sessions that have ended.");

    public static MetricDefinition Behaviours { get; } = Counter("postern_session_behaviours_total", "Sessions that have ended and showed the behaviour; a session may show several.", "behaviour");

    public static MetricDefinition Clients { get; } = Gauge("postern_clients", "Clients of which something is remembered.");

    public static MetricDefinition Bans { get; } = Counter("postern_bans_total", "Bans made, by jail and by what led most to them: a behaviour, persistence, network, filter, order or import. In a dry run those that would be made.", "jail", "reason");

    public static MetricDefinition ActiveBans { get; } = Gauge("postern_bans_active", "Active bans.", "jail");

    public static MetricDefinition Spared { get; } = Counter("postern_bans_withheld_total", "Bans that were not made, because the client is protected or the brake holds.", "reason");

    public static MetricDefinition LineToBan { get; } = Histogram("postern_line_to_ban_seconds", "From the taking of the line that led to a ban until the ban was in the firewall, with the questions to the DNS and the wait of the brake.", s_ban, "firewall");

    public static MetricDefinition BrakeReasons { get; } = Gauge("postern_brake_reasons", "For how many reasons the safety brake withholds bans now.");

    public static MetricDefinition BrakeHeld { get; } = Gauge("postern_brake_withheld_bans", "Bans that the safety brake withholds now.");

    public static MetricDefinition BrakePulls { get; } = Counter("postern_brake_pulls_total", "How often the safety brake was pulled.", "reason");

    public static MetricDefinition FirewallUp { get; } = Gauge("postern_firewall_up", "1 where the firewall takes bans (or a dry run records them), else 0.", "firewall");

    public static MetricDefinition FirewallPending { get; } = Gauge("postern_firewall_pending_changes", "Changes that wait for the firewall.", "firewall");

    public static MetricDefinition FirewallRepairs { get; } = Counter("postern_firewall_repairs_total", "What was out of step in the firewall and was put right: missing bans, foreign entries, or all of it (rebuilt).", "firewall", "kind");

    public static MetricDefinition Decisions { get; } = Counter(
        "postern_smtp_decisions_total", "Decisions of the policy server and the milter on transactions: on what they rest, what was wanted, and whether it was done.", "listener", "verdict", "action", "enforced");

    public static MetricDefinition Greylisting { get; } = Counter("postern_greylisting_total", "Senders that were asked to come back (first), came back too early, returned in time, or had done so before (known).", "outcome");

    public static MetricDefinition PolicyAnswer { get; } = Histogram("postern_policy_answer_seconds", "How long an answer of the policy server took.", s_answer);

    public static MetricDefinition MilterMessage { get; } = Histogram("postern_milter_message_seconds", "How long the milter took from the end of a message to its answer.", s_answer);

    public static MetricDefinition DnsQueries { get; } = Counter("postern_dns_queries_total", "Questions sent to the resolver; those answered from memory are not among them.", "type", "result");

    public static MetricDefinition DnsQuery { get; } = Histogram("postern_dns_query_seconds", "How long the resolver took.", s_query);

    public static MetricDefinition ListQueries { get; } = Counter(
        "postern_dns_list_queries_total", "Questions to DNS lists: listed, not_listed, error (an answer that means no listing), failed (no answer), or a test of the list.", "list", "result");

    public static MetricDefinition ListUp { get; } = Gauge("postern_dns_list_up", "1 where the DNS list is in use, 0 where it is switched off because it failed its test.", "list");

    public static MetricDefinition Queues { get; } = Gauge("postern_queue_length", "What waits for the engine: batches of lines, notices, sessions of the milter, orders.", "queue");

    public static MetricDefinition SessionsLost { get; } = Counter("postern_milter_sessions_dropped_total", "Sessions that the milter saw and the engine had no time for.");

    public static MetricDefinition SharingUp { get; } = Gauge("postern_sharing_up", "1 where the server that hosts share answers and takes changes, else 0; absent where nothing is shared.");

    public static MetricDefinition SharingHosts { get; } = Gauge("postern_sharing_hosts", "Other hosts of the site that gave a sign of life within 15 seconds.");

    public static MetricDefinition SharingPending { get; } = Gauge("postern_sharing_pending_changes", "Changes that wait to be told to the other hosts.");

    public static MetricDefinition SharingLag { get; } = Gauge("postern_sharing_lag_seconds", "How old the last change of another host was when it was taken.") with { Unit = "seconds" };

    public static MetricDefinition SharingChanges { get; } = Counter("postern_sharing_changes_total", "Changes told to other hosts (published), and changes of others that were news here (taken).", "direction");

    public static MetricDefinition SharingRefused { get; } = Counter("postern_sharing_refused_total", "Entries of the server that were refused: without a right code (forged), or beyond what a host may ask (limit).", "reason");

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        Build, Started, Memory, ManagedMemory, Processor, Faults, Troubles,
        LinesRead, LinesUnparsed, LinesUnknown, SourceUp, SourceLag, SourceRead, Queues,
        Sessions, Behaviours, Clients,
        Bans, ActiveBans, Spared, LineToBan, BrakeReasons, BrakeHeld, BrakePulls,
        FirewallUp, FirewallPending, FirewallRepairs,
        Decisions, Greylisting, PolicyAnswer, MilterMessage, SessionsLost,
        DnsQueries, DnsQuery, ListQueries, ListUp,
        SharingUp, SharingHosts, SharingPending, SharingLag, SharingChanges, SharingRefused,
    ];

    private static MetricDefinition Counter(string name, string help, params string[] labels) => new(name, MetricKind.Counter, help, labels);

    private static MetricDefinition Gauge(string name, string help, params string[] labels) => new(name, MetricKind.Gauge, help, labels);

    private static MetricDefinition Histogram(string name, string help, double[] buckets, params string[] labels) =>
        new(name, MetricKind.Histogram, help, labels) { Unit = "seconds", Buckets = buckets };
}
