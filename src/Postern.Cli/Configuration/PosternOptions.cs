using Microsoft.Extensions.Logging;
using Postern.Checks.Sender;
using Postern.Decisions;
using Postern.Decisions.Brake;
using Postern.Decisions.Jails;
using Postern.Decisions.Persistence;
using Postern.Enforcement.BlockLists;
using Postern.Enforcement.Tables;
using Postern.Gate;

namespace Postern.Cli.Configuration;

/// <summary>The whole configuration; a reload replaces it as a whole. Each key is described in docs/configuration.md.</summary>
internal sealed record PosternOptions
{
    /// <summary>Where the configuration is looked for when no file is named.</summary>
    public const string DefaultFile = "/etc/postern/postern.toml";

    /// <summary>True for <c>mode = "dry-run"</c>: all is decided and recorded, and nobody is kept out. Default: false.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The folder of the ledger and the instance lock.</summary>
    public string State { get; init; } = "/var/lib/postern";

    /// <summary>The Unix socket over which the other commands reach <c>run</c>.</summary>
    public string Socket { get; init; } = "/run/postern/postern.sock";

    /// <summary>The socket for notices alone.</summary>
    public NoticeSettings Notices { get; init; } = new();

    /// <summary>Where that socket is.</summary>
    public string NoticeSocket => Notices.Socket ?? Path.Combine(Path.GetDirectoryName(Socket) ?? "/", "notices.sock");

    /// <summary>Who is never banned, besides this host and mynetworks.</summary>
    public IReadOnlyList<AllowEntry> Allow { get; init; } = [];

    /// <summary>Envelope senders and their domains whose mail the checks at SMTP time never refuse.</summary>
    public IReadOnlyList<string> AllowSenders { get; init; } = [];

    /// <summary>Recipients who can always be reached; default: <c>postmaster@</c> and <c>abuse@</c> of any domain.</summary>
    public IReadOnlyList<string> AllowRecipients { get; init; } = ["postmaster@", "abuse@"];

    /// <summary>Whether banned clients reach them, too, as far as they reach the server; default: false.</summary>
    public bool AllowRecipientsFromBanned { get; init; }

    /// <summary>Where Postfix's words are read; empty for the first of <c>/var/log/mail.log</c> and <c>/var/log/maillog</c> that exists, else the journal.</summary>
    public IReadOnlyList<LogSource> Logs { get; init; } = [];

    /// <summary>The built-in jail.</summary>
    public JailOptions Jail { get; init; } = new();

    /// <summary>Further jails for chosen behaviours.</summary>
    public IReadOnlyList<JailOptions> Jails { get; init; } = [];

    /// <summary>The limits of the brake.</summary>
    public BrakeOptions Brake { get; init; } = new();

    /// <summary>The firewall of nftables.</summary>
    public NftablesSettings Nftables { get; init; } = new();

    /// <summary>The firewall of the operator's own program; null where there is none.</summary>
    public CommandSettings? Command { get; init; }

    /// <summary>Files of those who are banned.</summary>
    public IReadOnlyList<AccessTableOptions> Tables { get; init; } = [];

    /// <summary>Lists of networks that are kept out, whatever they do; none by default.</summary>
    public IReadOnlyList<BlockListOptions> BlockLists { get; init; } = [];

    /// <summary>The tests of a sender: DNS, lists, trusted sealers.</summary>
    public SenderCheckOptions Checks { get; init; } = new();

    /// <summary>What each finding of the tests is worth.</summary>
    public LegitimacyPoints Points { get; init; } = LegitimacyPoints.Default;

    /// <summary>The long window of the built-in jail.</summary>
    public PersistenceOptions Persistence { get; init; } = new();

    /// <summary>The policy server.</summary>
    public ListenerSettings Policy { get; init; } = new();

    /// <summary>The milter.</summary>
    public ListenerSettings Milter { get; init; } = new();

    /// <summary>How suspects are deferred.</summary>
    public GreylistingOptions Greylisting { get; init; } = new();

    /// <summary>fail2ban's folder, whose enabled jails run here too; null for none.</summary>
    public string? Fail2Ban { get; init; }

    /// <summary>The file of events.</summary>
    public EventFileSettings Events { get; init; } = new();

    /// <summary>Mail to the operator.</summary>
    public NotifySettings Notify { get; init; } = new();

    /// <summary>Who is told by HTTP.</summary>
    public IReadOnlyList<WebhookSettings> Webhooks { get; init; } = [];

    /// <summary>Reports to abuse contacts.</summary>
    public AbuseReportSettings AbuseReports { get; init; } = new();

    /// <summary>The page for operators, of postern-web.</summary>
    public WebSettings Web { get; init; } = new();

    /// <summary>What is shared with other hosts.</summary>
    public SharingSettings Sharing { get; init; } = new();

    /// <summary>How long the ledger keeps what is over; default 90 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>What is logged: this level and graver.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>The built-in jail and the others, in that order.</summary>
    public IReadOnlyList<JailOptions> AllJails => [Jail, .. Jails];
}
