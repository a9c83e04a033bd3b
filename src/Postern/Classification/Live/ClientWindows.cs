using System.Runtime.InteropServices;
using Postern.Classification.Clients;
using Postern.Facts;

namespace Postern.Classification.Live;

/// <summary>
/// The recent sessions of every client that showed anything. Kept in one pool of small entries, because a million clients
/// may connect within a findtime; about a hundred bytes a client.
/// </summary>
/// <param name="span">How long a session counts after it, ticks of the log's time.</param>
/// <param name="most">So many clients are kept at once; of more those are forgotten first that came longest ago.</param>
internal sealed class ClientWindows(long span, int most = 2_000_000)
{
    private const int ChunkBits = 14;
    private const int ChunkSize = 1 << ChunkBits;
    private const int MostSessions = 512;
    private const int ManyGone = 100_000;
    private const int FewChunks = 4;
    private const int Loose = 8;

    /// <summary>The id of the sessions that only delivered: all of a client's are one entry, which counts the messages.</summary>
    public const ulong Deliveries = 0;

    /// <summary>How long a session counts after it, ticks of the log's time.</summary>
    public long Span { get; set; } = span;

    private readonly Dictionary<ClientAddress, Chain> _chains = [];
    private readonly List<Entry[]> _chunks = [];
    private SessionMark[] _marks = new SessionMark[64];
    private int _free = -1;

    /// <summary>Clients with sessions that count.</summary>
    public int Clients => _chains.Count;

    /// <summary>Adds a session, or what it has shown since it was added.</summary>
    /// <returns>The client's sessions in order of time, raised by what they show together; good until the next call.</returns>
    public ReadOnlySpan<SessionMark> Add(SessionReport report)
    {
        if (_chains.Count >= most && !_chains.ContainsKey(report.Client))
        {
            Shed(report.Mark.Time.UtcTicks);
        }

        ref var chain = ref CollectionsMarshal.GetValueRefOrAddDefault(_chains, report.Client, out var exists);
        if (!exists)
        {
            chain = new Chain { First = -1, Last = -1 };
        }

        var index = exists ? Find(chain, report.Id) : -1;
        if (index >= 0)
        {
            ref var known = ref At(index);
            if (report.Id == Deliveries)
            {
                known.Ticks = Math.Max(known.Ticks, report.Mark.Time.UtcTicks);
                known.Failures = (byte)Math.Min(byte.MaxValue, known.Failures + report.Accepted);
                return Marks(chain);
            }

            // The later report has seen all that the earlier one had, and perhaps that it was no abuse after all.
            known.Behaviours = report.Mark.Behaviours.Bits;
            known.Traits = report.Mark.Traits;
            known.Failures = report.Mark.Failures;
            known.Variety = report.Variety == 0 && !report.Mark.Traits.HasFlag(SessionTraits.LoginFailed) ? known.Variety : report.Variety;
        }
        else
        {
            Append(ref chain, report);
        }

        return Marks(chain);
    }

    /// <summary>The client's sessions that count, as <see cref="Add"/> gives them.</summary>
    public ReadOnlySpan<SessionMark> Of(ClientAddress client) =>
        _chains.TryGetValue(client, out var chain) ? Marks(chain) : [];

    /// <summary>What is known of a session of the client's; false where it has not been added.</summary>
    public bool TryGet(ClientAddress client, ulong id, out SessionMark mark)
    {
        var index = _chains.TryGetValue(client, out var chain) ? Find(chain, id) : -1;
        mark = default;
        if (index >= 0)
        {
            ref var entry = ref At(index);
            mark = new SessionMark(new LogTime(entry.Ticks, 0), new BehaviourSet(entry.Behaviours), entry.Traits, entry.Failures);
        }

        return index >= 0;
    }

    /// <summary>The clients.</summary>
    public IEnumerable<ClientAddress> All => _chains.Keys;

    /// <summary>Forgets a client: it is banned, and its sessions have done their work.</summary>
    public void Forget(ClientAddress client)
    {
        if (_chains.Remove(client, out var chain))
        {
            while (chain.First >= 0)
            {
                Drop(ref chain);
            }
        }
    }

    /// <summary>Forgets sessions before that time, and clients with no other.</summary>
    public void Prune(long utcTicks)
    {
        List<ClientAddress> gone = [];
        foreach (var (client, _) in _chains)
        {
            ref var chain = ref CollectionsMarshal.GetValueRefOrNullRef(_chains, client);
            while (chain.First >= 0 && At(chain.First).Ticks < utcTicks)
            {
                Drop(ref chain);
            }

            if (chain.First < 0)
            {
                gone.Add(client);
            }
        }

        gone.ForEach(client => _chains.Remove(client));
        if (gone.Count > ManyGone)
        {
            _chains.TrimExcess();
        }

        Compact();
    }

    private void Shed(long now)
    {
        for (var kept = Span / 2; _chains.Count > most / 4 * 3 && kept > 0; kept /= 2)
        {
            Prune(now - kept);
        }
    }

    // A flood that has passed holds no memory: what is left moves into few chunks.
    private void Compact()
    {
        var left = 0;
        foreach (var chain in _chains.Values)
        {
            left += chain.Count;
        }

        if (_chunks.Count <= FewChunks || left * Loose > _chunks.Count << ChunkBits)
        {
            return;
        }

        Entry[][] old = [.. _chunks];
        _chunks.Clear();
        _free = -1;
        foreach (var client in _chains.Keys)
        {
            ref var chain = ref CollectionsMarshal.GetValueRefOrNullRef(_chains, client);
            var from = chain.First;
            chain = new Chain { First = -1, Last = -1 };
            for (; from >= 0; from = old[from >> ChunkBits][from & (ChunkSize - 1)].Next)
            {
                Link(ref chain, old[from >> ChunkBits][from & (ChunkSize - 1)]);
            }
        }
    }

    private ref Entry At(int index) => ref _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    private int Find(in Chain chain, ulong id)
    {
        for (var i = chain.First; i >= 0; i = At(i).Next)
        {
            if (At(i).Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    private void Append(ref Chain chain, in SessionReport report)
    {
        var oldest = report.Mark.Time.UtcTicks - Span;
        while (chain.First >= 0 && (chain.Count >= MostSessions || At(chain.First).Ticks < oldest))
        {
            Drop(ref chain);
        }

        Link(ref chain, new Entry
        {
            Id = report.Id,
            Ticks = report.Mark.Time.UtcTicks,
            Behaviours = report.Mark.Behaviours.Bits,
            Traits = report.Mark.Traits,
            Failures = report.Id == Deliveries ? (byte)Math.Min(byte.MaxValue, report.Accepted) : report.Mark.Failures,
            Variety = report.Variety,
        });
    }

    private void Link(ref Chain chain, Entry entry)
    {
        var index = Take();
        entry.Next = -1;
        At(index) = entry;
        if (chain.Last >= 0)
        {
            At(chain.Last).Next = index;
        }
        else
        {
            chain.First = index;
        }

        chain.Last = index;
        chain.Count++;
    }

    private void Drop(ref Chain chain)
    {
        var index = chain.First;
        ref var entry = ref At(index);
        chain.First = entry.Next;
        chain.Last = chain.First < 0 ? -1 : chain.Last;
        chain.Count--;
        entry.Next = _free;
        _free = index;
    }

    private int Take()
    {
        if (_free < 0)
        {
            var first = _chunks.Count << ChunkBits;
            _chunks.Add(new Entry[ChunkSize]);
            for (var i = ChunkSize - 1; i >= 0; i--)
            {
                At(first + i).Next = _free;
                _free = first + i;
            }
        }

        var index = _free;
        _free = At(index).Next;
        return index;
    }

    private ReadOnlySpan<SessionMark> Marks(Chain chain)
    {
        if (_marks.Length < chain.Count)
        {
            _marks = new SessionMark[Math.Max(chain.Count, _marks.Length * 2)];
        }

        var counts = new Counter();
        var count = 0;
        var isSorted = true;
        for (var i = chain.First; i >= 0; i = At(i).Next)
        {
            ref var entry = ref At(i);
            counts.Add(entry);
            isSorted &= count == 0 || _marks[count - 1].Time.UtcTicks <= entry.Ticks;
            _marks[count++] = new SessionMark(new LogTime(entry.Ticks, 0), new BehaviourSet(entry.Behaviours), entry.Traits, entry.Failures);
        }

        var marks = _marks.AsSpan(0, count);
        if (!isSorted)
        {
            marks.Sort(static (a, b) => a.Time.CompareTo(b.Time));
        }

        RepeatedBehaviours.Raise(marks, counts.Counts);
        return marks;
    }

    private struct Chain
    {
        public int First;
        public int Last;
        public int Count;
    }

    private struct Entry
    {
        public ulong Id;
        public long Ticks;
        public uint Behaviours;
        public int Variety;
        public int Next;
        public byte Failures;
        private ushort _traits;
        private byte _moreTraits;

        // In three bytes, so that an entry stays small; what is raised from many sessions is never kept.
        public SessionTraits Traits
        {
            readonly get => (SessionTraits)(_traits | (uint)_moreTraits << 16);
            set => (_traits, _moreTraits) = ((ushort)value, (byte)((uint)value >> 16));
        }
    }

    // Differences are counted only as far as they decide anything: a few slots are enough.
    private struct Counter
    {
        private Distinct _outcomes;
        private Distinct _names;
        private Distinct _recipients;
        private Distinct _refused;
        private int _relays;
        private int _failedLogins;
        private int _unknown;
        private int _accepted;
        private int _loggedIn;

        public readonly RepeatedCounts Counts => new(_outcomes.Count, _names.Count, _failedLogins, _recipients.Count, _unknown, _accepted)
        {
            LoggedIn = _loggedIn,
            RefusedRecipients = _refused.Count,
            RelayDenied = _relays,
        };

        public void Add(in Entry entry)
        {
            _accepted += entry.Id == Deliveries ? entry.Failures : entry.Traits.HasFlag(SessionTraits.Accepted) ? 1 : 0;
            _loggedIn += entry.Traits.HasFlag(SessionTraits.LoggedIn) ? 1 : 0;
            _relays += new BehaviourSet(entry.Behaviours).Has(Behaviour.RelayProbe) ? entry.Failures : 0;
            if (entry.Traits.HasFlag(SessionTraits.RefusedRecipient))
            {
                _refused.Add(entry.Variety);
            }

            if (entry.Traits.HasFlag(SessionTraits.LoginFailed))
            {
                _failedLogins += entry.Failures;
                _names.Add(entry.Variety);
            }
            else if (entry.Traits.HasFlag(SessionTraits.UnknownRecipient))
            {
                _unknown += entry.Failures;
                _recipients.Add(entry.Variety);
            }
            else if (!entry.Traits.HasFlag(SessionTraits.RefusedRecipient))
            {
                _outcomes.Add(entry.Variety);
            }
        }
    }

    private struct Distinct
    {
        private EightHashes _known;

        public int Count { get; private set; }

        public void Add(int hash)
        {
            if (hash == 0 || Count >= 8)
            {
                return;
            }

            for (var i = 0; i < Count; i++)
            {
                if (_known[i] == hash)
                {
                    return;
                }
            }

            _known[Count++] = hash;
        }
    }

    [System.Runtime.CompilerServices.InlineArray(8)]
    private struct EightHashes
    {
        private int _first;
    }
}
