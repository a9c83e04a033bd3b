using System.Security.Cryptography;
using System.Text;

namespace Postern.SystemTests.Check.Differential;

/// <summary>
/// A message that is being made and signed, its octets as characters. The signer is written from RFC 6376 alone and shares nothing
/// with what it tests.
/// </summary>
internal sealed class DkimDraft
{
    /// <summary>The fields in order, name and value with its folds, without the final line end.</summary>
    public List<(string Name, string Value)> Fields { get; } = [];

    /// <summary>The body, lines ended by CRLF.</summary>
    public string Body { get; set; } = "";

    /// <summary>The message as it goes over the line.</summary>
    public byte[] Bytes => Encoding.Latin1.GetBytes(string.Concat(Fields.Select(f => $"{f.Name}:{f.Value}\r\n")) + "\r\n" + Body);

    /// <summary>Puts a signature on top.</summary>
    /// <param name="key">The private key; null for a signature of noise.</param>
    /// <param name="isRelaxedHeader">The form of the header.</param>
    /// <param name="isRelaxedBody">The form of the body.</param>
    /// <param name="isSha1">The hash.</param>
    /// <param name="headers">The fields that it covers.</param>
    /// <param name="length">How many octets of the canonical body it covers; -1 for all.</param>
    /// <param name="write">Writes the field's value from the hash of the body, up to <c>b=</c>.</param>
    public void Sign(RSA? key, bool isRelaxedHeader, bool isRelaxedBody, bool isSha1, IEnumerable<string> headers, int length, Func<string, string> write)
    {
        var name = isSha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        var body = Encoding.Latin1.GetBytes(CanonicalBody(Body, isRelaxedBody));
        var value = write(Convert.ToBase64String(CryptographicOperations.HashData(name, length < 0 ? body : body.AsSpan(0, Math.Min(length, body.Length)))));
        var signed = new StringBuilder();
        var left = Fields.ToList();
        foreach (var header in headers)
        {
            var at = left.FindLastIndex(f => f.Name.Trim().Equals(header, StringComparison.OrdinalIgnoreCase));
            if (at >= 0)
            {
                signed.Append(CanonicalField(left[at].Name, left[at].Value, isRelaxedHeader)).Append("\r\n");
                left.RemoveAt(at);
            }
        }

        signed.Append(CanonicalField("DKIM-Signature", value, isRelaxedHeader));
        var octets = Encoding.Latin1.GetBytes(signed.ToString());
        var signature = key is null ? RandomNumberGenerator.GetBytes(128) : key.SignData(octets, name, RSASignaturePadding.Pkcs1);
        Fields.Insert(0, ("DKIM-Signature", value + string.Join("\r\n ", Convert.ToBase64String(signature).Chunk(70).Select(c => new string(c)))));
    }

    /// <summary>RFC 6376, 3.4.3 and 3.4.4.</summary>
    public static string CanonicalBody(string body, bool isRelaxed)
    {
        var lines = body.Split("\r\n").ToList();
        if (isRelaxed)
        {
            lines = [.. lines.Select(l => Squeeze(l).TrimEnd(' '))];
        }

        while (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines.Count > 0 ? string.Join("\r\n", lines) + "\r\n" : isRelaxed ? "" : "\r\n";
    }

    /// <summary>RFC 6376, 3.4.1 and 3.4.2.</summary>
    private static string CanonicalField(string name, string value, bool isRelaxed) =>
        isRelaxed ? $"{name.TrimEnd(' ', '\t').ToLowerInvariant()}:{Squeeze(value.Replace("\r\n", "", StringComparison.Ordinal)).Trim(' ')}" : $"{name}:{value}";

    private static string Squeeze(string text)
    {
        var squeezed = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var isBlank = c is ' ' or '\t';
            if (!isBlank || squeezed.Length == 0 || squeezed[^1] != ' ')
            {
                squeezed.Append(isBlank ? ' ' : c);
            }
        }

        return squeezed.ToString();
    }
}
