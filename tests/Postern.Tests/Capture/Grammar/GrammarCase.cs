using System.Globalization;
using System.Text;
using Postern.Capture.Grammar;
using Postern.Facts;

namespace Postern.Tests.Capture.Grammar;

/// <summary>A line and what it must be read as, out of Cases/Grammar (see the README.txt there).</summary>
internal sealed record GrammarCase(string Line, string Expected)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Cases", "Grammar");

    public static IReadOnlyList<GrammarCase> All { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.txt").Order(StringComparer.Ordinal).Where(path => !path.EndsWith("README.txt", StringComparison.Ordinal)).SelectMany(Read)];

    public byte[] Bytes => Encoding.UTF8.GetBytes(Line);

    /// <summary>Null, or what differs.</summary>
    public string? Difference(LineClass read, SmtpEvent e)
    {
        var words = Expected.Split(" text=", 2);
        var parts = words[0].Split(' ');
        if (Enum.TryParse<LineClass>(parts[0], out var wanted))
        {
            return read == wanted ? null : $"is {read}";
        }

        var differences = new List<string>();
        if (read != LineClass.Event || !string.Equals(e.Kind.ToString(), parts[0], StringComparison.Ordinal))
        {
            return $"is {read} {e.Kind}";
        }

        Compare(differences, "client", e.Client.ToString(), parts[1]);
        Compare(differences, "submission", e.IsSubmission.ToString(), parts.Contains("submission").ToString());
        foreach (var part in parts[2..].Where(part => !string.Equals(part, "submission", StringComparison.Ordinal)))
        {
            var pair = part.Split('=', 2);
            Compare(differences, pair[0], Value(pair[0], e), pair[1]);
        }

        if (words.Length > 1)
        {
            Compare(differences, "text", Encoding.UTF8.GetString(e.Text.Span), words[1]);
        }

        return differences.Count == 0 ? null : string.Join(", ", differences);
    }

    private static string Value(string name, SmtpEvent e) => name switch
    {
        "stage" => e.Stage.ToString(),
        "number" => e.Number.ToString(CultureInfo.InvariantCulture),
        "host" => Encoding.UTF8.GetString(e.HostName.Span),
        "limit" => e.Limit.ToString(),
        "repeats" => e.Repeats.ToString(CultureInfo.InvariantCulture),
        "daemon" => e.Daemon.ToString(),
        "time" => new DateTime(e.Time.UtcTicks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture),
        _ => throw new InvalidDataException(name),
    };

    private static void Compare(List<string> differences, string name, string read, string wanted)
    {
        if (!string.Equals(read, wanted, StringComparison.Ordinal))
        {
            differences.Add($"{name} is {read}");
        }
    }

    private static IEnumerable<GrammarCase> Read(string path)
    {
        string? line = null;
        foreach (var text in File.ReadLines(path).Where(text => text.Length > 0 && text[0] != '#'))
        {
            if (!text.StartsWith("=> ", StringComparison.Ordinal) && !text.Equals("=>", StringComparison.Ordinal))
            {
                line = text;
                continue;
            }

            yield return new GrammarCase(line ?? throw new InvalidDataException($"{path}: {text}"), text[3..]);
            line = null;
        }
    }
}
