using System.Text;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>Reads the users' files of forwards, where local(8) would look for them.</summary>
internal static class ForwardReader
{
    private const int MostUsers = 50_000;
    private const long MostBytes = 100_000;

    /// <summary>The files that there are.</summary>
    /// <param name="path"><c>forward_path</c>, its names not yet replaced.</param>
    /// <param name="accounts">The lines of passwd(5).</param>
    public static IReadOnlyList<ForwardFile> Read(string path, IEnumerable<string> accounts)
    {
        var files = new List<ForwardFile>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var account in accounts.Take(MostUsers).Select(line => line.Split(':')).Where(fields => fields.Length >= 7))
        {
            // The first file that there is counts, as in local(8).
            foreach (var file in PostfixMap.Split(path).Select(part => Expand(part, account[0], account[5], account[6].Trim())).OfType<string>())
            {
                if (!seen.Add(file) || Targets(file) is not { } targets)
                {
                    continue;
                }

                files.Add(new ForwardFile(file, targets));
                break;
            }
        }

        return files;
    }

    /// <summary>The targets of such a file (aliases(5)): separated by commas and line ends, quoted where they hold such.</summary>
    internal static IReadOnlyList<(string Target, int Line)> Targets(IEnumerable<string> lines)
    {
        var targets = new List<(string, int)>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            var (isQuoted, target) = (false, new StringBuilder());
            foreach (var c in line + ",")
            {
                isQuoted ^= c == '"';
                if (c != ',' || isQuoted)
                {
                    target.Append(c);
                }
                else if (target.ToString().Trim() is { Length: > 0 } whole)
                {
                    targets.Add((whole.Trim('"'), number));
                }

                if (c == ',' && !isQuoted)
                {
                    target.Clear();
                }
            }
        }

        return targets;
    }

    private static IReadOnlyList<(string Target, int Line)>? Targets(string file)
    {
        try
        {
            var info = new FileInfo(file);
            return info.Exists && info.Length <= MostBytes ? Targets(File.ReadLines(file)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What may not be read is not judged.
            return null;
        }
    }

    // An address without an extension: what stands for it, and for its delimiter, is empty. Null where a name is unknown.
    private static string? Expand(string path, string user, string home, string shell)
    {
        var text = new StringBuilder();
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '$')
            {
                text.Append(path[i]);
                continue;
            }

            var isBraced = i + 1 < path.Length && path[i + 1] is '{' or '(';
            var start = i + (isBraced ? 2 : 1);
            var end = start;
            while (end < path.Length && (char.IsAsciiLetterOrDigit(path[end]) || path[end] == '_'))
            {
                end++;
            }

            string? value = path[start..end] switch
            {
                "user" or "local" => user,
                "home" => home,
                "shell" => shell,
                "extension" or "recipient_delimiter" => "",
                _ => null,
            };
            if (value is null)
            {
                return null;
            }

            var close = isBraced ? path.AsSpan(end).IndexOfAny('}', ')') : 0;
            if (close < 0)
            {
                return null;
            }

            var choice = isBraced ? path[end..(end + close)] : "";
            text.Append(choice switch
            {
                ['?', .. var given] => value.Length > 0 ? given : "",
                [':', .. var missing] => value.Length == 0 ? missing : "",
                _ => value,
            });
            i = isBraced ? end + close : end - 1;
        }

        return text.Length > 0 && text[0] == '/' ? text.ToString() : null;
    }
}
