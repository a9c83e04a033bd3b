using System.Text;
using MimeKit;
using Postern.Checks.Arc;
using Postern.Checks.Dns;
using Postern.Tests.Checks.Spf;
using TestResult = Postern.Facts.TestResult;

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
            using var reader = new StringReader(WithoutBlankStarts(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));
            foreach (var document in YamlTree.ReadDocuments(reader))
            {
                foreach (var (name, test) in document["tests"].Pairs ?? [])
                {
                    // Suites for signers share the folder; they have no expected state of the chain.
                    if (test["cv"] == YamlTree.Missing || test["sel"] != YamlTree.Missing)
                        continue;
                    count++;
                    var result = await RunAsync(test["message"].Text, document["txt-records"]);
                    if (!Expected(test["cv"].Text).Equals(result))
                        failures.Add($"{Path.GetFileName(file)} {name}: {result}, not {test["cv"].Text}: {test["description"].Text}");
                }
            }
        }

        output.WriteLine($"{count - failures.Count} of {count} ARC cases pass");
        failures.ShouldBeEmpty();
    }

    /// <summary>
    /// The suites write an empty text as a block of one line of blanks, which the parser refuses; a blank line at the start of
    /// a block means the same without its blanks.
    /// </summary>
    private static string WithoutBlankStarts(string text)
    {
        var lines = text.Split('\n');
        var isStart = false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim().Length == 0 && isStart)
                lines[i] = "";
            else
                isStart = lines[i].TrimEnd().EndsWith('|') && lines[i].Contains(": ", StringComparison.Ordinal);
        }

        return string.Join('\n', lines);
    }

    /// <summary>An empty state is the suite's word for a chain whose sealers already found it broken: nothing is added to it.</summary>
    private static TestResult Expected(string cv) => cv.Trim().ToLowerInvariant() switch
    {
        "pass" => TestResult.Pass,
        "none" => TestResult.None,
        _ => TestResult.Fail,
    };

    private static async Task<TestResult> RunAsync(string text, YamlTree records)
    {
        var bytes = Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));
        // Nothing at all has no chain either, and is no message that could be read.
        if (bytes.Length == 0)
            return TestResult.None;
        using var stream = new MemoryStream(bytes);
        var message = await MimeMessage.LoadAsync(stream, TestContext.Current.CancellationToken);
        var check = new ArcCheck(new(), new());
        return (await check.RunAsync(message, new Records(records), TestContext.Current.CancellationToken)).Result;
    }

    private sealed class Records(YamlTree records) : IResolver
    {
        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            var text = records[question.Name];
            return new(text == YamlTree.Missing ? DnsAnswer.Without(DnsStatus.NxDomain) : new DnsAnswer { Status = DnsStatus.Answer, Texts = [text.Text.Trim()] });
        }
    }
}
