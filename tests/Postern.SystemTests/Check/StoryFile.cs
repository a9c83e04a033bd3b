using Postern.SystemTests.Support;

namespace Postern.SystemTests.Check;

/// <summary>The stories of senders that the tests of <c>check</c> are told by: a title, facts that begin with <c>@</c>, and the DNS.</summary>
internal static class StoryFile
{
    /// <summary>All of them.</summary>
    public static IEnumerable<(string Title, Dictionary<string, string> Facts, string Records)> Read()
    {
        var file = Path.Combine(Machine.RepositoryRoot(), "tests", "Postern.Tests", "Cases", "senders", "stories.txt");
        foreach (var block in File.ReadAllText(file).Split("\n== ").Skip(1))
        {
            var lines = block.Split('\n');
            yield return (
                lines[0].Trim(),
                lines.Skip(1).Where(l => l.StartsWith('@')).Select(l => l[1..].Split(' ', 2)).ToDictionary(p => p[0], p => p.Length > 1 ? p[1].Trim() : "", StringComparer.Ordinal),
                string.Join('\n', lines.Skip(1).Where(l => !l.StartsWith('@'))));
        }
    }
}
