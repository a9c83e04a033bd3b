namespace Postern.Checks.Dns;

/// <summary>Answers by question until their time is over; the one unused for longest goes first when it is full. Thread-safe.</summary>
internal sealed class DnsCache(DnsOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DnsQuestion, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _characters;

    /// <summary>Answers held.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Characters held.</summary>
    public long Characters
    {
        get
        {
            lock (_lock)
            {
                return _characters;
            }
        }
    }

    /// <summary>The answer kept for a question, its remaining time set; null where there is none.</summary>
    public DnsAnswer? Find(DnsQuestion question, DateTimeOffset now)
    {
        Entry entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue(question, out var node))
            {
                return null;
            }

            entry = node.Value;
            if (entry.Until <= now)
            {
                Remove(node);
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
        }

        return entry.Answer with { TimeToLive = entry.Until - now };
    }

    /// <summary>Keeps an answer for its time; one that is larger than a sixteenth of the room is not kept.</summary>
    public void Keep(DnsQuestion question, DnsAnswer answer, DateTimeOffset now)
    {
        var time = answer.IsTrouble ? options.FailureTimeToLive : answer.TimeToLive;
        if (time > options.MaxTimeToLive)
        {
            time = options.MaxTimeToLive;
        }

        var size = Size(question, answer);
        if (time <= TimeSpan.Zero || size > options.CacheCharacters / 16)
        {
            return;
        }

        lock (_lock)
        {
            if (_entries.TryGetValue(question, out var old))
            {
                Remove(old);
            }

            _entries[question] = _byUse.AddFirst(new Entry(question, answer, now + time, size));
            _characters += size;
            while (_entries.Count > options.CacheEntries || _characters > options.CacheCharacters)
            {
                Remove(_byUse.Last!);
            }
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _entries.Remove(node.Value.Question);
        _byUse.Remove(node);
        _characters -= node.Value.Size;
    }

    private static int Size(DnsQuestion question, DnsAnswer answer) =>
        100 + question.Name.Length + (answer.Addresses.Count * 16) + answer.Texts.Sum(t => t.Length + 16)
        + answer.Names.Sum(n => n.Length + 16) + answer.Exchangers.Sum(x => x.Name.Length + 16);

    private readonly record struct Entry(DnsQuestion Question, DnsAnswer Answer, DateTimeOffset Until, int Size);
}
