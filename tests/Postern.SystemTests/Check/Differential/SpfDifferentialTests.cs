using Postern.Checks.Dns;
using Postern.Checks.Spf;
using Postern.Facts;

namespace Postern.SystemTests.Check.Differential;

/// <summary>
/// 5,000 random SPF records, judged by this evaluator, by pyspf and by Mail::SPF over one real DNS server. Where they differ, RFC 7208
/// says who is right: <see cref="SpfDifferences"/> lists every class in which we are, with its section.
/// </summary>
public sealed class SpfDifferentialTests(ITestOutputHelper output)
{
    private const int Cases = 5000;

    [Fact]
    public async Task Random_records_are_judged_as_by_the_references_but_for_the_listed_classes()
    {
        ReferenceProgram.Require("spf", "dns.message", "Mail::SPF");
        var stop = TestContext.Current.CancellationToken;
        var records = new SpfRecords(DifferentialSeed.Choose(output));
        SpfRandomCase[] cases = [.. Enumerable.Range(0, Cases).Select(records.Next)];
        await using var server = await SuiteServer.StartAsync([.. SpfRecords.World(), .. SpfRecords.Zone(cases)], [], stop, [SpfRecords.Refused]);
        string[] lines = [.. cases.Select(c => c.Line)];
        var pyspf = ReferenceProgram.RunAsync("spf_pyspf.py", server.Port, lines, stop);
        var mailSpf = ReferenceProgram.RunAsync("spf_mailspf.pl", server.Port, lines, stop);
        var evaluator = new SpfEvaluator(new CachingResolver(server.Resolver, new DnsOptions(), TimeProvider.System), new SpfOptions());
        var ours = new List<SpfOutcome>(cases.Length);
        foreach (var item in cases)
        {
            ClientAddress.TryParse(item.Client, out var client).ShouldBeTrue();
            var sender = item.Sender.Length > 0 ? item.Sender : "postmaster@" + item.Helo;
            ours.Add(await evaluator.EvaluateAsync(client, item.Domain, sender, item.Helo, stop));
        }

        var tally = new DifferenceTally();
        Compare("pyspf", await pyspf, SpfDifferences.OfPyspf);
        Compare("Mail::SPF", await mailSpf, SpfDifferences.OfMailSpf);
        output.WriteLine(string.Join(", ", ours.GroupBy(o => o.Result).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}")));
        tally.Write(output);
        tally.Unknown.ShouldBeEmpty();

        void Compare(string name, ReferenceAnswer[] answers, IReadOnlyList<SpfDifference> known)
        {
            for (var i = 0; i < cases.Length; i++)
            {
                var own = ours[i].Result.ToString().ToLowerInvariant();
                if (string.Equals(own, answers[i].Result, StringComparison.Ordinal))
                {
                    tally.Agreed(name);
                    continue;
                }

                var seen = new SpfSeen(cases[i], ours[i], answers[i]);
                tally.Differed(name, known.FirstOrDefault(k => k.Explains(seen))?.Title,
                    $"{name}: {answers[i].Result} ({answers[i].Reason}), ours {own} ({ours[i].Problem ?? ours[i].Mechanism}): {cases[i].Line.Replace('\t', ' ')} '{cases[i].Record}'");
            }
        }
    }
}
