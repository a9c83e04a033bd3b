using Postern.Classification.Live;
using Postern.Facts;

namespace Postern.Engine;

/// <summary>Counts sessions that have ended, and what they showed. Not for several threads.</summary>
internal sealed class SessionCounts
{
    private readonly long[] _behaviours = new long[BehaviourSet.Known];

    /// <summary>Sessions.</summary>
    public long Sessions { get; private set; }

    /// <summary>Sessions that showed a behaviour.</summary>
    public long Of(Behaviour behaviour) => _behaviours[(int)behaviour];

    /// <summary>Counts one, where it is over.</summary>
    /// <returns>True where it is over, and showed more than a delivery.</returns>
    public bool Add(SessionReport session)
    {
        if (!session.IsOver)
        {
            return false;
        }

        Sessions++;
        foreach (var behaviour in session.Mark.Behaviours)
        {
            _behaviours[(int)behaviour]++;
        }

        return !session.Mark.Behaviours.Without(Behaviour.Delivered).IsEmpty;
    }
}
