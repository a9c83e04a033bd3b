using System.Text;

namespace Postern.Fail2Ban.Jails;

/// <summary>
/// Carries a <c>journalmatch</c> over to arguments of journalctl(1): fields stand side by side, a <c>+</c> between two groups of
/// which either matches; each line is a group, too. Quotes and backslashes as in a shell.
/// </summary>
internal static class JournalMatch
{
    /// <summary>The arguments; empty where everything in the journal is meant.</summary>
    public static IReadOnlyList<string> Arguments(string? text)
    {
        var arguments = new List<string>();
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (arguments.Count > 0)
            {
                arguments.Add("+");
            }

            arguments.AddRange(Words(line));
        }

        return arguments;
    }

    private static IEnumerable<string> Words(string line)
    {
        var word = new StringBuilder();
        var (quote, isWord) = ('\0', false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isWord)
                {
                    yield return word.ToString();
                }

                word.Clear();
                isWord = false;
                continue;
            }

            isWord = true;
            if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && (c is '"' or '\''))
            {
                quote = c;
            }
            else if (c == '\\' && quote != '\'' && i + 1 < line.Length)
            {
                word.Append(line[++i]);
            }
            else
            {
                word.Append(c);
            }
        }

        if (isWord)
        {
            yield return word.ToString();
        }
    }
}
