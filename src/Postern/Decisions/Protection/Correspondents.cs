using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Postern.Facts;

namespace Postern.Decisions.Protection;

/// <summary>
/// The domains that own users wrote to, as keyed hashes: whether a domain is among them can be asked, but not which they are.
/// </summary>
public sealed class Correspondents
{
    /// <summary>A domain that nobody wrote to for so many days is forgotten.</summary>
    public const int Days = 90;

    /// <summary>No more domains than these; what comes beyond waits until others are forgotten.</summary>
    public const int Most = 100_000;

    private const int LongestName = 253;
    private readonly Dictionary<UInt128, int> _domains = [];
    private readonly IdnMapping _names = new() { AllowUnassigned = true };
    private byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>How many there are.</summary>
    public int Count => _domains.Count;

    /// <summary>All of them.</summary>
    public IEnumerable<Correspondent> All => _domains.Select(static pair => new Correspondent(pair.Key, DateOnly.FromDayNumber(pair.Value)));

    /// <summary>The key of the hashes: without it they are worth nothing.</summary>
    public byte[] Key => [.. _key];

    /// <summary>Takes up what an earlier run knew.</summary>
    /// <param name="key">The key of the hashes; empty where there was none.</param>
    /// <param name="domains">The hashes.</param>
    public void Restore(byte[] key, IEnumerable<Correspondent> domains)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(domains);
        _key = key.Length > 0 ? key : _key;
        foreach (var domain in domains)
        {
            _domains[domain.Hash] = domain.Last.DayNumber;
        }
    }

    /// <summary>Notes that an own user wrote to a domain.</summary>
    /// <returns>What is to be kept; null where that is known for the day, or the name is none.</returns>
    public Correspondent? Note(string domain, DateOnly day)
    {
        if (Hash(domain) is not { } hash)
        {
            return null;
        }

        var known = _domains.TryGetValue(hash, out var last);
        if (known ? last >= day.DayNumber : _domains.Count >= Most)
        {
            return null;
        }

        _domains[hash] = day.DayNumber;
        return new Correspondent(hash, day);
    }

    /// <summary>
    /// The domain that own users wrote to and that a host name lies in: the name itself or one above it; null where there is none.
    /// </summary>
    public string? DomainOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        // A name of two labels at least: nobody writes to a top-level domain.
        for (var rest = name.TrimEnd('.'); _domains.Count > 0 && rest.Contains('.', StringComparison.Ordinal); rest = rest[(rest.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (Hash(rest) is { } hash && _domains.ContainsKey(hash))
            {
                return rest;
            }
        }

        return null;
    }

    /// <summary>Forgets the domains that nobody wrote to since that day.</summary>
    public void Forget(DateOnly before)
    {
        foreach (var hash in _domains.Where(pair => pair.Value < before.DayNumber).Select(pair => pair.Key).ToList())
        {
            _domains.Remove(hash);
        }
    }

    private UInt128? Hash(string domain)
    {
        if (domain.Length is 0 or > LongestName || domain[0] == '[')
        {
            return null;
        }

        try
        {
            var name = Ascii.IsValid(domain) ? domain : _names.GetAscii(domain);
            Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(name.ToLowerInvariant()), digest);
            return BinaryPrimitives.ReadUInt128BigEndian(digest);
        }
        catch (ArgumentException)
        {
            // No name of the DNS.
            return null;
        }
    }
}
