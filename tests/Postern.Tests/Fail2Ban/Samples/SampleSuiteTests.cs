namespace Postern.Tests.Fail2Ban.Samples;

/// <summary>fail2ban's own sample logs: each filter must find in each annotated line what the annotation says, and nothing in the others.</summary>
public sealed class SampleSuiteTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_annotated_line_gives_what_its_annotation_says()
    {
        if (!SampleFolders.Exist)
            Assert.Skip($"fail2ban's sample logs are not at {SampleFolders.Logs}");
        var problems = new List<string>();
        var cases = new SortedDictionary<string, (int Passed, int Total)>(StringComparer.Ordinal);
        foreach (var (name, folder) in SampleFolders.Filters())
        {
            if (!File.Exists(Path.Combine(SampleFolders.Logs, name)))
            {
                problems.Add($"{name}: no sample log");
                continue;
            }

            var run = new SampleRun(name, folder);
            run.Run();
            problems.AddRange(run.Problems);
            foreach (var (file, (passed, total)) in run.Cases)
            {
                var (before, all) = cases.GetValueOrDefault(file);
                cases[file] = (all == 0 ? passed : Math.Min(before, passed), Math.Max(all, total));
            }
        }

        foreach (var (file, (passed, total)) in cases)
            output.WriteLine($"{file,-32} {passed,4} / {total}");
        output.WriteLine($"{"all",-32} {cases.Values.Sum(one => one.Passed),4} / {cases.Values.Sum(one => one.Total)}");
        foreach (var problem in problems)
            output.WriteLine(problem);
        problems.ShouldBeEmpty();
    }
}
