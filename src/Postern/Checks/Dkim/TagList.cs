using System.Buffers.Text;
using System.Text;

namespace Postern.Checks.Dkim;

/// <summary>A list of tags as in RFC 6376, 3.2: <c>name=value</c> with semicolons between, used by DKIM, ARC and DMARC.</summary>
internal static class TagList
{
    private const int MaxTags = 64;

    /// <summary>Reads the list of a header field; in UTF-8 where it is that (RFC 8616), else each octet is a character.</summary>
    public static IReadOnlyDictionary<string, string>? Parse(byte[] field) =>
        Parse(System.Text.Unicode.Utf8.IsValid(field) ? Encoding.UTF8.GetString(field) : Encoding.Latin1.GetString(field));

    /// <summary>Reads a list; null where a tag has no name or no <c>=</c>, or comes twice.</summary>
    public static IReadOnlyDictionary<string, string>? Parse(string text)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        var parts = text.Split(';');
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i].AsSpan().Trim(" \t\r\n");
            if (part.IsEmpty)
            {
                // Only the end may be empty.
                if (i == parts.Length - 1)
                {
                    break;
                }

                return null;
            }

            var equals = part.IndexOf('=');
            if (equals <= 0 || tags.Count >= MaxTags)
            {
                return null;
            }

            var name = part[..equals].TrimEnd(" \t\r\n");
            if (!char.IsAsciiLetter(name[0]) || !tags.TryAdd(name.ToString(), part[(equals + 1)..].Trim(" \t\r\n").ToString()))
            {
                return null;
            }
        }

        return tags;
    }

    /// <summary>The text without any white space, as base64 and lists want it.</summary>
    public static string WithoutSpace(string text) => string.Concat(text.Where(c => c is not (' ' or '\t' or '\r' or '\n')));

    /// <summary>Base64 with white space anywhere; null for anything else, and for nothing.</summary>
    public static byte[]? DecodeBase64(string text)
    {
        var base64 = WithoutSpace(text);
        return base64.Length > 0 && Base64.IsValid(base64) ? Convert.FromBase64String(base64) : null;
    }
}
