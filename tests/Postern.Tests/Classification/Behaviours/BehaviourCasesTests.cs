using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Explain;
using Postern.Facts;

namespace Postern.Tests.Classification.Behaviours;

/// <summary>Logs and notices, and what each client in them showed. A case is a file in Cases/Behaviours.</summary>
public sealed class BehaviourCasesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-cases-");

    public static TheoryData<string> Cases => [.. BehaviourCase.Names];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_client_shows_what_the_case_expects(string name)
    {
        var wanted = BehaviourCase.Read(name);
        var explanation = await ExplainAsync(wanted);
        var found = explanation.Clients.ToDictionary(client => client.Address.ToString(), StringComparer.Ordinal);
        Lines(found.Keys.Select(client => (client, BehaviourCase.Shown(found[client], wanted.Expected.GetValueOrDefault(client)))))
            .ShouldBe(Lines(wanted.Expected.Select(pair => (pair.Key, string.Join(' ', pair.Value.Split(' ').Order(StringComparer.Ordinal))))));
        Lines(wanted.Causes.Keys.Select(client => (client, found[client].Cause.Cause.Id())))
            .ShouldBe(Lines(wanted.Causes.Select(pair => (pair.Key, pair.Value))));
        Lines(wanted.Verdicts.Keys.Select(client => (client, found[client].Verdict.ToString().ToLowerInvariant())))
            .ShouldBe(Lines(wanted.Verdicts.Select(pair => (pair.Key, pair.Value))));
    }

    [Fact]
    public void Every_behaviour_has_a_case()
    {
        var told = BehaviourCase.Names.SelectMany(name => BehaviourCase.Read(name).Expected.Values)
            .SelectMany(ids => ids.Split(' ')).Select(id => id.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        told.ShouldBe(Enum.GetValues<Behaviour>().Select(behaviour => behaviour.Id()), ignoreOrder: true);
    }

    private async Task<Explanation> ExplainAsync(BehaviourCase wanted)
    {
        var files = wanted.Inputs.Select((text, i) =>
        {
            var file = Path.Combine(_folder.FullName, $"input-{i}");
            File.WriteAllText(file, text, Encoding.Latin1);
            return file;
        }).ToArray();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.Zero));
        var (explanation, failure) = await new ExplainPipeline(time).ExplainAsync(
            new ExplainRequest { Inputs = files, All = true, Year = 2026 }, TestContext.Current.CancellationToken);
        failure.ShouldBeNull();
        explanation!.LinesUnparsed.ShouldBe(0);
        return explanation;
    }

    private static string Lines(IEnumerable<(string Client, string Words)> pairs) =>
        string.Join('\n', pairs.OrderBy(pair => pair.Client, StringComparer.Ordinal).Select(pair => $"{pair.Client}: {pair.Words}"));
}
