using System.Collections.Concurrent;

namespace Postern.Checks.Spf;

/// <summary>
/// Parsed policies by their record's text. Two generations: when the younger one is full, the older one is dropped, so that what
/// is asked for stays and the whole is bounded by the characters of its records. A policy is a pure function of its text, so
/// nothing in here can be out of date.
/// </summary>
internal sealed class SpfPolicyCache(int characters)
{
    private const int LongestRecord = 4096;
    private readonly Lock _lock = new();
    private ConcurrentDictionary<string, SpfPolicy> _young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, SpfPolicy> _old = new(StringComparer.Ordinal);
    private int _size;

    /// <summary>The policy of a record.</summary>
    public SpfPolicy Get(string record)
    {
        if (Volatile.Read(ref _young).TryGetValue(record, out var policy))
        {
            return policy;
        }

        if (!Volatile.Read(ref _old).TryGetValue(record, out policy))
        {
            policy = SpfParser.Parse(record);
        }

        if (record.Length <= LongestRecord)
        {
            Keep(record, policy);
        }

        return policy;
    }

    private void Keep(string record, SpfPolicy policy)
    {
        lock (_lock)
        {
            if (_size + record.Length > characters / 2)
            {
                Volatile.Write(ref _old, _young);
                Volatile.Write(ref _young, new(StringComparer.Ordinal));
                _size = 0;
            }

            if (_young.TryAdd(record, policy))
            {
                _size += record.Length;
            }
        }
    }
}
