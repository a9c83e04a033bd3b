using System.Text.RegularExpressions;
using Postern.Capture.Grammar;
using Postern.Facts;
using Postern.Tests.Capture.Grammar;
using Postern.Tests.Support;

namespace Postern.Tests.Architecture;

/// <summary>docs/grammar.md, the cases and the code name the same kinds.</summary>
public sealed partial class GrammarTests
{
    private static readonly IReadOnlyList<string> s_kinds = [.. Enum.GetNames<SmtpEventKind>().Except([nameof(SmtpEventKind.None)], StringComparer.Ordinal)];

    [Fact]
    public void Every_kind_of_event_stands_in_the_table_of_forms()
    {
        var told = File.ReadLines(RepositoryRoot.Of("docs", "grammar.md")).Where(line => line.StartsWith('|') || line.StartsWith("Each of these becomes", StringComparison.Ordinal))
            .SelectMany(line => Quoted().Matches(line).Select(match => match.Groups["quoted"].Value)).ToHashSet(StringComparer.Ordinal);
        s_kinds.Where(kind => !told.Contains(kind)).ShouldBeEmpty();
        told.Where(word => Kind().IsMatch(word)).Except(s_kinds, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Every_kind_of_event_has_a_case()
    {
        var cases = GrammarCase.All.Select(item => item.Expected.Split(' ')[0]).ToHashSet(StringComparer.Ordinal);
        s_kinds.Where(kind => !cases.Contains(kind)).ShouldBeEmpty();
        cases.Contains(nameof(LineClass.Unknown)).ShouldBeTrue();
    }

    [GeneratedRegex("`(?<quoted>[^`]+)`", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Quoted();

    // A word of several capitals without a blank: "LostConnection", but neither "STAGE" nor "Q:".
    [GeneratedRegex("^([A-Z][a-z]+){2,}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kind();
}
