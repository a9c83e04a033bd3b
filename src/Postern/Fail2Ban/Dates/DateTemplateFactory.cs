using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Dates;

/// <summary>Makes forms of dates from what <c>datepattern</c> says.</summary>
internal static class DateTemplateFactory
{
    private const string LineBegin = "{^LN-BEG}";
    private const string Unbound = "{UNB}";

    /// <summary>One form; null and a clause where it cannot be used.</summary>
    /// <param name="pattern">A pattern with tokens, <c>EPOCH</c>, <c>LEPOCH</c> or <c>TAI64N</c>.</param>
    /// <param name="year">The present year.</param>
    public static (DateTemplate? Template, string? Reason) Create(string pattern, int year)
    {
        var key = pattern.Contains('%', StringComparison.Ordinal) ? pattern : pattern.ToUpperInvariant();
        if (key.Contains("EPOCH", StringComparison.Ordinal))
        {
            if (FindEpoch(pattern) >= 0)
            {
                return Epoch(pattern, false, key.Contains("LEPOCH", StringComparison.Ordinal));
            }

            if (key is "EPOCH" or "{^LN-BEG}EPOCH" or "^EPOCH")
            {
                return Epoch(null, key is not "EPOCH", false);
            }

            if (key is "LEPOCH" or "{^LN-BEG}LEPOCH" or "^LEPOCH")
            {
                return Epoch(null, key is not "LEPOCH", true);
            }
        }

        if (key is "TAI64N" or "{^LN-BEG}TAI64N" or "^TAI64N")
        {
            var begin = key is "TAI64N" ? DateBounds.None : DateBounds.LineBegin;
            return Build(begin == DateBounds.None ? "TAI64N" : LineBegin + "TAI64N", null, "@[0-9a-f]{24}", begin, true, DateKind.Tai64N, 1);
        }

        return Fields(pattern, year);
    }

    /// <summary>The same form bound to the start of the line, which is tried first and counts more.</summary>
    public static (DateTemplate? Template, string? Reason) Anchored(DateTemplate template, int year)
    {
        var (anchored, reason) = Create(LineBegin + (template.Pattern ?? template.Name), year);
        return (anchored?.WithWeight(100), reason);
    }

    private static (DateTemplate? Template, string? Reason) Fields(string pattern, int year)
    {
        var (begin, wordEnd) = (DateBounds.WordBegin, true);
        var text = pattern;
        if (text.StartsWith(Unbound, StringComparison.Ordinal))
        {
            text = text[Unbound.Length..];
            (begin, wordEnd) = (DateBounds.None, false);
        }

        if (begin != DateBounds.None && text.StartsWith(LineBegin, StringComparison.Ordinal))
        {
            text = text[LineBegin.Length..];
            begin = DateBounds.LineBegin;
        }

        var (regex, reason) = DateTokens.Expand(text, year);
        if (regex is null)
        {
            return (null, reason);
        }

        if (HasNames(text))
        {
            regex = "(?iu)" + regex;
        }

        return Build(pattern, pattern, regex, begin, wordEnd, DateKind.Fields, 1);
    }

    // Names of days and months are written in any case.
    private static bool HasNames(string pattern)
    {
        for (var at = pattern.IndexOf('%', StringComparison.Ordinal); at >= 0 && at + 1 < pattern.Length; at = pattern.IndexOf('%', at + 1))
        {
            if (pattern[at + 1] is 'a' or 'A' or 'b' or 'B' or 'p' or 'c' && (at == 0 || pattern[at - 1] != '%'))
            {
                return true;
            }
        }

        return false;
    }

    private static (DateTemplate? Template, string? Reason) Epoch(string? pattern, bool lineBegin, bool isLong)
    {
        var number = isLong ? @"\d{10,11}(?:\d{3}(?:\.\d{1,6}|\d{3})?)?" : @"\d{10,11}\b(?:\.\d{3,6})?";
        var kind = isLong ? DateKind.LongEpoch : DateKind.Epoch;
        if (pattern is not null)
        {
            var regex = pattern;
            for (var at = FindEpoch(regex); at >= 0; at = FindEpoch(regex))
            {
                regex = regex.Remove(at, regex.IndexOf('}', at) + 1 - at).Insert(at, $"({number})");
            }

            return Build(pattern, null, $"({regex})", DateBounds.WordBegin, true, kind, 2);
        }

        var name = isLong ? "LEPOCH" : "EPOCH";
        return lineBegin
            ? Build(LineBegin + name, null, $@"((?P<square>(?<=^\[))?{number})(?(square)(?=\]))", DateBounds.LineBegin, true, kind, 1)
            : Build(name, null, $@"((?:^|(?P<square>(?<=^\[))|(?P<selinux>(?<=\baudit\())){number})(?:(?(selinux)(?=:\d+\)))|(?(square)(?=\])))", DateBounds.None, true, kind, 1);
    }

    // {EPOCH} or {LEPOCH} in any case, not escaped.
    private static int FindEpoch(string pattern)
    {
        for (var at = pattern.IndexOf('{', StringComparison.Ordinal); at >= 0; at = pattern.IndexOf('{', at + 1))
        {
            var rest = pattern.AsSpan(at + 1);
            if (at > 0 && pattern[at - 1] == '\\')
            {
                continue;
            }

            if (rest.StartsWith("EPOCH}", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("LEPOCH}", StringComparison.OrdinalIgnoreCase))
            {
                return at;
            }
        }

        return -1;
    }

    private static (DateTemplate? Template, string? Reason) Build(
        string name, string? pattern, string regex, DateBounds begin, bool wordEnd, DateKind kind, int valueGroup)
    {
        var (complete, bounds) = PatternBounds.Complete(regex, begin, wordEnd);
        var (compiled, error) = PythonPattern.Create(complete);
        if (compiled is null)
        {
            return (null, error!.Reason);
        }

        return compiled.GroupCount < 1
            ? (null, "it has no group whose text could be cut out of the line")
            : (new DateTemplate(name, pattern, compiled, bounds, kind, valueGroup), null);
    }
}
