using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Classification.Behaviours;

/// <summary>
/// A case that an operator can write: lines <c># expect CLIENT: id id=sessions …</c>, <c># cause CLIENT: id</c> and
/// <c># verdict CLIENT: word</c>, then one or more inputs, each behind a line <c>=== name</c>, word for word as Postfix
/// wrote them. Every client of the inputs must be expected; a transcript without subject is of client <c>unknown</c>.
/// </summary>
internal sealed record BehaviourCase(SortedDictionary<string, string> Expected, SortedDictionary<string, string> Causes, SortedDictionary<string, string> Verdicts, IReadOnlyList<string> Inputs)
{
    private static string Folder => RepositoryRoot.Of("tests", "Postern.Tests", "Cases", "Behaviours");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static BehaviourCase Read(string name)
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var causes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var verdicts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var inputs = new List<List<string>>();
        foreach (var line in File.ReadLines(Path.Combine(Folder, name + ".txt"), System.Text.Encoding.Latin1))
        {
            if (line.StartsWith("=== ", StringComparison.Ordinal))
            {
                inputs.Add([]);
            }
            else if (inputs.Count > 0)
            {
                inputs[^1].Add(line);
            }
            else if (line.Split(' ', 4) is ["#", "expect" or "cause" or "verdict", var client, var words])
            {
                var into = line[2] switch { 'e' => expected, 'c' => causes, _ => verdicts };
                client[^1].ShouldBe(':', $"{name}: a colon belongs behind the client in: {line}");
                into.Add(client[..^1], words.Trim());
            }
            else
            {
                line.ShouldStartWith("# ", customMessage: $"{name}: only comments stand before the first ===");
            }
        }

        expected.ShouldNotBeEmpty($"{name} expects nothing");
        return new BehaviourCase(expected, causes, verdicts, [.. inputs.Select(lines => string.Join('\n', lines) + "\n")]);
    }

    /// <summary>The ids of a client as the case writes them: a number only where the case gives one.</summary>
    public static string Shown(ClientFinding client, string? likeness)
    {
        var numbered = (likeness ?? "").Split(' ').Where(word => word.Contains('=', StringComparison.Ordinal)).Select(word => word.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        return string.Join(' ', client.Behaviours.Select(pair => numbered.Contains(pair.Key.Id()) ? $"{pair.Key.Id()}={pair.Value}" : pair.Key.Id()).Order(StringComparer.Ordinal));
    }
}
