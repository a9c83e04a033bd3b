using System.Text.RegularExpressions;

namespace Postern.SystemTests.Filter;

/// <summary>Changes lines of logs at random: characters, words and numbers go, come, and change places.</summary>
internal sealed class SampleMutator(Random dice, IReadOnlyList<string> lines)
{
    private const string Odd = " []():<>\"'x1\u00e9.,;=/\t-_%";

    private static readonly string[] s_hosts = ["::1", "2001:db8::7", "[1.2.3.4]", "1.2.3", "host.example.com", "::ffff:1.2.3.4", "fe80:1:2:3:4:5:6:7:8", "300.1.2.3"];

    /// <summary>A line of the log with up to three changes.</summary>
    public string Next()
    {
        var line = lines[dice.Next(lines.Count)];
        for (var changes = dice.Next(4); changes > 0; changes--)
        {
            line = Change(line);
        }
        // Neither an empty line nor a comment: these are no lines of a log.
        return line.Trim('\n', '\r', ' ') is { Length: > 0 } some && some[0] != '#' ? line : "x";
    }

    private string Change(string line)
    {
        var at = dice.Next(line.Length + 1);
        var words = line.Split(' ').ToList();
        var word = dice.Next(words.Count);
        switch (dice.Next(9))
        {
            case 0:
                return line.Remove(Math.Min(at, Math.Max(line.Length - 1, 0)), Math.Min(1, line.Length));
            case 1:
                return line.Insert(at, Odd[dice.Next(Odd.Length)].ToString());
            case 2:
                words.RemoveAt(word);
                return string.Join(' ', words);
            case 3:
                words.Insert(word, words[dice.Next(words.Count)]);
                return string.Join(' ', words);
            case 4:
                (words[word], words[0]) = (words[0], words[word]);
                return string.Join(' ', words);
            case 5:
                var other = lines[dice.Next(lines.Count)];
                return line[..at] + other[dice.Next(other.Length + 1)..];
            case 6:
                return Regex.Replace(line, @"\d+", number => dice.Next(5) > 0 ? number.Value : dice.Next(300).ToString(System.Globalization.CultureInfo.InvariantCulture), RegexOptions.None, TimeSpan.FromSeconds(5));
            case 7:
                return new Regex(@"(?:\d{1,3}\.){3}\d{1,3}", RegexOptions.None, TimeSpan.FromSeconds(5)).Replace(line, s_hosts[dice.Next(s_hosts.Length)], 1);
            default:
                return line[..at] + line[Math.Min(line.Length, at + dice.Next(12))..];
        }
    }
}
