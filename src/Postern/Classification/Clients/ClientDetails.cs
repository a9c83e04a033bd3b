using Postern.Classification.Behaviours;
using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>What is counted of a client besides its sessions; everything is bounded.</summary>
internal sealed partial class ClientDetails
{
    // Most clients have no reasons of most kinds, and there may be a million.
    private ReasonTally? _refusals, _temporaryRefusals, _unknownReasons, _failedHandshakes, _lists;
    private BoundedSet<string> _helos = new(8);
    private BoundedSet<string> _userNames = new(64);
    private BoundedSet<ulong> _recipients = new(4096);
    private BoundedSet<string> _handshakeOutcomes = new(32);
    private BoundedSet<ulong> _refused = new(64);
    private BoundedSet<string> _protocols = new(16);
    private BoundedSet<string> _probes = new(16);

    /// <summary>Sessions that were added; 0 where nothing is known but that there are some.</summary>
    public int Sessions { get; private set; }

    /// <summary>HELO names.</summary>
    public ref readonly BoundedSet<string> Helos => ref _helos;

    /// <summary>User names that logins failed for.</summary>
    public ref readonly BoundedSet<string> UserNames => ref _userNames;

    /// <summary>Recipients that do not exist.</summary>
    public ref readonly BoundedSet<ulong> Recipients => ref _recipients;

    /// <summary>Outcomes of TLS handshakes.</summary>
    public ref readonly BoundedSet<string> HandshakeOutcomes => ref _handshakeOutcomes;

    /// <summary>Recipients that were refused for good, for whatever reason.</summary>
    public ref readonly BoundedSet<ulong> Refused => ref _refused;

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

    /// <summary>Of these, those of which the log tells no outcome.</summary>
    public int UnfinishedLogins { get; private set; }

    /// <summary>Commands of no protocol that is known.</summary>
    public int Garbage { get; private set; }

    /// <summary>Commands whose text no source tells.</summary>
    public int UntoldCommands { get; private set; }

    /// <summary>Refused relay attempts.</summary>
    public int RelayDenied { get; private set; }

    /// <summary>Commands that were refused without a line in the log.</summary>
    public int UntoldRefusals { get; private set; }

    /// <summary>Sessions that were cut off in the middle of a message.</summary>
    public int BrokenTransfers { get; private set; }

    /// <summary>Sessions that the client left right after a handshake that succeeded.</summary>
    public int LeftAfterHandshake { get; private set; }

    /// <summary>Sessions that began as soon as a longer one had ended: their pace is not the client's own.</summary>
    public int BackToBack { get; private set; }

    /// <summary>Sessions with an address made to get another banned.</summary>
    public int Injections { get; private set; }

    /// <summary>Whom such an address names.</summary>
    public string? Injected { get; private set; }

    /// <summary>A HELO name that cannot be the client's.</summary>
    public string? ForgedName { get; private set; }

    /// <summary>Why mail was refused with 5xx, for reasons that have no behaviour of their own.</summary>
    public ReasonTally Refusals => _refusals ?? ReasonTally.None;

    /// <summary>Why mail was put off with 4xx.</summary>
    public ReasonTally TemporaryRefusals => _temporaryRefusals ?? ReasonTally.None;

    /// <summary>How the server said that recipients do not exist.</summary>
    public ReasonTally UnknownReasons => _unknownReasons ?? ReasonTally.None;

    /// <summary>Why handshakes failed.</summary>
    public ReasonTally FailedHandshakes => _failedHandshakes ?? ReasonTally.None;

    /// <summary>The limits that it exceeded, in Postfix's words; null for none.</summary>
    public ReasonTally? Limits { get; private set; }

    /// <summary>The lists that named the client.</summary>
    public ReasonTally Lists => _lists ?? ReasonTally.None;

    /// <summary>The server's own troubles that its sessions met; null for none.</summary>
    public TroubleTally? Troubles { get; private set; }

    /// <summary>Recipients that do not exist, each time counted.</summary>
    public int UnknownRecipients { get; private set; }

    /// <summary>Times that the client went over a limit of anvil.</summary>
    public int LimitsExceeded { get; private set; }

    /// <summary>The first payload of the most telling session, as the source has it.</summary>
    public ReadOnlyMemory<byte>? Payload { get; private set; }

    /// <summary>Adds a session.</summary>
    /// <param name="view">What it was.</param>
    /// <param name="behaviours">What it showed.</param>
    /// <param name="isBackToBack">True where it began as soon as a longer one had ended.</param>
    public void Add(SessionView view, BehaviourSet behaviours, bool isBackToBack = false)
    {
        Sessions++;
        BackToBack += isBackToBack ? 1 : 0;
        if (view.Helo is { } helo)
        {
            _helos.Add(helo);
        }

        view.UserNames?.ForEach(item => _userNames.Add(item));
        view.Recipients?.ForEach(item => _recipients.Add(item));
        if (view.TellingOutcome is { } outcome)
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
        UnfinishedLogins += view.UnfinishedLogins;
        UntoldCommands += view.UntoldCommands;
        Garbage += view.Garbage;
        RelayDenied += view.RelayDenied;
        UntoldRefusals += view.UntoldRefusals;
        BrokenTransfers += view.TransferBroken ? 1 : 0;
        LeftAfterHandshake += view.LeftAfterHandshake ? 1 : 0;
        Injections += view.Injected is null ? 0 : 1;
        Injected ??= view.Injected;
        ForgedName ??= view.ForgedName;
        view.Refusals?.ForEach((_refusals ??= new()).Add);
        view.TemporaryReasons?.ForEach((_temporaryRefusals ??= new()).Add);
        view.UnknownReasons?.ForEach((_unknownReasons ??= new()).Add);
        view.RefusedRecipients?.ForEach(item => _refused.Add(item));
        if (view is { FailedHandshakes: > 0, LeftAfterHandshake: false })
        {
            (_failedHandshakes ??= new()).Add(view.HandshakeOutcome ?? "failed");
        }

        if (view.Troubles is { } troubles)
        {
            (Troubles ??= new TroubleTally()).AddSession(troubles, view.Session.Start, view.Session.End);
        }

        UnknownRecipients += view.UnknownRecipients;
        if (view.Listed > 0)
        {
            (_lists ??= new()).Add(view.List ?? "");
        }

        foreach (var e in view.Session.Events)
        {
            if (e.Kind == SmtpEventKind.LimitExceeded)
            {
                LimitsExceeded++;
                (Limits ??= new ReasonTally()).Add(view.Texts.Get(e.Text.Span));
            }
        }

        if (Payload is null && behaviours.Count > 0)
        {
            Payload = view.FirstPayload;
        }
    }

    /// <summary>Notes that the server took mail for these foreign domains from it without a login.</summary>
    public void NoteOpenRelay(string domains, LogTime first, LogTime last) =>
        (Troubles ??= new TroubleTally()).AddSession([(TroubleKind.OpenRelay, domains)], first, last);

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
