using System.Globalization;
using Postern.Classification.Clients;
using Postern.Facts;

namespace Postern.Classification.Causes;

/// <summary>Turns a client's history into clues, each a count of something that was seen.</summary>
/// <param name="isGenericName">Whether a PTR name looks like an access provider's name for that address.</param>
/// <param name="campaigns">How many clients take part in the largest campaign that shows a behaviour.</param>
internal sealed class ClueFinder(Func<string, ClientAddress, bool> isGenericName, IReadOnlyDictionary<Behaviour, int> campaigns)
{
    private const int FewSessions = 3;
    private const int SameSessions = 5;
    private const int LargeBurst = 10;
    private const int HighRate = 600;
    private const int FewBesideScan = 4;
    private const int ReasonsTold = 3;

    private static readonly BehaviourSet s_wrongInput = BehaviourSet.Of(
        Behaviour.LoneDot, Behaviour.BlankLine, Behaviour.GarbageCommand, Behaviour.HttpRequest, Behaviour.TlsOnPlaintext, Behaviour.OtherProtocol);

    // Wrong input that is the same each time because a script sends it; what belongs to another protocol is always the same.
    private static readonly BehaviourSet s_scripted = BehaviourSet.Of(Behaviour.LoneDot, Behaviour.BlankLine, Behaviour.GarbageCommand);

    private static readonly BehaviourSet s_refused = BehaviourSet.Of(Behaviour.RejectedMail, Behaviour.DnsblListed);

    // What comes in bursts from senders, users and monitors as well as from bots.
    private static readonly BehaviourSet s_unhurried = BehaviourSet.Of(
        Behaviour.Hangup, Behaviour.ProbeAndQuit, Behaviour.RejectedMail, Behaviour.Delivered, Behaviour.ServerTrouble, Behaviour.OutOfStep,
        Behaviour.TlsHandshakeFailure, Behaviour.TlsOnPlaintext);

    private static readonly BehaviourSet s_greeting = BehaviourSet.Of(Behaviour.ProbeAndQuit);

    private static readonly BehaviourSet s_empty = BehaviourSet.Of(Behaviour.ProbeAndQuit, Behaviour.Hangup, Behaviour.TlsHandshakeFailure);

    /// <summary>Clients that share the guessing of passwords, each with how many take part.</summary>
    public IReadOnlyDictionary<ClientAddress, int> Guessers { get; init; } = new Dictionary<ClientAddress, int>();

    /// <summary>Whether a client with that confirmed name is the server itself.</summary>
    public Func<ClientAddress, string?, bool> IsServer { get; init; } = static (client, _) => PrivateNetworks.IsLoopback(client);

    /// <summary>All clues of a client.</summary>
    public IReadOnlyList<Clue> Find(ClientAddress address, ClientHistory history)
    {
        var clues = new List<Clue>();
        var details = history.Details;
        var counts = Count(history.Marks);
        if (details is not null)
        {
            AddInput(clues, details, counts, history.Marks);
            AddHaste(clues, history.Marks);
            AddHandshakes(clues, history, details, counts);
            AddEnvelope(clues, details, counts, history.Marks);
            AddTrouble(clues, details, counts, history.Marks.Length, history.Accepted + history.LoggedIn > 0);
            AddNames(clues, address, history, details);
            AddIfAny(clues, ClueKind.LimitExceeded, details.LimitsExceeded, details.Limits?.Commonest(ReasonsTold));
        }

        AddIfAny(clues, ClueKind.AccountShared, history.Takeover?.Networks.Count ?? 0, history.Takeover?.User);
        AddRhythm(clues, history, counts);
        AddIfAny(clues, ClueKind.GuessingCampaign, GuessersBeside(address, details));
        if (IsServer(address, history.HostName))
        {
            clues.Add(new Clue(ClueKind.OwnHost, 1));
        }

        return clues;
    }

    /// <summary>With how many clients it guesses passwords; 0 for none.</summary>
    public int GuessersBeside(ClientAddress address, ClientDetails? details) => details?.FailedLogins > 0 ? Guessers.GetValueOrDefault(address) : 0;

    /// <summary>How many sessions show each behaviour.</summary>
    public static int[] Count(ReadOnlySpan<SessionMark> marks)
    {
        var counts = new int[BehaviourSet.Known];
        foreach (var mark in marks)
        {
            foreach (var behaviour in mark.Behaviours)
            {
                counts[(int)behaviour]++;
            }
        }

        return counts;
    }

    // How many sessions show the behaviour and have all the traits.
    private static int CountOf(ReadOnlySpan<SessionMark> marks, Behaviour behaviour, SessionTraits traits)
    {
        var count = 0;
        foreach (var mark in marks)
        {
            count += mark.Behaviours.Has(behaviour) && (mark.Traits & traits) == traits ? 1 : 0;
        }

        return count;
    }

    private void AddInput(List<Clue> clues, ClientDetails details, int[] counts, ReadOnlySpan<SessionMark> marks)
    {
        AddIfAny(clues, ClueKind.LoneDots, counts[(int)Behaviour.LoneDot]);
        AddIfAny(clues, ClueKind.BlankLines, counts[(int)Behaviour.BlankLine]);
        AddIfAny(clues, ClueKind.BlankLinePairs, details.BlankLinePairs);
        AddIfAny(clues, ClueKind.RepliesIgnored, details.RepliesIgnored);
        AddIfAny(clues, ClueKind.ErrorTextsDrawn, details.ErrorTextsDrawn);
        AddIfAny(clues, ClueKind.HttpRequests, counts[(int)Behaviour.HttpRequest]);
        AddIfAny(clues, ClueKind.TlsHellos, counts[(int)Behaviour.TlsOnPlaintext]);
        AddIfAny(clues, ClueKind.ForeignProtocol, counts[(int)Behaviour.OtherProtocol],
            counts[(int)Behaviour.OtherProtocol] == 0 ? null : string.Join(", ", details.Protocols.Items.Where(name => name is not ("HTTP" or "TLS"))));
        AddIfAny(clues, ClueKind.ServiceProbes, details.ProbeSessions, details.Probes.First);
        AddIfAny(clues, ClueKind.ManyProtocols, details.Protocols.Count > 1 ? details.Protocols.Count : 0, isMore: details.Protocols.IsOverfull);
        var onSubmission = CountOf(marks, Behaviour.GarbageCommand, SessionTraits.OnSubmission | SessionTraits.OneUnknownCommand);
        AddIfAny(clues, ClueKind.UnknownOnSubmission, onSubmission);
        AddIfAny(clues, ClueKind.TextNotLogged, details.UntoldCommands - onSubmission);
        AddIfAny(clues, ClueKind.Garbage, details.Garbage);
        AddIfAny(clues, ClueKind.ErrorLimit, counts[(int)Behaviour.TooManyErrors]);
        var inMail = CountOf(marks, Behaviour.SmugglingAttempt, SessionTraits.RecipientAccepted);
        AddIfAny(clues, ClueKind.BareNewlinesInMail, inMail);
        AddIfAny(clues, ClueKind.BareNewlines, counts[(int)Behaviour.SmugglingAttempt] - inMail);
        AddIfAny(clues, ClueKind.LogInjection, details.Injections, details.Injected);
        foreach (var behaviour in s_wrongInput)
        {
            if (counts[(int)behaviour] > 0 && campaigns.TryGetValue(behaviour, out var clients))
            {
                clues.Add(new Clue(ClueKind.Campaign, clients));
                break;
            }
        }
    }

    // A scanner of ciphers does not wait for its turn either, in the scan or in the few looks beside it; that makes it no bot.
    private static void AddHaste(List<Clue> clues, ReadOnlySpan<SessionMark> marks)
    {
        int early = 0, pipelined = 0, scan = 0;
        foreach (var mark in marks)
        {
            if (mark.Behaviours.Has(Behaviour.TlsScan))
            {
                scan++;
                continue;
            }

            early += mark.Behaviours.Has(Behaviour.EarlyTalker) ? 1 : 0;
            pipelined += mark.Behaviours.Has(Behaviour.PipeliningAbuse) ? 1 : 0;
        }

        AddIfAny(clues, ClueKind.TalksEarly, early * FewBesideScan > scan ? early : 0);
        AddIfAny(clues, ClueKind.Pipelines, pipelined * FewBesideScan > scan ? pipelined : 0);
    }

    private static void AddHandshakes(List<Clue> clues, ClientHistory history, ClientDetails details, int[] counts)
    {
        var scan = counts[(int)Behaviour.TlsScan];
        if (scan > 0)
        {
            clues.Add(new Clue(ClueKind.Handshakes, scan));
            AddIfAny(clues, ClueKind.ChangingOutcomes, details.HandshakeOutcomes.Count > 1 ? details.HandshakeOutcomes.Count : 0, isMore: details.HandshakeOutcomes.IsOverfull);
            return;
        }

        AddIfAny(clues, ClueKind.LeftAfterHandshake, details.LeftAfterHandshake);
        var failed = details.FailedHandshakes;
        if (failed.Total > 0 && failed.Count > 1 && history.Accepted == 0)
        {
            clues.Add(new Clue(ClueKind.ChangingOutcomes, failed.Count));
        }

        AddIfAny(clues, ClueKind.SameOutcome, failed.Count == 1 || history.Accepted > 0 ? failed.Total : 0, failed.Commonest(ReasonsTold) is var reason && reason is "failed" ? null : reason);
    }

    // A server in trouble troubles everybody; a bot that meets it twice among a hundred sessions is a bot.
    private static void AddTrouble(List<Clue> clues, ClientDetails details, int[] counts, int sessions, bool hasMail)
    {
        if (details.Troubles?.All.FirstOrDefault(static trouble => trouble.Kind == TroubleKind.OpenRelay) is { } relay)
        {
            clues.Add(new Clue(ClueKind.ForeignAccepted, relay.Sessions, relay.Text));
            return;
        }

        if (counts[(int)Behaviour.ServerTrouble] * 2 > sessions && details.Troubles is { } troubles)
        {
            foreach (var trouble in troubles.All.Where(trouble => trouble.Kind != TroubleKind.OpenRelay && (hasMail || trouble.Kind != TroubleKind.RateLimit)).OrderByDescending(trouble => trouble.Sessions).Take(1))
            {
                clues.Add(new Clue(ClueKind.OwnTrouble, trouble.Sessions, trouble.Kind.Id()));
            }
        }
    }

    private static void AddEnvelope(List<Clue> clues, ClientDetails details, int[] counts, ReadOnlySpan<SessionMark> marks)
    {
        AddLogins(clues, details);
        AddIfAny(clues, ClueKind.OneUserName, details.UserNames.Count == 1 && counts[(int)Behaviour.AuthBruteForce] == 0 ? details.FailedLogins : 0,
            details.UserNames.First);
        AddIfAny(clues, ClueKind.UserNames, details.UserNames.Count > 1 ? details.UserNames.Count : 0, isMore: details.UserNames.IsOverfull);
        AddIfAny(clues, ClueKind.LoginNotOffered, counts[(int)Behaviour.AuthNotOffered]);
        var verified = counts[(int)Behaviour.UserEnumeration];
        AddIfAny(clues, ClueKind.UnknownRecipients, Math.Max(details.Recipients.Count, verified), isMore: details.Recipients.IsOverfull);
        var submission = CountOf(marks, Behaviour.RelayProbe, SessionTraits.OnSubmission);
        AddIfAny(clues, ClueKind.SubmissionRelay, submission);
        var refused = RefusedOnSubmission(marks);
        AddIfAny(clues, ClueKind.SubmissionRefused, refused);
        var local = CountOf(marks, Behaviour.RelayProbe, SessionTraits.PrivateClient) - CountOf(marks, Behaviour.RelayProbe, SessionTraits.PrivateClient | SessionTraits.OnSubmission);
        AddIfAny(clues, ClueKind.LocalRelay, local);
        AddIfAny(clues, ClueKind.RelayDenied, submission + local == counts[(int)Behaviour.RelayProbe] ? 0 : details.RelayDenied);
        AddIfAny(clues, ClueKind.Listed, refused > 0 ? 0 : counts[(int)Behaviour.DnsblListed], details.Lists.Commonest(ReasonsTold));
        var localNames = CountOf(marks, Behaviour.HeloForgery, SessionTraits.LocalHelo);
        AddIfAny(clues, ClueKind.LocalHelo, localNames, details.ForgedName);
        AddIfAny(clues, ClueKind.ForgedHelo, counts[(int)Behaviour.HeloForgery] - localNames, details.ForgedName);
        var refusals = verified > 0 || details.UnknownReasons.Total == 0 ? details.Refusals : details.Refusals.With(details.UnknownReasons);
        AddIfAny(clues, ClueKind.MailRefused, refusals.Total, refusals.Commonest(ReasonsTold));
        AddIfAny(clues, ClueKind.MailDeferred, details.TemporaryRefusals.Total, details.TemporaryRefusals.Commonest(ReasonsTold));
        AddIfAny(clues, ClueKind.UntoldRefusals, details.UntoldRefusals);
        AddIfAny(clues, ClueKind.BrokenTransfers, details.BrokenTransfers);
        if (counts[(int)Behaviour.OutOfStep] * 2 > marks.Length)
        {
            // A bug shows whenever its sender is refused; one such session among other faults is chance.
            clues.Add(new Clue(ClueKind.OutOfStep, counts[(int)Behaviour.OutOfStep]));
        }
    }

    // An own user is refused where the rules ask for more than a login: for a list that names access providers, or for any reason.
    private static int RefusedOnSubmission(ReadOnlySpan<SessionMark> marks)
    {
        var count = 0;
        foreach (var mark in marks)
        {
            if (!mark.Traits.HasFlag(SessionTraits.OnSubmission))
            {
                return 0;
            }

            count += mark.Behaviours.Overlaps(s_refused) && (mark.Traits & (SessionTraits.LoggedIn | SessionTraits.OnlyDeferred)) == SessionTraits.None ? 1 : 0;
        }

        return count;
    }

    // A login that was not finished is no failure that the log tells of.
    private static void AddLogins(List<Clue> clues, ClientDetails details)
    {
        var unfinished = details.UnfinishedLogins;
        if (unfinished == details.FailedLogins)
        {
            AddIfAny(clues, ClueKind.UnfinishedLogins, unfinished);
            return;
        }

        AddIfAny(clues, ClueKind.FailedLogins, details.FailedLogins, unfinished == 0 ? null : unfinished.ToString(CultureInfo.InvariantCulture));
    }

    private void AddNames(List<Clue> clues, ClientAddress address, ClientHistory history, ClientDetails details)
    {
        if (history.HostName is { } name)
        {
            clues.Add(new Clue(isGenericName(name, address) ? ClueKind.GenericName : ClueKind.ProperName, 1, name));
        }
        else if (address.IsKnown && details.Sessions > 0)
        {
            clues.Add(new Clue(ClueKind.NoName, 1, history.ClaimedName));
        }
    }

    private static void AddRhythm(List<Clue> clues, ClientHistory history, int[] counts)
    {
        var marks = history.Marks;
        // A message that got through among very many that were refused speaks for nobody.
        AddIfAny(clues, ClueKind.MailAccepted, marks.Length == 0 || marks[0].Traits.HasFlag(SessionTraits.SomeAccepted) ? history.Accepted : 0);
        AddIfAny(clues, ClueKind.LoggedIn, history.LoggedIn);
        AddIfAny(clues, ClueKind.CleanSessions, counts[(int)Behaviour.ProbeAndQuit]);
        var empty = CountOf(marks, Behaviour.Hangup, SessionTraits.Empty);
        AddIfAny(clues, ClueKind.EmptySessions, empty);
        AddIfAny(clues, ClueKind.AbruptSessions, counts[(int)Behaviour.Hangup] - empty - (history.Details?.BrokenTransfers ?? 0));
        if (AreChecks(marks) && !IsPacedByServer(history) && (SteadyInterval.Of(marks) ?? SteadyInterval.OfRounds(marks)) is { } interval)
        {
            clues.Add(new Clue(ClueKind.SteadyInterval, (int)Math.Round(interval.TotalSeconds)));
        }

        if (history.Sessions <= FewSessions)
        {
            clues.Add(new Clue(ClueKind.FewSessions, history.Sessions));
        }

        AddIfAny(clues, ClueKind.IdenticalSessions, Identical(marks));
        var largest = Bursts.Largest(marks);
        if (largest.Sessions >= LargeBurst && !IsUnhurried(marks))
        {
            var seconds = (largest.To.UtcTicks - largest.From.UtcTicks) / TimeSpan.TicksPerSecond;
            clues.Add(new Clue(ClueKind.Burst, largest.Sessions, string.Create(CultureInfo.InvariantCulture, $"{seconds} s")));
        }

        var rate = Math.Max(BusiestMinute(marks), history.AnvilRate);
        AddIfAny(clues, ClueKind.HighRate, rate >= HighRate ? rate : 0);
    }

    // What a monitor does: nothing at all, or a greeting, perhaps STARTTLS, and QUIT.
    private static bool AreChecks(ReadOnlySpan<SessionMark> marks)
    {
        foreach (var mark in marks)
        {
            if (!mark.Behaviours.Except(mark.Traits.HasFlag(SessionTraits.Empty) ? s_empty : s_greeting).IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPacedByServer(ClientHistory history) =>
        history.Details is { } details && (details.BackToBack * 2 > history.Marks.Length || details.LimitsExceeded > 0);

    private static bool IsUnhurried(ReadOnlySpan<SessionMark> marks)
    {
        foreach (var mark in marks)
        {
            var hurried = mark.Behaviours.Except(s_unhurried);
            if (!(mark.Traits.HasFlag(SessionTraits.UnknownInOrder) ? hurried.Without(Behaviour.GarbageCommand) : hurried).IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    // Sessions of wrong input that show the very same, if nearly all of them do.
    private static int Identical(ReadOnlySpan<SessionMark> marks)
    {
        if (marks.Length < SameSessions)
        {
            return 0;
        }

        var counts = new Dictionary<uint, int>();
        var wrong = 0;
        foreach (var mark in marks)
        {
            if (mark.Behaviours.Overlaps(s_scripted) && !mark.Behaviours.Has(Behaviour.Delivered) && !mark.Traits.HasFlag(SessionTraits.UnknownInOrder))
            {
                wrong++;
                counts[mark.Behaviours.Bits] = counts.GetValueOrDefault(mark.Behaviours.Bits) + 1;
            }
        }

        var most = counts.Count == 0 ? 0 : counts.Values.Max();
        return most >= SameSessions && most * 5 >= wrong * 4 ? most : 0;
    }

    private static int BusiestMinute(ReadOnlySpan<SessionMark> marks)
    {
        int most = 0, first = 0;
        for (var i = 0; i < marks.Length; i++)
        {
            while (marks[i].Time.UtcTicks - marks[first].Time.UtcTicks >= TimeSpan.TicksPerMinute)
            {
                first++;
            }

            most = Math.Max(most, i - first + 1);
        }

        return most;
    }

    private static void AddIfAny(List<Clue> clues, ClueKind kind, int number, string? text = null, bool isMore = false)
    {
        if (number > 0)
        {
            clues.Add(new Clue(kind, number, string.IsNullOrEmpty(text) ? null : text, isMore));
        }
    }
}
