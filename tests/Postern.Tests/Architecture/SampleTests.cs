using Microsoft.Extensions.Time.Testing;
using Postern.Explain;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Architecture;

/// <summary>A sample that does not parse teaches nothing.</summary>
public sealed class SampleTests
{
    private static readonly string[] s_notes = [".md", ".toml", ".conf", ".local", ".service"];

    public static TheoryData<string> Samples =>
        [.. Directory.EnumerateFiles(RepositoryRoot.Of("samples"), "*", SearchOption.TopDirectoryOnly)
            .Where(file => !s_notes.Contains(Path.GetExtension(file)) && !IsScript(file)).Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_is_explained(string name)
    {
        var pipeline = new ExplainPipeline(new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.Zero)));
        var (explanation, failure) = await pipeline.ExplainAsync(
            new ExplainRequest { Inputs = [RepositoryRoot.Of("samples", name)] }, TestContext.Current.CancellationToken);
        failure.ShouldBeNull();
        explanation!.Sessions.ShouldBeGreaterThan(0);
        explanation.LinesUnparsed.ShouldBe(0);
        explanation.Warnings.Where(warning => warning.Kind != WarningKind.TextNotLogged).ShouldBeEmpty();
    }

    private static bool IsScript(string file) => File.ReadLines(file).FirstOrDefault()?.StartsWith("#!", StringComparison.Ordinal) == true;
}
