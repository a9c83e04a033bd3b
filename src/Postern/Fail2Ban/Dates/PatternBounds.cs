using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Dates;

/// <summary>Where a date may stand.</summary>
[Flags]
internal enum DateBounds : byte
{
    /// <summary>Anywhere.</summary>
    None = 0,
    /// <summary>At the end of a word.</summary>
    WordEnd = 1,
    /// <summary>At the start of a word.</summary>
    WordBegin = 2,
    /// <summary>At the end of the line.</summary>
    LineEnd = 4,
    /// <summary>At the start of the line.</summary>
    LineBegin = 8,
}

/// <summary>
/// Completes the expression of a date: bounds at its ends unless it has its own or says <c>**</c>, and a first group around
/// all of it unless it has one; what that group takes is cut out of the line.
/// </summary>
internal static class PatternBounds
{
    private static readonly string[] s_ends = ["$)", "$", @"\b", @"\s"];

    /// <summary>The completed expression and its bounds.</summary>
    /// <param name="regex">The expression, its tokens expanded.</param>
    /// <param name="begin">Bounds wanted at the start: <see cref="DateBounds.LineBegin"/>, <see cref="DateBounds.WordBegin"/> or none.</param>
    /// <param name="wordEnd">Whether a bound is wanted at the end.</param>
    public static (string Regex, DateBounds Bounds) Complete(string regex, DateBounds begin, bool wordEnd)
    {
        regex = regex.Trim();
        var flags = TakeFlags(ref regex);
        var boundBegin = begin != DateBounds.None && !HasOwnBegin(regex);
        var boundEnd = wordEnd && !HasOwnEnd(regex);
        if (!HasGroup(regex))
        {
            regex = Grouped(regex);
        }

        var bounds = DateBounds.None;
        if (boundBegin)
        {
            bounds |= begin;
            regex = (begin == DateBounds.LineBegin ? @"^(?:\W{0,2})?" : @"(?=^|\b|\W)") + regex;
        }

        if (boundEnd)
        {
            bounds |= DateBounds.WordEnd;
            regex += @"(?=\b|\W|$)";
        }

        if (BeginsLine(regex))
        {
            bounds |= DateBounds.LineBegin;
        }

        if (EndsLine(regex))
        {
            bounds |= DateBounds.LineEnd;
        }

        return (flags + WithoutStars(regex), bounds);
    }

    /// <summary>A pattern without the marks that say where it stands, to be put into another.</summary>
    public static string Unbound(string pattern)
    {
        pattern = Without(pattern, "{UNB}");
        pattern = Without(pattern, "{^LN-BEG}");
        pattern = Without(Without(pattern, @"(?:^|\b|\W)"), @"(^|\b|\W)");
        return pattern.EndsWith(@"(?=\b|\W|$)", StringComparison.Ordinal) ? pattern[..^11] : pattern;
    }

    private static string Without(string pattern, string start) =>
        pattern.StartsWith(start, StringComparison.Ordinal) ? pattern[start.Length..] : pattern;

    // The first (?letters) wherever it stands goes to the front.
    private static string TakeFlags(ref string regex)
    {
        for (var at = regex.IndexOf("(?", StringComparison.Ordinal); at >= 0; at = regex.IndexOf("(?", at + 1, StringComparison.Ordinal))
        {
            var end = at + 2;
            while (end < regex.Length && char.IsAsciiLetterLower(regex[end]))
            {
                end++;
            }

            if (end == at + 2 || end >= regex.Length || regex[end] != ')')
            {
                continue;
            }

            var flags = regex[at..(end + 1)];
            regex = regex.Remove(at, flags.Length);
            return flags;
        }

        return "";
    }

    private static int SkipFlags(string regex, int at)
    {
        if (!regex.AsSpan(at).StartsWith("(?", StringComparison.Ordinal))
        {
            return at;
        }

        var end = at + 2;
        while (end < regex.Length && PythonCharacters.IsWord(regex[end]))
        {
            end++;
        }

        return end > at + 2 && end < regex.Length && regex[end] == ')' ? end + 1 : at;
    }

    // Parentheses, then ^, **, (^ or (?:^.
    private static bool HasOwnBegin(string regex)
    {
        for (var open = 0; ; open++)
        {
            var at = SkipFlags(regex, open);
            var rest = regex.AsSpan(at);
            if (rest.StartsWith("^", StringComparison.Ordinal) || rest.TrimStart('(').StartsWith("**", StringComparison.Ordinal)
                || rest.StartsWith("(^", StringComparison.Ordinal) || rest.StartsWith("(?:^", StringComparison.Ordinal))
            {
                return true;
            }

            if (open >= regex.Length || regex[open] != '(')
            {
                return false;
            }
        }
    }

    private static bool HasOwnEnd(string regex)
    {
        foreach (var end in s_ends)
        {
            if (regex.EndsWith(end, StringComparison.Ordinal) && !IsEscaped(regex, regex.Length - end.Length))
            {
                return true;
            }
        }

        var stars = regex.TrimEnd(')');
        return stars.EndsWith("**", StringComparison.Ordinal) && !IsEscaped(stars, stars.Length - 2);
    }

    private static bool IsEscaped(string regex, int at) => at > 0 && regex[at - 1] == '\\';

    private static bool HasGroup(string regex)
    {
        for (var at = 0; at < regex.Length; at++)
        {
            if (regex[at] != '(' || (at + 1 < regex.Length && regex[at + 1] == '?') || IsEscaped(regex, at))
            {
                continue;
            }
            // The parenthesis of a condition, (?(name)…), opens no group.
            if (at < 2 || regex[at - 1] != '?' || regex[at - 2] != '(')
            {
                return true;
            }
        }

        return false;
    }

    private static string Grouped(string regex)
    {
        var start = SkipFlags(regex, 0);
        if (start < regex.Length && regex[start] == '^')
        {
            start++;
        }

        start = SkipFlags(regex, start);
        var end = regex.Length > start && regex[^1] == '$' ? regex.Length - 1 : regex.Length;
        return $"{regex[..start]}({regex[start..end]}){regex[end..]}";
    }

    private static bool BeginsLine(string regex)
    {
        var rest = regex.AsSpan(SkipFlags(regex, 0));
        if (rest.StartsWith("^", StringComparison.Ordinal))
        {
            return true;
        }

        var inner = rest.StartsWith("(?:^", StringComparison.Ordinal) ? rest[4..] : rest.StartsWith("(^", StringComparison.Ordinal) ? rest[2..] : default;
        return !inner.IsEmpty && inner[0] != '|';
    }

    private static bool EndsLine(string regex)
    {
        var dollar = regex.EndsWith("$)", StringComparison.Ordinal) ? regex.Length - 2 : regex.EndsWith('$') ? regex.Length - 1 : -1;
        return dollar >= 0 && (dollar == 0 || regex[dollar - 1] is not ('\\' or '|'));
    }

    private static string WithoutStars(string regex)
    {
        var open = 0;
        while (open < regex.Length && regex[open] == '(')
        {
            open++;
        }

        for (var at = open; at >= 0; at--)
        {
            var stars = SkipFlags(regex, at);
            while (stars < regex.Length && regex[stars] == '(')
            {
                stars++;
            }

            if (regex.AsSpan(stars).StartsWith("**", StringComparison.Ordinal))
            {
                regex = regex.Remove(stars, 2);
                break;
            }
        }

        var end = regex.TrimEnd(')').Length;
        return end >= 2 && regex.AsSpan(0, end).EndsWith("**", StringComparison.Ordinal) && !IsEscaped(regex, end - 2) ? regex.Remove(end - 2, 2) : regex;
    }
}
