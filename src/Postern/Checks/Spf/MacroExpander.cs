using System.Text;

namespace Postern.Checks.Spf;

/// <summary>Puts values for macros (RFC 7208, 7.2 to 7.4).</summary>
internal static class MacroExpander
{
    /// <summary>
    /// The domain name that a macro string stands for. It is written from its end, and no more of it than a name can hold, so
    /// that a record full of macros costs nothing.
    /// </summary>
    /// <returns>A name that is perhaps not askable, never longer than 253 characters.</returns>
    public static string Domain(MacroString macro, SpfIdentity identity, string domain, string? name)
    {
        if (macro.Fixed is { } known)
        {
            return known;
        }

        // Room for a full name, a final dot, and one character more that shows whether a label was cut.
        Span<char> buffer = stackalloc char[SpfNames.MaxLength + 2];
        var start = buffer.Length;
        for (var i = macro.Parts.Length - 1; i >= 0 && start > 0; i--)
        {
            var value = Value(macro.Parts[i], identity, domain, name).AsSpan();
            value = value.Length > start ? value[^start..] : value;
            start -= value.Length;
            value.CopyTo(buffer[start..]);
        }

        return Fit(buffer[start..]);
    }

    /// <summary>The explanation; null where it is too long, or would not be printable ASCII.</summary>
    public static string? Explanation(MacroString macro, SpfIdentity identity, string domain, string? name, int limit)
    {
        var builder = new StringBuilder();
        foreach (var part in macro.Parts)
        {
            var value = Value(part, identity, domain, name);
            if (builder.Length + value.Length > limit || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                return null;
            }

            builder.Append(value);
        }

        return builder.ToString();
    }

    /// <summary>Without a final dot, and cut from the left by whole labels to the length of a name (RFC 7208, 7.3).</summary>
    public static string Fit(ReadOnlySpan<char> name)
    {
        name = name is [.., '.'] ? name[..^1] : name;
        if (name.Length > SpfNames.MaxLength)
        {
            name = name[^(SpfNames.MaxLength + 1)..];
            name = name.IndexOf('.') is var dot and >= 0 ? name[(dot + 1)..] : [];
        }

        return name.ToString();
    }

    private static string Value(in MacroPart part, SpfIdentity identity, string domain, string? name)
    {
        if (part.Literal is { } literal)
        {
            return literal;
        }

        var value = part.Letter switch
        {
            's' => identity.Sender,
            'l' => identity.Local,
            'o' => identity.SenderDomain,
            'd' => domain,
            'i' => identity.Dotted,
            'p' => name ?? "unknown",
            'v' => identity.Client.IsIPv4 ? "in-addr" : "ip6",
            'h' => identity.Helo,
            'c' => identity.Client.ToString(),
            'r' => identity.Receiver,
            _ => identity.UnixTime,
        };
        value = part.IsPlain ? value : Transform(value, part);
        return part.Escape ? Uri.EscapeDataString(value) : value;
    }

    private static string Transform(string value, in MacroPart part)
    {
        var pieces = part.Delimiters is null ? value.Split('.') : value.Split(part.Delimiters.ToCharArray());
        if (part.Reverse)
        {
            Array.Reverse(pieces);
        }

        var skip = part.Keep == 0 ? 0 : Math.Max(pieces.Length - part.Keep, 0);
        return string.Join('.', pieces, skip, pieces.Length - skip);
    }
}
