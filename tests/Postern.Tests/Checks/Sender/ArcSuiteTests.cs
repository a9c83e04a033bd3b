using Postern.Tests.Checks.Arc;

namespace Postern.Tests.Checks.Sender;

/// <summary>The validation suites of the ARC format: <c>tests</c>, <c>txt-records</c>, <c>message</c> and <c>cv</c>.</summary>
public sealed class ArcSuiteTests(ITestOutputHelper output)
{
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

        output.WriteLine($"{count - failures.Count} of {count} ARC cases pass");
        failures.ShouldBeEmpty();
    }
}
