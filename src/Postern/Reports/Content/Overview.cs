using Postern.Facts;

namespace Postern.Reports.Content;

/// <summary>How often a behaviour was seen among all clients that a report lists.</summary>
/// <param name="Behaviour">Which.</param>
/// <param name="Sessions">In how many sessions.</param>
/// <param name="Clients">Of how many clients.</param>
internal sealed record BehaviourTotal(Behaviour Behaviour, long Sessions, int Clients);

/// <summary>How much one cause explains.</summary>
/// <param name="Cause">Which; <see cref="Cause.Unclear"/> holds all whose confidence is too low for a word.</param>
/// <param name="Certainty">How sure: causes of different certainty are apart.</param>
/// <param name="Sessions">Sessions of its clients.</param>
/// <param name="Clients">How many clients.</param>
internal sealed record CauseTotal(Cause Cause, Certainty Certainty, long Sessions, int Clients);

/// <summary>What the summary of a report is built from: the sums over all clients that did more than deliver mail.</summary>
internal sealed class Overview
{
    private readonly long[] _behaviourSessions = new long[BehaviourSet.Known];
    private readonly int[] _behaviourClients = new int[BehaviourSet.Known];
    private readonly Dictionary<(Cause Cause, Certainty Certainty), (long Sessions, int Clients)> _causes = [];
    private readonly int[] _verdicts = new int[(int)Verdict.Ban + 1];

    /// <summary>Sums up in one pass.</summary>
    /// <param name="explanation">What is summed up.</param>
    /// <param name="each">Called with each client that showed anything but delivery.</param>
    public Overview(Explanation explanation, Action<ClientFinding>? each = null)
    {
        Explanation = explanation;
        foreach (var client in explanation.Clients)
        {
            if (IsAbusive(client))
            {
                Add(client);
                each?.Invoke(client);
            }
        }

        Behaviours = [.. Enumerable.Range(0, BehaviourSet.Known)
            .Where(i => _behaviourSessions[i] > 0 && (Behaviour)i != Behaviour.Delivered)
            .Select(i => new BehaviourTotal((Behaviour)i, _behaviourSessions[i], _behaviourClients[i]))
            .OrderByDescending(total => total.Sessions)
            .ThenBy(total => total.Behaviour)];
        Causes = [.. _causes
            .Select(pair => new CauseTotal(pair.Key.Cause, pair.Key.Certainty, pair.Value.Sessions, pair.Value.Clients))
            .OrderBy(total => total.Cause == Cause.Unclear)
            .ThenByDescending(total => total.Sessions)
            .ThenBy(total => total.Cause)
            .ThenByDescending(total => total.Certainty)];
    }

    /// <summary>What is summed up.</summary>
    public Explanation Explanation { get; }

    /// <summary>Clients that showed anything but delivery.</summary>
    public int Clients { get; private set; }

    /// <summary>Their sessions.</summary>
    public long Sessions { get; private set; }

    /// <summary>What they did, most frequent first; delivery left out.</summary>
    public IReadOnlyList<BehaviourTotal> Behaviours { get; }

    /// <summary>What causes it, the largest share first, what cannot be told last.</summary>
    public IReadOnlyList<CauseTotal> Causes { get; }

    /// <summary>The same with each cause once, as sure as its surest part.</summary>
    public IReadOnlyList<CauseTotal> ByCause =>
    [
        .. Causes.GroupBy(static total => total.Cause)
            .Select(static group => new CauseTotal(group.Key, group.Max(static total => total.Certainty), group.Sum(static total => total.Sessions), group.Sum(static total => total.Clients)))
            .OrderBy(static total => total.Cause == Cause.Unclear).ThenByDescending(static total => total.Sessions).ThenBy(static total => total.Cause),
    ];

    /// <summary>The largest burst of any client; null where no time is known.</summary>
    public Burst? LargestBurst { get; private set; }

    /// <summary>Sessions of the client that came most often.</summary>
    public int MostSessions { get; private set; }

    /// <summary>True where at least one client is not named.</summary>
    public bool HasUnnamed { get; private set; }

    /// <summary>True where the refused mail of a client may be that of a forwarder.</summary>
    public bool HasForwarders { get; private set; }

    /// <summary>True where the text of some commands is nowhere to be found.</summary>
    public bool LacksText { get; private set; }

    /// <summary>True where some session has a time.</summary>
    public bool HasTimes { get; private set; }

    /// <summary>How many clients have the verdict.</summary>
    public int Count(Verdict verdict) => _verdicts[(int)verdict];

    /// <summary>How often a behaviour was seen; null where it was not.</summary>
    public BehaviourTotal? Find(Behaviour behaviour) => Behaviours.FirstOrDefault(total => total.Behaviour == behaviour);

    /// <summary>True where the client did anything but deliver mail.</summary>
    public static bool IsAbusive(ClientFinding client) =>
        client.Behaviours.Count != 1 || client.Behaviours[0].Key != Behaviour.Delivered;

    private void Add(ClientFinding client)
    {
        Clients++;
        Sessions += client.Sessions;
        MostSessions = Math.Max(MostSessions, client.Sessions);
        HasUnnamed |= !client.Address.IsKnown;
        HasForwarders |= client.MayForward;
        HasTimes |= client.FirstSeen.IsKnown;
        LacksText |= client.Cause.Clues.Any(clue => clue.Kind == ClueKind.TextNotLogged);
        _verdicts[(int)client.Verdict]++;
        foreach (var (behaviour, sessions) in client.Behaviours)
        {
            _behaviourSessions[(int)behaviour] += sessions;
            _behaviourClients[(int)behaviour]++;
        }

        foreach (var burst in client.Bursts)
        {
            if (LargestBurst is not { } largest || burst.Sessions > largest.Sessions)
            {
                LargestBurst = burst;
            }
        }

        var certainty = Certainties.Of(client.Cause.Confidence);
        var key = certainty == Certainty.CannotTell || client.Cause.Cause == Cause.Unclear
            ? (Cause.Unclear, Certainty.CannotTell)
            : (client.Cause.Cause, certainty);
        var sum = _causes.GetValueOrDefault(key);
        _causes[key] = (sum.Sessions + client.Sessions, sum.Clients + 1);
    }
}
