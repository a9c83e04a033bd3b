using System.Text.RegularExpressions;
using Postern.Tests.Support;

namespace Postern.Tests.Architecture;

/// <summary>The sources and documents use the words of the field, which an operator searches for.</summary>
public sealed partial class WordTests
{
    private static readonly string[] s_read = [".cs", ".md", ".toml", ".service", ".csproj"];

    [Fact]
    public void No_source_or_document_uses_a_word_that_only_insiders_know()
    {
        var files = new[] { "src", "docs", "packaging" }.SelectMany(folder => Directory.EnumerateFiles(RepositoryRoot.Of(folder), "*", SearchOption.AllDirectories))
            .Concat([RepositoryRoot.Of("README.md"), RepositoryRoot.Of("CONTRIBUTING.md")])
            .Where(file => s_read.Contains(Path.GetExtension(file), StringComparer.Ordinal) && !IsBuilt(file));
        files.SelectMany(file => File.ReadLines(file).Select((line, i) => (Line: line, Place: $"{Path.GetRelativePath(RepositoryRoot.Path, file)}:{i + 1}")))
            .Where(read => Insider().IsMatch(read.Line)).Select(read => $"{read.Place}: {read.Line.Trim()}").ShouldBeEmpty();
    }

    private static bool IsBuilt(string file) => file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");

    // The elapsed time of a measurement is its wall-clock time everywhere.
    [GeneratedRegex(@"\b(walls?|desks?|knock\w*|doors?|deferrals?)\b(?!-clock)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Insider();
}
