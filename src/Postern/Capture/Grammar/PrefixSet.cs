using System.Text;

namespace Postern.Capture.Grammar;

/// <summary>Beginnings of messages, found by their first byte.</summary>
internal sealed class PrefixSet
{
    private readonly byte[][]?[] _byFirstByte = new byte[128][][];

    /// <summary>A set of beginnings, of which a blank at the end counts.</summary>
    public PrefixSet(params ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            var bytes = Encoding.ASCII.GetBytes(prefix);
            _byFirstByte[bytes[0]] = [.. _byFirstByte[bytes[0]] ?? [], bytes];
        }
    }

    /// <summary>True where the text begins with one of them.</summary>
    public bool Matches(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] > 127 || _byFirstByte[text[0]] is not { } candidates)
        {
            return false;
        }

        foreach (var candidate in candidates)
        {
            if (text.StartsWith(candidate))
            {
                return true;
            }
        }

        return false;
    }
}
