using System.Text;
using MimeKit;
using Postern.Checks.Arc;
using Postern.Checks.Dkim;
using Postern.Checks.Dns;
using Postern.Tests.Checks.Spf;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Checks.Arc;

/// <summary>Runs suites of the ARC validation format: documents of <c>tests</c> (<c>message</c>, <c>cv</c>) and <c>txt-records</c>.</summary>
internal static class ArcSuite
{
    /// <summary>Runs all cases of a file.</summary>
    /// <returns>How many there were, and what is to be said of those that ended otherwise than stated.</returns>
    public static async Task<(int Count, List<string> Failures)> RunFileAsync(string file, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        var count = 0;
        using var reader = new StringReader(WithoutBlankStarts(await File.ReadAllTextAsync(file, cancellationToken)));
        foreach (var document in YamlTree.ReadDocuments(reader))
        {
            foreach (var (name, test) in document["tests"].Pairs ?? [])
            {
                // Suites for signers share the format; they have no expected state of the chain.
                if (test["cv"] == YamlTree.Missing || test["sel"] != YamlTree.Missing)
                {
                    continue;
                }

                count++;
                var outcome = await RunAsync(test["message"].Text, document["txt-records"], cancellationToken);
                if (!Expected(test["cv"].Text).Equals(outcome.Result))
                {
                    failures.Add($"{Path.GetFileName(file)} {name}: {outcome.Result} ({outcome.Remark}), not {test["cv"].Text}: {test["description"].Text}");
                }
            }
        }

        return (count, failures);
    }

    /// <summary>An empty state is the format's word for a chain whose sealers already found it broken: nothing is added to it.</summary>
    private static TestResult Expected(string cv) => cv.Trim().ToLowerInvariant() switch
    {
        "pass" => TestResult.Pass,
        "none" => TestResult.None,
        _ => TestResult.Fail,
    };

    private static async Task<ArcOutcome> RunAsync(string text, YamlTree records, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));
        using var stream = new MemoryStream(bytes);
        MimeMessage message;
        try
        {
            message = await MimeMessage.LoadAsync(stream, cancellationToken);
        }
        catch (FormatException)
        {
            // What has no header at all is no message to MimeKit, and has no chain.
            message = new MimeMessage();
        }

        return await new ArcCheck(new(), new()).RunAsync(message, new DkimBody(bytes), new Records(records), cancellationToken);
    }

    /// <summary>
    /// Suites write an empty text as a block of one line of blanks, which the parser refuses; a blank line at the start of a
    /// block means the same without its blanks.
    /// </summary>
    private static string WithoutBlankStarts(string text)
    {
        var lines = text.Split('\n');
        var isStart = false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (isStart && string.IsNullOrWhiteSpace(lines[i]))
            {
                lines[i] = "";
            }
            else
            {
                isStart = lines[i].TrimEnd().EndsWith('|') && lines[i].Contains(": ", StringComparison.Ordinal);
            }
        }

        return string.Join('\n', lines);
    }

    private sealed class Records(YamlTree records) : IResolver
    {
        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            // Long records are lists of strings in some suites.
            var text = string.Concat(records[question.Name].AsList().Select(part => part.Text)).Trim();
            return new(text.Length == 0 ? DnsAnswer.Without(DnsStatus.NxDomain) : new DnsAnswer { Status = DnsStatus.Answer, Texts = [text] });
        }
    }
}
