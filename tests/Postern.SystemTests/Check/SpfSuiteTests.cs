using System.Collections.Concurrent;
using Postern.SystemTests.Support;
using Postern.Tests.Checks.Spf;

namespace Postern.SystemTests.Check;

/// <summary>The suites of SPF once more, their zones served by unbound: what goes over the wire is tested with them.</summary>
public sealed class SpfSuiteTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_case_passes_over_a_real_resolver()
    {
        if (!File.Exists("/usr/sbin/unbound"))
        {
            Assert.Skip("needs the Debian package unbound");
        }

        var given = Environment.GetEnvironmentVariable("POSTERN_SPF_SUITES");
        string[] folders = [Path.Combine(Machine.RepositoryRoot(), "tests/Postern.Tests/Cases/spf"), string.IsNullOrEmpty(given) ? Path.Combine(Machine.RepositoryRoot(), "../shared/conformance/spf") : given];
        foreach (var missing in folders.Where(f => !Directory.Exists(f)))
        {
            output.WriteLine($"There is no SPF suite in {missing}; POSTERN_SPF_SUITES names the folder.");
        }

        var scenarios = folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.yml")).Order(StringComparer.Ordinal)
            .SelectMany(file => SpfSuite.Read(file).Where(c => c.Wanted.Count > 0).Select(c => (File: Path.GetFileName(file), Case: c)))
            .GroupBy(c => c.Case.Zone).ToArray();
        var failures = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(scenarios, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, async (scenario, stop) =>
        {
            await using var server = await SuiteServer.StartAsync(ToRecords(scenario.Key), [.. scenario.Key.Silent], stop);
            foreach (var (file, item) in scenario)
            {
                if (await item.RunAsync(server.Resolver, stop) is { } failure)
                {
                    failures.Add($"{file}: {failure}");
                }
            }
        });

        foreach (var file in scenarios.SelectMany(s => s).GroupBy(c => c.File, StringComparer.Ordinal))
        {
            output.WriteLine($"{file.Key}: {file.Count() - failures.Count(f => f.StartsWith(file.Key, StringComparison.Ordinal))} of {file.Count()} cases pass");
        }

        scenarios.Length.ShouldBePositive();
        failures.ShouldBeEmpty();
    }

    private static List<ZoneRecord> ToRecords(SuiteZone zone)
    {
        var records = new List<ZoneRecord>();
        foreach (var (name, type, value) in zone.Records)
        {
            switch (type)
            {
                case "TXT":
                    records.AddRange(value.AsList().Any() ? [new(name, type, Texts(value))] : []);
                    break;
                case "MX":
                    var exchanger = SuiteZone.Exchanger(value);
                    records.Add(new(name, type, $"{exchanger.Preference} {SuiteServer.Escape(exchanger.Name)}."));
                    break;
                case "PTR" or "CNAME":
                    records.AddRange(value.AsList().Select(target => new ZoneRecord(name, type, SuiteServer.Escape(target.Text.TrimEnd('.')) + ".")));
                    break;
                case "A" or "AAAA":
                    records.AddRange(value.AsList().Select(address => new ZoneRecord(name, type, address.Text)));
                    break;
                default:
                    // A type that nobody asks for only makes the name exist.
                    records.Add(new(name, "HINFO", "\"x\" \"y\""));
                    break;
            }
        }

        return [.. records.Distinct()];
    }

    private static string Texts(YamlTree value)
    {
        var text = SuiteZone.Text(value);
        var parts = value.Items is { Count: > 1 } items && items.All(i => i.Text.Length < 256) && text.Length == items.Sum(i => i.Text.Length)
            ? items.Select(i => i.Text)
            : text.Length == 0 ? [""] : text.Chunk(255).Select(c => new string(c));
        return string.Join(' ', parts.Select(p => $"\"{SuiteServer.Escape(p, isName: false)}\""));
    }
}
