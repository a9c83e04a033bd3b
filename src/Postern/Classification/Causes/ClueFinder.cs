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

    private static readonly BehaviourSet s_wrongInput = BehaviourSet.Of(
        Behaviour.LoneDot, Behaviour.BlankLine, Behaviour.GarbageCommand, Behaviour.HttpRequest, Behaviour.TlsOnPlaintext, Behaviour.OtherProtocol);

    private static readonly BehaviourSet s_idle = BehaviourSet.Of(Behaviour.Hangup, Behaviour.ProbeAndQuit);

    /// <summary>All clues of a client.</summary>
    public IReadOnlyList<Clue> Find(ClientAddress address, ClientHistory history)
    {
        var clues = new List<Clue>();
        var details = history.Details;
        var counts = Count(history.Marks);
        if (details is not null)
        {
            AddInput(clues, details, counts);
            AddHaste(clues, history.Marks);
            AddHandshakes(clues, history, details, counts);
            AddEnvelope(clues, details, counts, history.Marks.Length);
            AddNames(clues, address, details);
            AddIfAny(clues, ClueKind.LimitExceeded, details.LimitsExceeded);
        }

        AddIfAny(clues, ClueKind.AccountShared, history.Takeover?.Networks.Count ?? 0, history.Takeover?.User);
        AddRhythm(clues, history, counts);
        return clues;
    }

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

    private void AddInput(List<Clue> clues, ClientDetails details, int[] counts)
    {
        AddIfAny(clues, ClueKind.LoneDots, counts[(int)Behaviour.LoneDot]);
        AddIfAny(clues, ClueKind.BlankLines, counts[(int)Behaviour.BlankLine]);
        AddIfAny(clues, ClueKind.BlankLinePairs, details.BlankLinePairs);
        AddIfAny(clues, ClueKind.RepliesIgnored, details.RepliesIgnored);
        AddIfAny(clues, ClueKind.ErrorTextsDrawn, details.ErrorTextsDrawn);
        AddIfAny(clues, ClueKind.HttpRequests, counts[(int)Behaviour.HttpRequest]);
        AddIfAny(clues, ClueKind.TlsHellos, counts[(int)Behaviour.TlsOnPlaintext]);
        AddIfAny(clues, ClueKind.ForeignProtocol, counts[(int)Behaviour.OtherProtocol],
            string.Join(", ", details.Protocols.Items.Where(name => name is not ("HTTP" or "TLS"))));
        AddIfAny(clues, ClueKind.ServiceProbes, details.ProbeSessions, details.Probes.Items.FirstOrDefault());
        AddIfAny(clues, ClueKind.ManyProtocols, details.Protocols.Count > 1 ? details.Protocols.Count : 0);
        var untold = Math.Min(details.UntoldCommands, counts[(int)Behaviour.GarbageCommand]);
        AddIfAny(clues, ClueKind.TextNotLogged, untold);
        AddIfAny(clues, ClueKind.Garbage, counts[(int)Behaviour.GarbageCommand] - untold);
        AddIfAny(clues, ClueKind.ErrorLimit, counts[(int)Behaviour.TooManyErrors]);
        AddIfAny(clues, ClueKind.BareNewlines, counts[(int)Behaviour.SmugglingAttempt]);
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
            AddIfAny(clues, ClueKind.ChangingOutcomes, details.HandshakeOutcomes.Count > 1 ? details.HandshakeOutcomes.Count : 0);
            return;
        }

        var failures = counts[(int)Behaviour.TlsHandshakeFailure];
        if (failures > 0)
        {
            var kind = details.HandshakeOutcomes.Count > 1 && history.Accepted == 0 ? ClueKind.ChangingOutcomes : ClueKind.SameOutcome;
            clues.Add(new Clue(kind, kind == ClueKind.SameOutcome ? failures : details.HandshakeOutcomes.Count, details.HandshakeOutcomes.Items.FirstOrDefault()));
        }
    }

    private static void AddEnvelope(List<Clue> clues, ClientDetails details, int[] counts, int sessions)
    {
        AddIfAny(clues, ClueKind.FailedLogins, details.FailedLogins);
        AddIfAny(clues, ClueKind.UserNames, details.UserNames.Count > 1 ? details.UserNames.Count : 0);
        AddIfAny(clues, ClueKind.LoginNotOffered, counts[(int)Behaviour.AuthNotOffered]);
        var verified = counts[(int)Behaviour.UserEnumeration];
        AddIfAny(clues, ClueKind.UnknownRecipients, Math.Max(details.Recipients.Count, verified));
        AddIfAny(clues, ClueKind.RelayDenied, details.RelayDenied);
        AddIfAny(clues, ClueKind.Listed, counts[(int)Behaviour.DnsblListed], details.List);
        AddIfAny(clues, ClueKind.ForgedHelo, counts[(int)Behaviour.HeloForgery], details.Helos.Items.FirstOrDefault());
        AddIfAny(clues, ClueKind.MailRefused, verified > 0 ? details.MailRefused - details.UnknownRecipients : details.MailRefused, details.RefusalReason);
        if (counts[(int)Behaviour.OutOfStep] * 2 > sessions)
        {
            // A bug shows whenever its sender is refused; one such session among other knocks is chance.
            clues.Add(new Clue(ClueKind.OutOfStep, counts[(int)Behaviour.OutOfStep]));
        }

    }

    private void AddNames(List<Clue> clues, ClientAddress address, ClientDetails details)
    {
        if (details.HostName is { } name)
        {
            clues.Add(new Clue(isGenericName(name, address) ? ClueKind.GenericName : ClueKind.ProperName, 1, name));
        }
        else if (address.IsKnown && details.Sessions > 0)
        {
            clues.Add(new Clue(ClueKind.NoName, 1, details.ClaimedName));
        }
    }

    private static void AddRhythm(List<Clue> clues, ClientHistory history, int[] counts)
    {
        AddIfAny(clues, ClueKind.MailAccepted, history.Accepted);
        AddIfAny(clues, ClueKind.LoggedIn, history.LoggedIn);
        AddIfAny(clues, ClueKind.CleanSessions, counts[(int)Behaviour.ProbeAndQuit]);
        AddIfAny(clues, ClueKind.EmptySessions, counts[(int)Behaviour.Hangup]);
        var marks = history.Marks;
        if (SteadyInterval.Of(marks) is { } interval && AllIdle(marks))
        {
            clues.Add(new Clue(ClueKind.SteadyInterval, (int)Math.Round(interval.TotalSeconds)));
        }

        if (history.Sessions <= FewSessions)
        {
            clues.Add(new Clue(ClueKind.FewSessions, history.Sessions));
        }

        AddIfAny(clues, ClueKind.IdenticalSessions, Identical(marks));
        var largest = Bursts.Of(marks).DefaultIfEmpty().MaxBy(burst => burst.Sessions);
        if (largest.Sessions >= LargeBurst && !AllIdle(marks))
        {
            var seconds = (largest.To.UtcTicks - largest.From.UtcTicks) / TimeSpan.TicksPerSecond;
            clues.Add(new Clue(ClueKind.Burst, largest.Sessions, string.Create(CultureInfo.InvariantCulture, $"{seconds} s")));
        }

        var rate = Math.Max(BusiestMinute(marks), history.AnvilRate);
        AddIfAny(clues, ClueKind.HighRate, rate >= HighRate ? rate : 0);
    }

    private static bool AllIdle(ReadOnlySpan<SessionMark> marks)
    {
        foreach (var mark in marks)
        {
            if (!mark.Behaviours.Except(s_idle).IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    // Sessions of wrong input that show the very same, if nearly all of them do.
    private static int Identical(ReadOnlySpan<SessionMark> marks)
    {
        var counts = new Dictionary<uint, int>();
        var wrong = 0;
        foreach (var mark in marks)
        {
            if (mark.Behaviours.Overlaps(s_wrongInput))
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

    private static void AddIfAny(List<Clue> clues, ClueKind kind, int number, string? text = null)
    {
        if (number > 0)
        {
            clues.Add(new Clue(kind, number, string.IsNullOrEmpty(text) ? null : text));
        }
    }
}
