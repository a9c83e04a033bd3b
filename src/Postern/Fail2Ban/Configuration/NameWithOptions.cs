namespace Postern.Fail2Ban.Configuration;

/// <summary>A reference as jails write it: <c>postfix[mode=aggressive, port="1,2"][x='y']</c>.</summary>
/// <param name="Name">The name before the brackets.</param>
/// <param name="Options">The options in their order.</param>
internal sealed record NameWithOptions(string Name, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>Reads a reference; the reason is a clause.</summary>
    public static (NameWithOptions? Reference, string? Reason) Parse(string text)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var open = text.IndexOf('[', StringComparison.Ordinal);
        var end = text.TrimEnd();
        if (open < 0)
        {
            return text.Length > 0 ? (new NameWithOptions(text.Trim(), options), null) : (null, "there is no name");
        }

        if (open == 0 || !end.EndsWith(']'))
        {
            return (null, open == 0 ? "there is no name before [" : "the options are not closed by ]");
        }

        var reason = ParseOptions(end[(open + 1)..^1], options);
        return reason is null ? (new NameWithOptions(text[..open].Trim(), options), null) : (null, reason);
    }

    private static string? ParseOptions(string text, Dictionary<string, string> options)
    {
        for (var at = 0; ;)
        {
            while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] == ','))
            {
                at++;
            }

            if (at >= text.Length)
            {
                return null;
            }

            var name = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '-' or '.' or '?' || (text[at] == '=' && IsCondition(text, name, at))))
            {
                at++;
            }

            if (at == name || at >= text.Length || text[at] != '=')
            {
                return $"an option 'name=value' is wanted where '{Part(text, name)}' stands";
            }

            var key = text[name..at++];
            string value;
            if (at < text.Length && text[at] is '"' or '\'' && text.IndexOf(text[at], at + 1) is var quote and >= 0)
            {
                value = text[(at + 1)..quote];
                at = quote + 1;
            }
            else
            {
                var stop = text.AsSpan(at).IndexOfAny(',', ']');
                stop = stop < 0 ? text.Length : at + stop;
                value = text[at..stop];
                at = stop;
            }

            options[key] = value.Trim();
            if (!Separator(text, ref at))
            {
                return $"a comma is wanted after the option '{key}' where '{Part(text, at)}' stands";
            }
        }
    }

    // An option for one family: blocktype?family=inet6="…".
    private static bool IsCondition(string text, int start, int at) =>
        text.AsSpan(start, at - start).Contains('?') && !text.AsSpan(start, at - start).Contains('=');

    // A comma, or the start of another group of options: "]  [".
    private static bool Separator(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        if (at >= text.Length)
        {
            return true;
        }

        if (text[at] == ',')
        {
            at++;
            return true;
        }

        if (text[at] != ']')
        {
            return false;
        }

        var next = at + 1;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
        {
            next++;
        }

        if (next >= text.Length || text[next] != '[')
        {
            return false;
        }

        at = next + 1;
        return true;
    }

    private static string Part(string text, int from) => text.Substring(from, Math.Min(25, text.Length - from)).ReplaceLineEndings(" ");
}
