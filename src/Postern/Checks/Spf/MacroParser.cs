using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Postern.Checks.Spf;

/// <summary>Reads macro strings (RFC 7208, 7.1). Text that does not follow the grammar gives null and a problem.</summary>
internal static class MacroParser
{
    private const string DomainLetters = "slodiphv";
    private const string ExplanationLetters = "slodiphvcrt";
    private const int MostParts = 1024;
    private static readonly SearchValues<char> s_delimiters = SearchValues.Create(".-+,/_=");

    /// <summary>A domain-spec: a macro string that ends in a macro or in a top label.</summary>
    public static MacroString? ParseDomain(ReadOnlySpan<char> text, out string? problem)
    {
        if (text.IsEmpty)
        {
            problem = "the domain is missing";
            return null;
        }

        var result = Parse(text, DomainLetters, out var tail, out problem);
        if (result is not null && !tail.IsEmpty && !EndsInTopLabel(tail))
        {
            problem = $"{SpfNames.Quote(text)} does not end in a valid top-level name";
            return null;
        }

        return result;
    }

    /// <summary>The value of an unknown modifier.</summary>
    public static MacroString? ParseValue(ReadOnlySpan<char> text, out string? problem) => Parse(text, DomainLetters, out _, out problem);

    /// <summary>An explanation: blanks and the letters c, r and t are allowed too.</summary>
    public static MacroString? ParseExplanation(ReadOnlySpan<char> text, out string? problem)
    {
        if (text.ContainsAnyExceptInRange(' ', '~'))
        {
            problem = "the explanation is not printable ASCII";
            return null;
        }

        return Parse(text, ExplanationLetters, out _, out problem);
    }

    private static MacroString? Parse(ReadOnlySpan<char> text, string letters, out ReadOnlySpan<char> tail, out string? problem)
    {
        var parts = ImmutableArray.CreateBuilder<MacroPart>();
        var literal = new StringBuilder();
        tail = text;
        problem = null;
        while (tail.IndexOf('%') is var percent and >= 0)
        {
            literal.Append(tail[..percent]);
            var macro = tail[percent..];
            int length;
            switch (macro.Length > 1 ? macro[1] : '\0')
            {
                case '%':
                    literal.Append('%');
                    length = 2;
                    break;
                case '_':
                    literal.Append(' ');
                    length = 2;
                    break;
                case '-':
                    literal.Append("%20");
                    length = 2;
                    break;
                case '{' when macro.IndexOf('}') is var end and > 0 && ParseMacro(macro[2..end], letters) is { } part:
                    Flush(literal, parts);
                    parts.Add(part);
                    length = end + 1;
                    break;
                default:
                    problem = $"there is no macro such as {SpfNames.Quote(macro[..Math.Min(macro.Length, 12)])}";
                    return null;
            }

            tail = macro[length..];
            if (parts.Count > MostParts)
            {
                problem = "there are too many macros in one term";
                return null;
            }
        }

        literal.Append(tail);
        Flush(literal, parts);
        var fixedName = parts.Count == 0 ? "" : parts is [{ Literal: { } only }] ? MacroExpander.Fit(only) : null;
        return new MacroString(parts.ToImmutable(), fixedName);
    }

    /// <summary>Letter, number, <c>r</c> and delimiters, as between the braces.</summary>
    private static MacroPart? ParseMacro(ReadOnlySpan<char> text, string letters)
    {
        if (text.IsEmpty || !letters.Contains(char.ToLowerInvariant(text[0]), StringComparison.Ordinal))
        {
            return null;
        }

        var letter = text[0];
        text = text[1..];
        var digits = text.IndexOfAnyExceptInRange('0', '9') is var other and >= 0 ? other : text.Length;
        var keep = 0;
        foreach (var digit in text[..digits])
        {
            // More than any value has parts: enough to know that all are kept.
            keep = Math.Min((keep * 10) + (digit - '0'), 10_000);
        }

        if (digits > 0 && keep == 0)
        {
            return null;
        }

        text = text[digits..];
        var reverse = text is ['r' or 'R', ..];
        text = reverse ? text[1..] : text;
        if (text.ContainsAnyExcept(s_delimiters))
        {
            return null;
        }

        var delimiters = text.IsEmpty || text is "." ? null : text.ToString();
        return new MacroPart(null, char.ToLowerInvariant(letter), char.IsAsciiLetterUpper(letter), keep, reverse, delimiters);
    }

    private static void Flush(StringBuilder literal, ImmutableArray<MacroPart>.Builder parts)
    {
        if (literal.Length > 0)
        {
            parts.Add(new MacroPart(literal.ToString(), '\0', Escape: false, 0, Reverse: false, null));
            literal.Clear();
        }
    }

    private static bool EndsInTopLabel(ReadOnlySpan<char> tail)
    {
        tail = tail is [.., '.'] ? tail[..^1] : tail;
        var dot = tail.LastIndexOf('.');
        var label = tail[(dot + 1)..];
        if (dot < 0 || label.IsEmpty || !char.IsAsciiLetterOrDigit(label[0]) || !char.IsAsciiLetterOrDigit(label[^1]))
        {
            return false;
        }

        var numeric = true;
        foreach (var c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }

            numeric &= char.IsAsciiDigit(c);
        }

        return !numeric;
    }
}
