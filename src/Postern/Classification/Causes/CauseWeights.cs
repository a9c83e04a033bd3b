using Postern.Facts;

namespace Postern.Classification.Causes;

/// <summary>
/// The table by which clues are weighed; docs/causes.md explains it. A row stands where the one who stands behind the
/// cause makes the clue markedly more, or less, likely than others do.
/// </summary>
internal static class CauseWeights
{
    /// <summary>Bits before any clue: what is not told stays unclear, and a flood is rare.</summary>
    public static double Prior(Cause cause) => cause switch
    {
        Cause.Unclear => 2,
        Cause.DenialOfService => -2,
        _ => 0,
    };

    /// <summary>The rows of one clue.</summary>
    public static ReadOnlySpan<Weight> Of(ClueKind clue) => s_byClue[(int)clue];

    /// <summary>All rows.</summary>
    public static Weight[] Rows { get; } =
    [
        new(ClueKind.LoneDots, Cause.ScriptedBot, 3),
        new(ClueKind.LoneDots, Cause.Fingerprinting, 2),
        new(ClueKind.LoneDots, Cause.PortScanner, 0.5),
        new(ClueKind.BlankLines, Cause.ScriptedBot, 2),
        new(ClueKind.BlankLines, Cause.Fingerprinting, 1.5),
        new(ClueKind.BlankLines, Cause.PortScanner, 1),
        new(ClueKind.BlankLinePairs, Cause.PortScanner, 2.5),
        new(ClueKind.RepliesIgnored, Cause.ScriptedBot, 1.5),
        new(ClueKind.ErrorTextsDrawn, Cause.Fingerprinting, 2),
        new(ClueKind.Garbage, Cause.ScriptedBot, 2),
        new(ClueKind.Garbage, Cause.PortScanner, 1),
        new(ClueKind.Garbage, Cause.Fingerprinting, 1),
        new(ClueKind.TextNotLogged, Cause.ScriptedBot, 1.5),
        new(ClueKind.TextNotLogged, Cause.PortScanner, 0.5),
        new(ClueKind.TextNotLogged, Cause.Fingerprinting, 0.5),
        new(ClueKind.ErrorLimit, Cause.ScriptedBot, 2),

        // Once is enough for a fingerprint or a scan; whoever does the same again and again does not read the answers.
        new(ClueKind.IdenticalSessions, Cause.ScriptedBot, 0, 0.7, 4),
        new(ClueKind.IdenticalSessions, Cause.Fingerprinting, 0, -0.5, 3),
        new(ClueKind.IdenticalSessions, Cause.PortScanner, 0, -0.4, 2),
        new(ClueKind.IdenticalSessions, Cause.MisconfiguredClient, 0, -0.3, 2),
        new(ClueKind.Burst, Cause.ScriptedBot, 0, 0.25, 2),
        new(ClueKind.Campaign, Cause.ScriptedBot, 0.5, 0.3, 2),
        new(ClueKind.FewSessions, Cause.Unclear, 1),
        new(ClueKind.FewSessions, Cause.Fingerprinting, 0.5),
        new(ClueKind.FewSessions, Cause.PortScanner, 0.5),

        new(ClueKind.HttpRequests, Cause.PortScanner, 3.5),
        new(ClueKind.TlsHellos, Cause.PortScanner, 2),
        new(ClueKind.TlsHellos, Cause.MisconfiguredClient, 2.5),
        new(ClueKind.TlsHellos, Cause.TlsScanner, 1),
        new(ClueKind.ForeignProtocol, Cause.PortScanner, 4),
        new(ClueKind.ServiceProbes, Cause.PortScanner, 4, 0.5),
        new(ClueKind.ManyProtocols, Cause.PortScanner, 2, 1),
        new(ClueKind.ManyProtocols, Cause.MisconfiguredClient, -2),

        new(ClueKind.Handshakes, Cause.TlsScanner, 0, 0.7, 5),
        new(ClueKind.ChangingOutcomes, Cause.TlsScanner, 1, 0.5, 3),
        new(ClueKind.ChangingOutcomes, Cause.FaultySender, -1, -0.5, 3),
        new(ClueKind.SameOutcome, Cause.FaultySender, 3.5),

        new(ClueKind.FailedLogins, Cause.PasswordGuesser, 0.5, 0.8, 5),
        new(ClueKind.FailedLogins, Cause.MisconfiguredClient, 2.5, -0.5, 2.5),
        new(ClueKind.UnfinishedLogins, Cause.PasswordGuesser, 0.5, 0.8, 5),
        new(ClueKind.UnfinishedLogins, Cause.MisconfiguredClient, 2.5, -0.5, 2.5),
        new(ClueKind.GuessingCampaign, Cause.PasswordGuesser, 3, 0.3, 5),
        new(ClueKind.UserNames, Cause.PasswordGuesser, 0, 1.5, 4),
        new(ClueKind.LoginNotOffered, Cause.PasswordGuesser, 2.5, 0.3),
        new(ClueKind.LoginNotOffered, Cause.MisconfiguredClient, 2),
        // A login and accepted mail speak for a genuine sender; with somebody else's password they do not.
        new(ClueKind.AccountShared, Cause.AccountThief, 4, 2, 12),
        new(ClueKind.LoggedIn, Cause.MisconfiguredClient, 3),
        new(ClueKind.LoggedIn, Cause.GenuineSender, 4),
        new(ClueKind.LoggedIn, Cause.PasswordGuesser, -2),

        new(ClueKind.UnknownRecipients, Cause.AddressHarvester, 1, 0.9, 5),
        // Stops where the harvester's row does: yet more unknown recipients must not make a search for them less likely.
        new(ClueKind.UnknownRecipients, Cause.SpamBot, 1, 0.3, 2.3),
        new(ClueKind.UnknownRecipients, Cause.FaultySender, 2.5, -0.5, 2.5),
        new(ClueKind.RelayDenied, Cause.RelayScanner, 3.5, 0.3),
        new(ClueKind.RelayDenied, Cause.MisconfiguredClient, 1),
        // Accepted mail speaks for a genuine sender; mail that is none of this server's does not.
        new(ClueKind.ForeignAccepted, Cause.SpamBot, 5),
        new(ClueKind.ForeignAccepted, Cause.RelayScanner, 3),
        new(ClueKind.ForeignAccepted, Cause.GenuineSender, -4),
        new(ClueKind.SubmissionRelay, Cause.MisconfiguredClient, 4),
        new(ClueKind.SubmissionRelay, Cause.RelayScanner, 1),
        new(ClueKind.SubmissionRefused, Cause.MisconfiguredClient, 6),
        new(ClueKind.SubmissionRefused, Cause.SpamBot, 0.5),
        // Guessing goes through names; a mail program with an old password has one, and fewer tries than guessing takes.
        new(ClueKind.OneUserName, Cause.MisconfiguredClient, 7),
        new(ClueKind.LocalRelay, Cause.MisconfiguredClient, 4),
        new(ClueKind.LocalRelay, Cause.RelayScanner, 1),
        new(ClueKind.Listed, Cause.SpamBot, 4, 0.2),
        new(ClueKind.ForgedHelo, Cause.SpamBot, 3.5, 0.2),
        // Software that retries its mail says localhost each time; a bot with that name is refused as well.
        new(ClueKind.LocalHelo, Cause.FaultySender, 3.5),
        new(ClueKind.LocalHelo, Cause.SpamBot, 1.5),
        new(ClueKind.LogInjection, Cause.PortScanner, 6),
        new(ClueKind.TalksEarly, Cause.SpamBot, 2.5),
        new(ClueKind.TalksEarly, Cause.ScriptedBot, 2.5),
        new(ClueKind.Pipelines, Cause.SpamBot, 2),
        new(ClueKind.Pipelines, Cause.ScriptedBot, 2),
        new(ClueKind.BareNewlines, Cause.Smuggler, 3),
        new(ClueKind.BareNewlines, Cause.ScriptedBot, 2),
        new(ClueKind.BareNewlinesInMail, Cause.FaultySender, 4),
        new(ClueKind.BareNewlinesInMail, Cause.Smuggler, 1.5),
        new(ClueKind.MailRefused, Cause.SpamBot, 2, 0.2, 3),
        new(ClueKind.MailRefused, Cause.FaultySender, 2),
        // Everybody is told to come again by greylisting and by a full mailbox.
        new(ClueKind.MailDeferred, Cause.GenuineSender, 1.5),
        new(ClueKind.MailDeferred, Cause.SpamBot, 1),

        new(ClueKind.SteadyInterval, Cause.Monitor, 4),
        new(ClueKind.CleanSessions, Cause.Monitor, 1),
        new(ClueKind.CleanSessions, Cause.PortScanner, 0.5),
        new(ClueKind.EmptySessions, Cause.PortScanner, 1.5),
        new(ClueKind.EmptySessions, Cause.Monitor, 0.5),
        new(ClueKind.AbruptSessions, Cause.PortScanner, 1),
        new(ClueKind.AbruptSessions, Cause.ScriptedBot, 0.5),
        new(ClueKind.BrokenTransfers, Cause.FaultySender, 4),
        new(ClueKind.BrokenTransfers, Cause.OwnFault, 2.5),
        new(ClueKind.LeftAfterHandshake, Cause.FaultySender, 3.5),
        new(ClueKind.LeftAfterHandshake, Cause.TlsScanner, 0.5),
        new(ClueKind.UnknownOnSubmission, Cause.MisconfiguredClient, 6),
        new(ClueKind.UnknownOnSubmission, Cause.ScriptedBot, 1),
        new(ClueKind.UntoldRefusals, Cause.ScriptedBot, 1.5),
        new(ClueKind.UntoldRefusals, Cause.FaultySender, 1),
        new(ClueKind.OwnTrouble, Cause.OwnFault, 6),
        new(ClueKind.OwnHost, Cause.Monitor, 3),
        new(ClueKind.OwnHost, Cause.MisconfiguredClient, 1),
        new(ClueKind.OutOfStep, Cause.FaultySender, 5),
        new(ClueKind.MailAccepted, Cause.GenuineSender, 3.5, 0.2),
        new(ClueKind.MailAccepted, Cause.FaultySender, 2),
        new(ClueKind.MailAccepted, Cause.SpamBot, -1),

        new(ClueKind.NoName, Cause.SpamBot, 0.5),
        new(ClueKind.NoName, Cause.FaultySender, -0.5),
        new(ClueKind.GenericName, Cause.ScriptedBot, 1),
        new(ClueKind.GenericName, Cause.SpamBot, 1),
        new(ClueKind.GenericName, Cause.PasswordGuesser, 0.5),
        new(ClueKind.GenericName, Cause.FaultySender, -1),
        new(ClueKind.ProperName, Cause.FaultySender, 0.5),
        new(ClueKind.ProperName, Cause.GenuineSender, 0.5),
        new(ClueKind.ProperName, Cause.SpamBot, -0.5),

        new(ClueKind.HighRate, Cause.DenialOfService, 3, 0.5),
        new(ClueKind.LimitExceeded, Cause.DenialOfService, 1, 0.3, 3),
    ];

    private static readonly Weight[][] s_byClue =
        [.. Enum.GetValues<ClueKind>().Select(clue => Rows.Where(row => row.Clue == clue).ToArray())];
}
