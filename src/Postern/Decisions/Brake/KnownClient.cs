using System.Runtime.InteropServices;
using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>What a client with a history did last.</summary>
/// <param name="Block">The block that it lives in.</param>
/// <param name="At">Its last session, ticks in UTC.</param>
/// <param name="Since">When it began to fail, ticks in UTC; <paramref name="At"/> where it is well.</param>
/// <param name="Groups">The groups of <see cref="BrakeReason"/> that it has shown since it began to fail.</param>
/// <param name="IsWell">True where its last session delivered or logged in.</param>
/// <param name="LastWell">When it delivered or logged in last, ticks in UTC; 0 where it did not since the start.</param>
/// <param name="IsKnown">True where it delivered or logged in on an earlier day, or an hour ago or longer.</param>
/// <param name="IsEstablished">True where its history is long enough to speak for it.</param>
internal readonly record struct KnownClient(ClientAddress Block, long At, long Since, uint Groups, bool IsWell, long LastWell, bool IsKnown, bool IsEstablished);

/// <summary>How many clients show a reason, of how many that were seen.</summary>
/// <param name="Bad">Those whose last session showed it and brought nothing.</param>
/// <param name="Seen">Those that were seen.</param>
internal readonly record struct BrakeShare(int Bad, int Seen)
{
    /// <summary>True where enough of them show it, and enough of those seen.</summary>
    public bool Reaches(double clients, double share) => Bad >= clients && Bad >= share * Seen;
}

/// <summary>Counts known clients, those of one block three times at most.</summary>
/// <param name="grain">What counts as one client.</param>
internal sealed class KnownTally(BrakeGrain grain)
{
    private const int Well = -1;
    private const int Failed = -2;
    private readonly int[] _bad = new int[BrakeReason.Count];
    private readonly Dictionary<(ClientAddress, int), int> _voices = [];

    /// <summary>Those that were seen.</summary>
    public int Seen { get; private set; }

    /// <summary>Those that fail with what a fault of the server's can cause.</summary>
    public int Failing { get; private set; }

    /// <summary>How many show a group.</summary>
    public BrakeShare Of(int group) => new(_bad[group], Seen);

    /// <summary>Counts one.</summary>
    public void Add(in KnownClient client)
    {
        if (client.IsWell)
        {
            Seen += Speaks(client.Block, Well) ? 1 : 0;
            return;
        }

        if (Speaks(client.Block, Failed))
        {
            Seen++;
            Failing += BrakeReason.IsExcusable(client.Groups) ? 1 : 0;
        }

        for (var group = 0; group < _bad.Length; group++)
        {
            _bad[group] += (client.Groups & (1u << group)) != 0 && Speaks(client.Block, group) ? 1 : 0;
        }
    }

    private bool Speaks(ClientAddress block, int what) =>
        grain != BrakeGrain.Block || ++CollectionsMarshal.GetValueRefOrAddDefault(_voices, (block, what), out _) <= ClientPlace.MostOfBlock;
}
