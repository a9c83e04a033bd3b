using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>What is held of one client, of which there may be a million.</summary>
internal struct ClientRecord
{
    /// <summary>Who.</summary>
    public ClientAddress Address;

    /// <summary>Start of the first session and end of the last, in ticks of UTC; 0 where no time is known.</summary>
    public long First, Last;

    /// <summary>The offsets of these, in minutes.</summary>
    public short FirstOffset, LastOffset;

    /// <summary>Sessions, messages accepted, and sessions with a login.</summary>
    public int Sessions, Accepted, LoggedIn;

    /// <summary>The highest connection rate that anvil told of, connections a minute.</summary>
    public int AnvilRate;

    /// <summary>
    /// Null for a client that only delivered; a <see cref="SessionShape"/> or <see cref="NamedShape"/> for one that came once; a
    /// <see cref="ClientHistory"/> for any other, and then it holds the numbers.
    /// </summary>
    public object? Kept;

    /// <summary>Counts a session.</summary>
    public void Add(LogTime start, LogTime end, int accepted, bool isLoggedIn)
    {
        Sessions++;
        Accepted += accepted;
        LoggedIn += isLoggedIn ? 1 : 0;
        if (start.IsKnown && (First == 0 || start.UtcTicks < First))
        {
            (First, FirstOffset) = (start.UtcTicks, start.OffsetMinutes);
        }

        if (end.UtcTicks > Last)
        {
            (Last, LastOffset) = (end.UtcTicks, end.OffsetMinutes);
        }
    }
}

/// <summary>
/// Records of clients by address: they lie side by side in chunks, so that growing moves none of them, and are found through a table of
/// their numbers. A client takes some 70 bytes.
/// </summary>
internal sealed class ClientTable
{
    // Below the size from which objects are collected only with everything else.
    private const int ChunkBits = 10;
    private ClientRecord[][] _chunks = new ClientRecord[16][];
    private int[] _slots = new int[4096];

    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary>The record of a number, in the order in which the clients came.</summary>
    public ref ClientRecord this[int number] => ref _chunks[number >> ChunkBits][number & ((1 << ChunkBits) - 1)];

    /// <summary>The number of a client; -1 where it is not known.</summary>
    public int Find(ClientAddress client) => _slots[Slot(client)] - 1;

    /// <summary>The record of a client, made where there is none.</summary>
    public ref ClientRecord Of(ClientAddress client)
    {
        var slot = Slot(client);
        if (_slots[slot] > 0)
        {
            return ref this[_slots[slot] - 1];
        }

        if (Count * 5L >= _slots.Length * 3L)
        {
            Grow();
            slot = Slot(client);
        }

        var number = Count++;
        if (number >> ChunkBits == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunks.Length * 2);
        }

        _chunks[number >> ChunkBits] ??= new ClientRecord[1 << ChunkBits];
        _slots[slot] = number + 1;
        ref var record = ref this[number];
        record.Address = client;
        return ref record;
    }

    // Where the client is, or the free slot where it would be.
    private int Slot(ClientAddress client)
    {
        var mask = _slots.Length - 1;
        var slot = client.GetHashCode() & mask;
        while (_slots[slot] > 0 && this[_slots[slot] - 1].Address != client)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (var number = 0; number < Count; number++)
        {
            _slots[Slot(this[number].Address)] = number + 1;
        }
    }
}
