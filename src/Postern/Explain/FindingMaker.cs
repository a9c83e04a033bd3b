using System.Collections.Concurrent;
using Postern.Classification;
using Postern.Classification.Causes;
using Postern.Classification.Clients;
using Postern.Decisions;
using Postern.Facts;

namespace Postern.Explain;

/// <summary>
/// Makes the findings of clients. Those that came once and did the same differ in nothing but address, times and PTR name: one of them is
/// judged for all, so that a flood of a million addresses does not cost a million judgements. For several threads.
/// </summary>
/// <param name="ledger">All clients.</param>
/// <param name="clues">Finds the clues.</param>
/// <param name="isGenericName">Whether a PTR name looks like an access provider's name for that address.</param>
/// <param name="jail">Says what the jail makes of a client.</param>
/// <param name="isUndated">True where some log has no stamps.</param>
internal sealed class FindingMaker(
    ClientLedger ledger, ClueFinder clues, Func<string, ClientAddress, bool> isGenericName, JailScorer jail, bool isUndated)
{
    private readonly ClientClassifier _classifier = new(clues);
    private readonly ConcurrentDictionary<OnceKey, Judged> _once = new();

    // By client: a finding is made for the order, for the sums and for the report, and to take a name apart costs more than all else of it.
    private readonly PtrName[] _names = new PtrName[ledger.Count];

    /// <summary>The finding of a client, and what its sessions weigh.</summary>
    public Judged Judge(int number)
    {
        if (!ledger.TryOnce(number, out var once) || !once.Address.IsKnown || PrivateNetworks.IsPrivate(once.Address) || clues.IsServer(once.Address, once.IsConfirmed ? once.Name : null))
        {
            return JudgeAlone(number);
        }

        var key = new OnceKey(once.Shape, once.Accepted, once.LoggedIn, clues.GuessersBeside(once.Address, once.Shape.Details), NameOf(once, ref _names[number]), once.First.IsKnown);
        // Two threads may both judge it, with the same result.
        var judged = _once.GetOrAdd(key, static (_, one) => one.Maker.JudgeAlone(one.Number), (Maker: this, Number: number));
        return judged with { Finding = As(judged.Finding, once) };
    }

    private Judged JudgeAlone(int number)
    {
        var (address, history) = (ledger.Address(number), ledger.History(number));
        var finding = _classifier.Judge(address, history);
        // Without times nobody can tell whether it all happened within the jail's time.
        var isDated = !isUndated || history.Marks.IsEmpty || history.Marks[^1].Time.IsKnown;
        var verdict = jail.Judge(
            history.Marks, history.Accepted, history.LoggedIn, finding.Cause.Cause, address.IsKnown && isDated && !finding.IsOwnHost, out var isSlow);
        // No log tells a device of the operator's from a gateway that hides all clients, its users among them.
        var isPrivate = verdict == Verdict.Ban && PrivateNetworks.IsPrivate(address);
        return new Judged(
            finding with { Verdict = isPrivate ? Verdict.Watch : verdict, IsSlow = isSlow && !isPrivate, ReachesLimit = isPrivate }, JailScorer.Weight(history.Marks));
    }

    private PtrName NameOf(in OnceClient once, ref PtrName known)
    {
        if (known == PtrName.Unread)
        {
            known = once.Name is not { } name ? PtrName.None
                : !once.IsConfirmed ? PtrName.Claimed
                : isGenericName(name, once.Address) ? PtrName.Generic : PtrName.Proper;
        }

        return known;
    }

    // The finding of one who did the same, with what is the client's own.
    private static ClientFinding As(ClientFinding other, OnceClient once) => other with
    {
        Address = once.Address,
        FirstSeen = once.First,
        LastSeen = once.Last,
        Bursts = once.First.IsKnown ? [new Burst(once.First, once.First, 1)] : [],
        HostName = once.Name,
        Cause = once.Name is null ? other.Cause : Renamed(other.Cause, once.Name),
        Others = once.Name is null || other.Others.Count == 0 ? other.Others : [.. other.Others.Select(cause => Renamed(cause, once.Name))],
    };

    private static CauseFinding Renamed(CauseFinding cause, string name)
    {
        for (var i = 0; i < cause.Clues.Count; i++)
        {
            if (cause.Clues[i].Kind is ClueKind.GenericName or ClueKind.ProperName or ClueKind.NoName)
            {
                Clue[] renamed = [.. cause.Clues];
                renamed[i] = renamed[i] with { Text = name };
                return cause with { Clues = renamed };
            }
        }

        return cause;
    }

    /// <summary>A finding with what the client's sessions weigh all together.</summary>
    internal readonly record struct Judged(ClientFinding Finding, double Weight);

    // What a finding depends on but for address, times and the name itself.
    private readonly record struct OnceKey(SessionShape Shape, int Accepted, int LoggedIn, int Guessers, PtrName Name, bool HasTime);

    private enum PtrName : byte
    {
        Unread,
        None,
        Claimed,
        Generic,
        Proper,
    }
}
