using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Postern.Checks.Sender;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Daemon.Metrics;
using Postern.Cli.GateReports;
using Postern.Cli.Postfix;
using Postern.Cli.Storage;
using Postern.Decisions;
using Postern.Facts;
using Postern.Gate;
using Postern.Gate.Milter;
using Postern.Gate.Policy;

namespace Postern.Cli.Daemon.Gate;

/// <summary>The gate of a run: policy server and milter, as far as the configuration wants them, over one judge.</summary>
internal sealed class GateService : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly TransactionDecider _judge;
    private readonly GateLog _events;
    private readonly GateJournal _journal;
    private readonly GateMemory? _memory;
    private readonly SessionFeed _feed;
    private readonly TimeProvider _time;
    private readonly string _hostName;
    private readonly Func<IEnumerable<string>> _senders;
    private readonly PartStarter _start;
    private readonly List<GateListener> _listeners = [];
    private string? _mailOwner;
    private IReadOnlyList<(string Service, string Address)> _places = [];
    private bool _isClosed;
    private volatile PosternOptions _options;
    private volatile SenderCheck _check;

    private GateService(PosternOptions options, string hostName, SenderCheck check, Func<ClientAddress, ClientStanding> standing, Func<IEnumerable<string>> senders, ChannelWriter<SmtpSession> sessions, ILogger log, PartStarter start, TimeProvider time, Action<string, TimeSpan> answered, byte[]? shared)
    {
        (_options, _check, _hostName, _senders, _start, _time) = (options, check, hostName, senders, start, time);
        _journal = new GateJournal(Path.GetFullPath(options.State), options.Retention, words => _events?.Trouble("gate", words), start);
        _feed = new SessionFeed(sessions, words => _events?.Trouble("milter", words), time);
        _events = new GateLog(log, _journal.Add, _feed.Add, answered);
        // Without a service there is nothing to remember.
        if (options.Policy.Listen is not null || options.Milter.Listen is not null)
        {
            var store = new GateStore(Path.Combine(Path.GetFullPath(options.State), GateStore.FileName), time);
            _memory = GateMemory.Open(store, options.Greylisting, () => _options.Retention, words => _events.Trouble("gate", words), time, start, shared);
        }

        _judge = new TransactionDecider(
            AskAsync, standing, _memory?.Book ?? new GreylistTable(options.Greylisting), _events, time, _memory?.Counts);
    }

    /// <summary>Where it listens, for the operator.</summary>
    public IReadOnlyList<ListenerStatus> Listeners =>
        [.. _places.Select(place => new ListenerStatus(place.Service, place.Address, (place.Service is "milter" ? _options.Milter : _options.Policy).Gate.Mode == GateMode.Enforce ? "enforce" : "observe"))];

    /// <summary>Who was asked to come back; null where no service does.</summary>
    public GreylistTable? Greylist => _memory?.Book;

    /// <summary>What it has counted since the start.</summary>
    public GateFigures Figures => new(_memory?.Counts.Totals ?? [], _memory?.Book.Counts ?? default, _feed.LeftOut);

    /// <summary>Opens the services that the configuration names.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="check">Tests a sender.</param>
    /// <param name="standing">What is known of a client beforehand.</param>
    /// <param name="senders">Whose mail the operator never refuses, by command.</param>
    /// <param name="sessions">Takes the sessions that the milter saw.</param>
    /// <param name="log">Where its words go.</param>
    /// <param name="start">Owns its tasks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="answered">Told which service answered, and how long it took.</param>
    /// <param name="shared">The key of greylisting that hosts have in common; null where they share nothing.</param>
    /// <returns>The gate, or why it cannot be opened, in one line.</returns>
    public static async Task<(GateService? Gate, string? Failure)> OpenAsync(
        PosternOptions options, SenderCheck check, Func<ClientAddress, ClientStanding> standing, Func<IEnumerable<string>> senders, ChannelWriter<SmtpSession> sessions, ILogger log, PartStarter start, TimeProvider time, Action<string, TimeSpan> answered, byte[]? shared = null)
    {
        var gate = new GateService(options, options.Milter.Listen is null ? "" : await HostNameAsync(), check, standing, senders, sessions, log, start, time, answered, shared);
        if (options.Policy.Listen is not null || options.Milter.Listen is not null)
        {
            gate._mailOwner = (await Postconf.AskAsync(s_patience, CancellationToken.None, "-h", "mail_owner")).Output?.Trim() is { Length: > 0 } owner ? owner : null;
        }

        if (options.Milter is { Listen.Path: null, Listen.EndPoint: not null, TrustsTcp: false })
        {
            gate._events.Trouble("milter", "sessions that come over TCP count neither towards bans nor towards protection, since any local user may speak there: listen at a Unix socket, or say trust = \"tcp\" in [milter] where only Postfix reaches the port");
        }

        if (await gate.OpenPolicyAsync() is { } failure || (failure = await gate.OpenMilterAsync()) is not null)
        {
            await gate.DisposeAsync();
            return (null, failure);
        }

        return (gate, null);
    }

    /// <summary>Takes a new configuration for what is decided from now on; where to listen, and the size of things, stay.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="check">Tests a sender, as it says.</param>
    public void Reload(PosternOptions options, SenderCheck check) => (_options, _check) = (options, check);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Twice where a stop has closed it already.
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        await Task.WhenAll(_listeners.Select(listener => listener.DisposeAsync().AsTask()));
        await _journal.DisposeAsync();
        if (_memory is not null)
        {
            await _memory.DisposeAsync();
        }
    }

    private async Task<string?> OpenPolicyAsync()
    {
        if (_options.Policy.Listen is not { } at)
        {
            return null;
        }

        var limits = new PolicyLimits();
        var decider = new PolicyResponder(_judge, PolicyOptions, _time);
        return await OpenAsync(at, "policy", limits.Connections, new PolicyServer(decider, limits, _events, _time).ServeAsync);
    }

    private GateOptions PolicyOptions() => _options.Policy.Gate with
    {
        Exempt = Exemptions(),
        AddsHeader = _options.Policy.Header ?? _options.Milter.Listen is null,
        LeavesToMessage = _options.Policy.LeaveToMilter ?? _options.Milter is { Listen: not null, Gate.Mode: GateMode.Enforce },
    };

    private GateExemptions Exemptions() => new()
    {
        Senders = [.. _options.AllowSenders, .. _senders()],
        Recipients = _options.AllowRecipients,
        FromBanned = _options.AllowRecipientsFromBanned,
    };

    private async Task<string?> OpenMilterAsync()
    {
        if (_options.Milter.Listen is not { } at)
        {
            return null;
        }

        var folder = Path.Combine(Path.GetFullPath(_options.State), "spool");
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the folder {folder} for messages under way cannot be made: {e.Message}";
        }

        var limits = new MilterLimits { Message = _options.Milter.MaxMessage };
        MilterSettings Settings() => new(_options.Milter.AuthservId ?? _hostName, _options.Milter.Gate with { Exempt = Exemptions() });
        return await OpenAsync(at, "milter", limits.Connections, new MilterServer(_judge, Settings, limits, folder, _events, _time, GateAccess.Trust(_options.Milter, _mailOwner).Includes).ServeAsync);
    }

    private async Task<string?> OpenAsync(ListenAddress at, string service, int most, Func<Stream, CancellationToken, Task> serve)
    {
        EndPoint place = at.Path is { } path ? new UnixDomainSocketEndPoint(path) : at.EndPoint!;
        var (access, fault) = GateAccess.Of(service is "milter" ? _options.Milter : _options.Policy, _mailOwner);
        if (fault is not null)
        {
            return $"the {service} socket cannot be made: {fault}";
        }

        var (listener, failure) = await GateListener.OpenAsync(place, service, most, serve, _events, _time, access, _start);
        if (listener is null)
        {
            return failure;
        }

        _listeners.Add(listener);
        _places = [.. _places, (service, at.ToString())];
        return null;
    }

    private async Task<GateAnswer?> AskAsync(GateQuestion question, CancellationToken stop)
    {
        var facts = await _check.RunAsync(new SenderQuestion { Address = question.Client, Helo = question.Helo, Sender = question.Sender, Message = question.Message }, stop);
        // Thousands of verdicts are kept for a minute: without the particulars of each test they are small.
        return new GateAnswer(new LegitimacyScorer(_options.Points).Judge(facts) with { Tests = [] }, facts.AuthenticationResults);
    }

    // The name by which Postfix calls itself; without Postfix, the host's own.
    private static async Task<string> HostNameAsync() =>
        (await Postconf.AskAsync(s_patience, CancellationToken.None, "-h", "myhostname")).Output is { } name && AllowEntry.TryParse(name.Trim()) is { Name: { } host } ? host : Environment.MachineName;
}
