namespace Postern.Tests.Fail2Ban.Samples;

/// <summary>fail2ban's own sample logs: each filter must find in each annotated line what the annotation says, and nothing in the others.</summary>
public sealed class SampleSuiteTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_annotated_line_gives_what_its_annotation_says()
    {
        if (!SampleFolders.Exist)
        {
            Assert.Skip($"fail2ban's sample logs are not at {SampleFolders.Logs}");
        }

        var problems = new List<string>();
        var cases = new Dictionary<(string File, int Line), bool>();
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
            // A file may be run by several filters, each passing over what is not for it.
            foreach (var (line, passed) in run.Cases)
            {
                cases[line] = passed && cases.GetValueOrDefault(line, true);
            }
        }

        var annotated = SampleFolders.AnnotatedLines();
        foreach (var file in annotated.GroupBy(line => line.File, StringComparer.Ordinal).OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{file.Key,-32} {file.Count(line => cases.GetValueOrDefault(line)),4} / {file.Count()}");
        }

        output.WriteLine($"{"all",-32} {annotated.Count(line => cases.GetValueOrDefault(line)),4} / {annotated.Count}");
        problems.AddRange(annotated.Where(line => !cases.ContainsKey(line)).Select(line => $"{line.File}:{line.Line}: never tried"));
        foreach (var problem in problems)
        {
            output.WriteLine(problem);
        }

        problems.ShouldBeEmpty();
    }
}
