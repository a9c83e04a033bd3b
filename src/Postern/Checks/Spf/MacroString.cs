using System.Collections.Immutable;

namespace Postern.Checks.Spf;

/// <summary>A piece of a macro string: plain text, or one macro.</summary>
/// <param name="Literal">The text; null for a macro.</param>
/// <param name="Letter">The macro's letter, in lower case.</param>
/// <param name="Escape">True where the letter was upper case: the value is escaped as in a URL.</param>
/// <param name="Keep">How many parts are kept, from the right; 0 for all.</param>
/// <param name="Reverse">True where the parts are turned round.</param>
/// <param name="Delimiters">What parts the value; null for the dot.</param>
internal readonly record struct MacroPart(string? Literal, char Letter, bool Escape, int Keep, bool Reverse, string? Delimiters)
{
    /// <summary>True where the value is taken as it is.</summary>
    public bool IsPlain => Keep == 0 && !Reverse && Delimiters is null;
}

/// <summary>A parsed macro string (RFC 7208, section 7).</summary>
/// <param name="Parts">From left to right.</param>
/// <param name="Fixed">Where there is no macro in it: the domain name that it stands for.</param>
internal sealed record MacroString(ImmutableArray<MacroPart> Parts, string? Fixed)
{
    /// <summary>True where the client's validated name must be known first.</summary>
    public bool NeedsName { get; } = Has(Parts, "p");

    /// <summary>True where the name that it stands for depends on the client's address; all else the client may choose.</summary>
    public bool NamesClient { get; } = Has(Parts, "ipc");

    private static bool Has(ImmutableArray<MacroPart> parts, string letters)
    {
        foreach (var part in parts)
        {
            if (part.Literal is null && letters.Contains(part.Letter, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
