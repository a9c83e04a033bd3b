using System.Text;

namespace Postern.Cli.Sharing.Records;

/// <summary>Texts of which very many records have the same: the names of hosts and jails, and reasons. Holds so many, and short ones. For one thread at a time.</summary>
internal sealed class RecordTexts
{
    private const int Most = 10_000;
    private const int MostLength = 128;
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>An empty pool.</summary>
    public RecordTexts() => _lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The text of those bytes.</summary>
    /// <exception cref="DecoderFallbackException">They are not UTF-8.</exception>
    public string Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MostLength)
        {
            return s_strict.GetString(bytes);
        }

        Span<char> chars = stackalloc char[MostLength];
        ReadOnlySpan<char> text = chars[..s_strict.GetChars(bytes, chars)];
        if (_lookup.TryGetValue(text, out var known))
        {
            return known;
        }

        if (_texts.Count >= Most)
        {
            _texts.Clear();
        }

        var added = text.ToString();
        _texts.Add(added);
        return added;
    }
}
