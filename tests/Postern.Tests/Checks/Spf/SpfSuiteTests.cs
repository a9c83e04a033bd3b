namespace Postern.Tests.Checks.Spf;

/// <summary>The conformance suites of the openspf format.</summary>
public sealed class SpfSuiteTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_case_of_every_suite_in_the_folder_passes()
    {
        var folder = Environment.GetEnvironmentVariable("POSTERN_SPF_SUITES");
        folder = string.IsNullOrEmpty(folder) ? Path.Combine(RepositoryRoot(), "../shared/conformance/spf") : folder;
        string[] files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Where(IsYaml).Order(StringComparer.Ordinal)]
            : [];
        if (files.Length == 0)
        {
            Assert.Skip($"There is no SPF suite in {folder}; POSTERN_SPF_SUITES names the folder.");
        }

        var failures = new List<string>();
        foreach (var file in files)
        {
            failures.AddRange(await RunAsync(Path.GetFileName(file), SpfSuite.Read(file)));
        }

        failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_case_of_our_own_passes()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Cases", "spf");
        var failures = new List<string>();
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(folder).Where(IsYaml))
        {
            var cases = SpfSuite.Read(file);
            count += cases.Count;
            failures.AddRange(await RunAsync(Path.GetFileName(file), cases));
        }

        failures.ShouldBeEmpty();
        count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_wrong_result_and_a_wrong_explanation_are_seen()
    {
        var cases = SpfSuite.Parse("""
            tests:
              a: { host: 192.0.2.1, mailfrom: a@example.org, result: pass }
              a: { host: 192.0.2.1, mailfrom: a@example.org, result: fail, explanation: Go away }
              b: { host: 192.0.2.1, mailfrom: a@example.org, result: [fail, pass] }
              c: { host: 192.0.2.1, mailfrom: a@example.org, result: fail, strict: 0 }
            zonedata:
              example.org:
                - SPF: v=spf1 -all
            """);
        (await RunAsync("wrong", cases)).Count.ShouldBe(2);
    }

    private async Task<List<string>> RunAsync(string file, List<SpfCase> cases)
    {
        var asked = cases.Where(item => item.Wanted.Count > 0).ToList();
        var failures = new List<string>();
        foreach (var item in asked)
        {
            if (await item.RunAsync(TestContext.Current.CancellationToken) is { } failure)
            {
                failures.Add($"{file}: {failure}");
            }
        }

        var others = cases.Count - asked.Count;
        var line = $"SPF {file}: {asked.Count - failures.Count} of {asked.Count} cases pass"
            + (others > 0 ? $" ({others} more ask for what RFC 7208 does not have)" : "");
        output.WriteLine(line);
        await Console.Out.WriteLineAsync(line);
        return failures;
    }

    private static bool IsYaml(string path) => Path.GetExtension(path).ToUpperInvariant() is ".YML" or ".YAML";

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Postern.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
