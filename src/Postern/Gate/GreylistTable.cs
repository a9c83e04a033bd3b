using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Postern.Facts;

namespace Postern.Gate;

/// <summary>What the book says of a sender who should come back later.</summary>
internal enum GreylistAnswer : byte
{
    /// <summary>It is asked to come back.</summary>
    Wait,
    /// <summary>It has come back, as a genuine server does.</summary>
    CameBack,
}

/// <summary>How often senders were asked to come back, and did.</summary>
/// <param name="First">Asked for the first time.</param>
/// <param name="Early">Came back too early, and were asked again.</param>
/// <param name="Returned">Came back in time.</param>
/// <param name="Known">Had come back before.</param>
internal readonly record struct GreylistCounts(long First, long Early, long Returned, long Known);

/// <summary>
/// Remembers who was asked to come back: the client's network (large senders retry from another host of it), the sender and the
/// recipient. Who comes back within the window is let through from then on. Bounded: when full, those go first that have not come
/// back, so that a flood of new ones does not drive out the proven; these take three quarters at most, so that there is always
/// room for somebody new.
/// </summary>
internal sealed class GreylistTable
{
    // Who sends all day need not be written down each time.
    private static readonly TimeSpan s_renewal = TimeSpan.FromHours(1);

    private readonly GreylistingOptions _options;
    private readonly byte[] _secret;
    private readonly Dictionary<UInt128, LinkedListNode<GreylistRow>> _rows = [];
    private readonly LinkedList<GreylistRow> _waiting = new();
    private readonly LinkedList<GreylistRow> _known = new();
    private readonly HashSet<UInt128> _changed = [];
    private readonly Lock _lock = new();
    private readonly byte[]? _formerSecret;
    private readonly Dictionary<UInt128, GreylistRow> _former;
    private bool _isAllChanged;
    private GreylistCounts _counts;

    /// <summary>A book, empty or as it was before.</summary>
    /// <param name="options">Its times and sizes.</param>
    /// <param name="secret">The key that its triplets are made with; null for a new one.</param>
    /// <param name="rows">What it held, in any order.</param>
    /// <param name="shared">The key that hosts have in common, in place of <paramref name="secret"/>: what was made with that is known under both until it is over.</param>
    public GreylistTable(GreylistingOptions options, byte[]? secret = null, IEnumerable<GreylistRow>? rows = null, byte[]? shared = null)
    {
        (_options, _secret) = (options, shared ?? secret ?? RandomNumberGenerator.GetBytes(SecretLength));
        var isNew = shared is not null && secret is not null && !shared.AsSpan().SequenceEqual(secret);
        (_formerSecret, _former, _isAllChanged) = (isNew ? secret : null, isNew ? (rows ?? []).ToDictionary(static row => row.Triplet) : [], isNew || (shared is not null && secret is null));
        foreach (var row in (isNew ? [] : rows ?? []).OrderBy(row => row.Until))
        {
            Put(row);
        }

        _changed.Clear();
    }

    /// <summary>Told of a sender that was asked to come back, or did; null where nobody asks. It must not wait.</summary>
    public Action<GreylistRow>? Changed { get; set; }

    /// <summary>Bytes of a key.</summary>
    public static int SecretLength => 32;

    /// <summary>How many are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _rows.Count;
            }
        }
    }

    /// <summary>What came of it since the start.</summary>
    public GreylistCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return _counts;
            }
        }
    }

    /// <summary>Asks whether this sender has still to wait, and remembers that it was here.</summary>
    public GreylistAnswer Ask(ClientAddress client, string sender, string recipient, DateTimeOffset now)
    {
        var network = ClientNetwork.Of(client, client.IsIPv4 ? 24 : 64);
        var triplet = TripletOf(_secret, network, sender, recipient);
        lock (_lock)
        {
            Forget(_waiting, now);
            Forget(_known, now);
            if (_formerSecret is not null && _former.Count > 0 && !_rows.ContainsKey(triplet) && _former.Remove(TripletOf(_formerSecret, network, sender, recipient), out var former))
            {
                Tell(former with { Triplet = triplet });
            }

            if (!_rows.TryGetValue(triplet, out var node) || node.Value.Until <= now)
            {
                Tell(new(triplet, now, now + _options.Window, false));
                _counts = _counts with { First = _counts.First + 1 };
                return GreylistAnswer.Wait;
            }

            var seen = node.Value;
            if (!seen.IsKnown && now - seen.First < _options.Least)
            {
                _counts = _counts with { Early = _counts.Early + 1 };
                return GreylistAnswer.Wait;
            }

            _counts = seen.IsKnown ? _counts with { Known = _counts.Known + 1 } : _counts with { Returned = _counts.Returned + 1 };
            if (!seen.IsKnown || now + _options.Memory - seen.Until >= s_renewal)
            {
                Tell(seen with { Until = now + _options.Memory, IsKnown = true });
            }

            return GreylistAnswer.CameBack;
        }
    }

    /// <summary>Takes what another host knows of a sender: whoever waited there has waited here.</summary>
    public void Merge(GreylistRow row)
    {
        lock (_lock)
        {
            if (!_rows.TryGetValue(row.Triplet, out var node))
            {
                Put(row);
                return;
            }

            var known = node.Value;
            var merged = known with
            {
                First = known.First < row.First ? known.First : row.First,
                Until = known.Until > row.Until ? known.Until : row.Until,
                IsKnown = known.IsKnown || row.IsKnown,
            };
            if (merged != known)
            {
                Put(merged);
            }
        }
    }

    /// <summary>What has changed since the last time, to be kept; empty where nothing has.</summary>
    public GreylistChanges TakeChanges()
    {
        lock (_lock)
        {
            var changes = _isAllChanged
                ? new GreylistChanges(true, _secret, [.. _waiting, .. _known], [])
                : new GreylistChanges(false, _secret,
                    [.. _changed.Where(_rows.ContainsKey).Select(triplet => _rows[triplet].Value)], [.. _changed.Where(triplet => !_rows.ContainsKey(triplet))]);
            _changed.Clear();
            _isAllChanged = false;
            return changes;
        }
    }

    /// <summary>What was taken could not be kept: the next time all of the book is.</summary>
    public void KeepAll()
    {
        lock (_lock)
        {
            _isAllChanged = true;
        }
    }

    private void Tell(GreylistRow row)
    {
        Put(row);
        Changed?.Invoke(row);
    }

    private void Put(GreylistRow row)
    {
        if (_rows.Remove(row.Triplet, out var old))
        {
            old.List!.Remove(old);
        }

        while (_rows.Count >= _options.Most)
        {
            Drop(_waiting.Count == 0 || _known.Count > _options.Most / 4 * 3 ? _known : _waiting);
        }

        _rows[row.Triplet] = (row.IsKnown ? _known : _waiting).AddLast(row);
        Note(row.Triplet);
    }

    // The oldest stand first.
    private void Forget(LinkedList<GreylistRow> rows, DateTimeOffset now)
    {
        while (rows.First is { } first && first.Value.Until <= now)
        {
            Drop(rows);
        }
    }

    private void Drop(LinkedList<GreylistRow> rows)
    {
        var triplet = rows.First!.Value.Triplet;
        rows.RemoveFirst();
        _rows.Remove(triplet);
        Note(triplet);
    }

    private void Note(UInt128 triplet)
    {
        _changed.Add(triplet);
        if (_changed.Count <= _options.Most)
        {
            return;
        }

        _changed.Clear();
        _isAllChanged = true;
    }

    // The texts themselves are not kept: the book need not know who writes to whom, and with the key nobody can make two alike.
    private static UInt128 TripletOf(byte[] secret, ClientNetwork network, string sender, string recipient)
    {
        (sender, recipient) = (sender.ToLowerInvariant(), recipient.ToLowerInvariant());
        var buffer = ArrayPool<byte>.Shared.Rent(24 + Encoding.UTF8.GetMaxByteCount(sender.Length) + Encoding.UTF8.GetMaxByteCount(recipient.Length));
        BinaryPrimitives.WriteUInt64BigEndian(buffer, network.First.High);
        BinaryPrimitives.WriteUInt64BigEndian(buffer.AsSpan(8), network.First.Low);
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(16), network.PrefixLength);
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(20), sender.Length);
        var length = 24;
        length += Encoding.UTF8.GetBytes(sender, buffer.AsSpan(length));
        length += Encoding.UTF8.GetBytes(recipient, buffer.AsSpan(length));
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, buffer.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(buffer);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
