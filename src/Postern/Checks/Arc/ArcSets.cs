using System.Globalization;
using System.Text;
using MimeKit;
using Postern.Checks.Dkim;

namespace Postern.Checks.Arc;

/// <summary>The ARC headers of a message by the set that they belong to (RFC 8617, 4.1).</summary>
internal static class ArcSets
{
    /// <summary>
    /// The message with each set once. A set that stands there twice, letter for letter and whole, says nothing that it does not
    /// say once (the validation suite of the format holds such a chain for good); a single header that stands there twice
    /// makes its set ambiguous, and stays.
    /// </summary>
    public static MimeMessage WithoutCopies(MimeMessage message)
    {
        var headers = message.Headers.Where(h => h.Id is HeaderId.ArcSeal or HeaderId.ArcMessageSignature or HeaderId.ArcAuthenticationResults)
            .Take(500)
            .GroupBy(h => Instance(h))
            .Where(set => set.Key is not null)
            .Select(set => set.GroupBy(h => (h.Id, Text: Encoding.Latin1.GetString(h.RawValue).Trim())).ToArray())
            .Where(copies => copies.Length == 3 && copies[0].Count() > 1 && copies.All(c => c.Count() == copies[0].Count()))
            .SelectMany(copies => copies.SelectMany(c => c.Skip(1)))
            .Select(h => message.Headers.IndexOf(h))
            .ToHashSet();
        if (headers.Count == 0)
            return message;

        // Others read the same message meanwhile, so that this one is a copy.
        using var stream = new MemoryStream();
        message.WriteTo(stream);
        stream.Position = 0;
        var copy = MimeMessage.Load(stream);
        foreach (var index in headers.OrderDescending())
            copy.Headers.RemoveAt(index);
        return copy;
    }

    /// <summary>The tags of a header; null where they cannot be read.</summary>
    public static IReadOnlyDictionary<string, string>? Tags(Header header) => TagList.Parse(Encoding.Latin1.GetString(header.RawValue));

    /// <summary>Tag i; null where it is no number.</summary>
    public static int? Instance(IReadOnlyDictionary<string, string> tags) =>
        int.TryParse(tags.GetValueOrDefault("i"), NumberStyles.None, CultureInfo.InvariantCulture, out var i) ? i : null;

    // The results' header is no list of tags, but begins with one.
    private static int? Instance(Header header)
    {
        var text = Encoding.Latin1.GetString(header.RawValue);
        var end = header.Id == HeaderId.ArcAuthenticationResults ? text.IndexOf(';', StringComparison.Ordinal) : text.Length;
        return end > 0 && TagList.Parse(text[..end]) is { } tags ? Instance(tags) : null;
    }
}
