using Postern.Tests.Checks.Arc;

namespace Postern.Tests.Checks.Sender;

/// <summary>The validation suites of the ARC format: <c>tests</c>, <c>txt-records</c>, <c>message</c> and <c>cv</c>.</summary>
public sealed class ArcSuiteTests(ITestOutputHelper output)
{
    /// <summary>
    /// Cases of the suites of the drafts that RFC 8617 contradicts, each with its section.
    /// </summary>
    private static readonly Dictionary<string, string> s_contradicted = new(StringComparer.Ordinal)
    {
        ["ams_fields_c_na"] = "4.1.2: the tags are those of DKIM, where a missing c= is simple/simple (RFC 6376, 3.5); the draft's was relaxed/relaxed",
    };

    [Fact]
    public async Task Every_case_of_every_suite_in_the_folder_passes()
    {
        var folder = Environment.GetEnvironmentVariable("POSTERN_ARC_SUITES");
        if (string.IsNullOrEmpty(folder) || !Directory.Exists(folder))
        {
            Assert.Skip("POSTERN_ARC_SUITES names no folder of ARC suites.");
        }

        var failures = new List<string>();
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".yml" or ".yaml").Order(StringComparer.Ordinal))
        {
            var (cases, wrong) = await ArcSuite.RunFileAsync(file, TestContext.Current.CancellationToken);
            count += cases;
            failures.AddRange(wrong);
        }

        foreach (var failure in failures.Where(IsContradicted))
        {
            output.WriteLine($"RFC 8617, {s_contradicted.First(c => Names(failure, c.Key)).Value}: {failure}");
        }

        failures.RemoveAll(IsContradicted);
        output.WriteLine($"{count - failures.Count} of {count} ARC cases end as RFC 8617 says");
        failures.ShouldBeEmpty();
    }

    private static bool IsContradicted(string failure) => s_contradicted.Keys.Any(name => Names(failure, name));

    private static bool Names(string failure, string name) => failure.Contains($".yml {name}:", StringComparison.Ordinal);
}
