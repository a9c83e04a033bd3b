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

    /// <summary>Counts one.</summary>
    /// <param name="shown">What it showed.</param>
    public void Add(BehaviourSet shown)
    {
        Sessions++;
        foreach (var behaviour in shown)
        {
            _behaviours[(int)behaviour]++;
        }
    }
}
