using Postern.Classification.Behaviours;
using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>What is counted of a client besides its sessions; everything is bounded.</summary>
internal sealed class ClientDetails
{
    private BoundedSet<string> _helos = new(8);
    private BoundedSet<string> _userNames = new(64);
    private BoundedSet<ulong> _recipients = new(4096);
    private BoundedSet<string> _handshakeOutcomes = new(32);
    private BoundedSet<string> _protocols = new(16);
    private BoundedSet<string> _probes = new(16);

    /// <summary>Sessions that were added; 0 where nothing is known but that there are some.</summary>
    public int Sessions { get; private set; }

    /// <summary>The forward-confirmed PTR name, or null.</summary>
    public string? HostName { get; private set; }

    /// <summary>A PTR name that does not resolve back, or null.</summary>
    public string? ClaimedName { get; private set; }

    /// <summary>HELO names.</summary>
    public ref readonly BoundedSet<string> Helos => ref _helos;

    /// <summary>User names that logins failed for.</summary>
    public ref readonly BoundedSet<string> UserNames => ref _userNames;

    /// <summary>Recipients that do not exist.</summary>
    public ref readonly BoundedSet<ulong> Recipients => ref _recipients;

    /// <summary>Outcomes of TLS handshakes.</summary>
    public ref readonly BoundedSet<string> HandshakeOutcomes => ref _handshakeOutcomes;

    /// <summary>Other protocols spoken, HTTP and TLS included.</summary>
    public ref readonly BoundedSet<string> Protocols => ref _protocols;

    /// <summary>Probes of scanners, word for word.</summary>
    public ref readonly BoundedSet<string> Probes => ref _probes;

    /// <summary>Sessions with a scanner's probe.</summary>
    public int ProbeSessions { get; private set; }

    /// <summary>Sessions with two blank lines and nothing else.</summary>
    public int BlankLinePairs { get; private set; }

    /// <summary>Sessions that went on after an error.</summary>
    public int RepliesIgnored { get; private set; }

    /// <summary>Sessions of wrong input of two kinds, and nothing else.</summary>
    public int ErrorTextsDrawn { get; private set; }

    /// <summary>Failed logins.</summary>
    public int FailedLogins { get; private set; }

    /// <summary>Commands whose text no source tells.</summary>
    public int UntoldCommands { get; private set; }

    /// <summary>Refused relay attempts.</summary>
    public int RelayDenied { get; private set; }

    /// <summary>Refusals of mail for reasons that have no behaviour of their own.</summary>
    public int MailRefused { get; private set; }

    /// <summary>Recipients that do not exist, each time counted.</summary>
    public int UnknownRecipients { get; private set; }

    /// <summary>The DNS list that named the client.</summary>
    public string? List { get; private set; }

    /// <summary>The last reason for a refusal.</summary>
    public string? RefusalReason { get; private set; }

    /// <summary>Times that the client went over a limit of anvil.</summary>
    public int LimitsExceeded { get; private set; }

    /// <summary>The first payload of the most telling session, as the source has it.</summary>
    public ReadOnlyMemory<byte>? Payload { get; private set; }

    /// <summary>Adds a session.</summary>
    public void Add(SessionView view, BehaviourSet behaviours)
    {
        Sessions++;
        HostName ??= view.Session.HostName;
        ClaimedName ??= view.Session.ClaimedName;
        if (view.Helo is { } helo)
        {
            _helos.Add(helo);
        }

        view.UserNames?.ForEach(item => _userNames.Add(item));
        view.Recipients?.ForEach(item => _recipients.Add(item));
        if (view.HandshakeOutcome is { } outcome)
        {
            _handshakeOutcomes.Add(outcome);
        }

        AddProtocols(view);
        var wrong = view.LoneDots + view.BlankLines + view.Garbage;
        var pair = view.BlankLines == 2 && wrong == 2 && !view.IsOtherProtocol;
        BlankLinePairs += pair ? 1 : 0;
        RepliesIgnored += wrong > 1 && !pair ? 1 : 0;
        ErrorTextsDrawn += Kinds(view) > 1 && view.Helo is null ? 1 : 0;
        FailedLogins += view.FailedLogins;
        UntoldCommands += view.UntoldCommands;
        RelayDenied += view.RelayDenied;
        MailRefused += view.OtherRefusals + view.UnknownRecipients;
        UnknownRecipients += view.UnknownRecipients;
        List ??= view.List;
        RefusalReason = view.RefusalReason ?? RefusalReason;
        LimitsExceeded += view.Session.Events.Count(static e => e.Kind == SmtpEventKind.LimitExceeded);
        if (Payload is null && behaviours.Count > 0)
        {
            Payload = view.FirstPayload;
        }
    }

    private void AddProtocols(SessionView view)
    {
        if (view.HttpRequests > 0)
        {
            _protocols.Add("HTTP");
        }

        if (view.TlsHellos > 0)
        {
            _protocols.Add("TLS");
        }

        if (view.ForeignProtocol is { } foreign)
        {
            _protocols.Add(foreign);
        }

        if (view.Probe is { } probe)
        {
            _probes.Add(probe);
            ProbeSessions++;
        }
    }

    private static int Kinds(SessionView view) =>
        (view.LoneDots > 0 ? 1 : 0) + (view.BlankLines > 0 ? 1 : 0) + (view.Garbage > 0 ? 1 : 0);
}
