using Postern.Classification.Behaviours;
using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>What is counted of a client besides its sessions; everything is bounded.</summary>
internal sealed class ClientDetails
{
    /// <summary>The forward-confirmed PTR name, or null.</summary>
    public string? HostName { get; private set; }

    /// <summary>A PTR name that does not resolve back, or null.</summary>
    public string? ClaimedName { get; private set; }

    /// <summary>HELO names.</summary>
    public BoundedSet<string> Helos { get; } = new(8);

    /// <summary>User names that logins failed for.</summary>
    public BoundedSet<string> UserNames { get; } = new(64);

    /// <summary>Recipients that do not exist.</summary>
    public BoundedSet<ulong> Recipients { get; } = new(4096);

    /// <summary>Outcomes of TLS handshakes.</summary>
    public BoundedSet<string> HandshakeOutcomes { get; } = new(32);

    /// <summary>Other protocols spoken, HTTP and TLS included.</summary>
    public BoundedSet<string> Protocols { get; } = new(16);

    /// <summary>Probes of scanners, word for word.</summary>
    public BoundedSet<string> Probes { get; } = new(16);

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
        HostName ??= view.Session.HostName;
        ClaimedName ??= view.Session.ClaimedName;
        if (view.Helo is { } helo)
        {
            Helos.Add(helo);
        }

        view.UserNames?.ForEach(UserNames.Add);
        view.Recipients?.ForEach(Recipients.Add);
        if (view.HandshakeOutcome is { } outcome)
        {
            HandshakeOutcomes.Add(outcome);
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
            Protocols.Add("HTTP");
        }

        if (view.TlsHellos > 0)
        {
            Protocols.Add("TLS");
        }

        if (view.ForeignProtocol is { } foreign)
        {
            Protocols.Add(foreign);
        }

        if (view.Probe is { } probe)
        {
            Probes.Add(probe);
            ProbeSessions++;
        }
    }

    private static int Kinds(SessionView view) =>
        (view.LoneDots > 0 ? 1 : 0) + (view.BlankLines > 0 ? 1 : 0) + (view.Garbage > 0 ? 1 : 0);
}
