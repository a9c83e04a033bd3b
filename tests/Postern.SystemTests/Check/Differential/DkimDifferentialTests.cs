using System.Globalization;
using MimeKit;
using Postern.Checks.Dkim;
using Postern.Checks.Dns;

namespace Postern.SystemTests.Check.Differential;

/// <summary>
/// 500 signed and mutated messages, verified by this program, by dkimpy and by Mail::DKIM, the keys in one real DNS server. Where they
/// differ, the RFCs say who is right: <see cref="DkimDifferences"/> lists every class in which we are, with its section.
/// </summary>
public sealed class DkimDifferentialTests(ITestOutputHelper output)
{
    private const int Cases = 500;

    [Fact]
    public async Task Mutated_messages_verify_as_by_the_references_but_for_the_listed_classes()
    {
        ReferenceProgram.Require("dkim", "dns.message", "Mail::DKIM::Verifier");
        var stop = TestContext.Current.CancellationToken;
        using var messages = new DkimMessages(DifferentialSeed.Choose(output));
        DkimRandomCase[] cases = [.. Enumerable.Range(0, Cases).Select(_ => messages.Next())];
        await using var server = await SuiteServer.StartAsync([.. messages.Zone()], [], stop);
        var folder = Directory.CreateTempSubdirectory("postern-dkim-");
        try
        {
            string[] paths = [.. Enumerable.Range(0, Cases).Select(i => Path.Combine(folder.FullName, i.ToString(CultureInfo.InvariantCulture)))];
            for (var i = 0; i < Cases; i++)
            {
                await File.WriteAllBytesAsync(paths[i], cases[i].Bytes, stop);
            }

            var dkimpy = ReferenceProgram.RunAsync("dkim_dkimpy.py", server.Port, paths, stop);
            var mailDkim = ReferenceProgram.RunAsync("dkim_maildkim.pl", server.Port, paths, stop);
            var check = new DkimCheck(new DkimOptions(), TimeProvider.System);
            var resolver = new CachingResolver(server.Resolver, new DnsOptions(), TimeProvider.System);
            var ours = new List<IReadOnlyList<DkimOutcome>>();
            foreach (var item in cases)
            {
                using var stream = new MemoryStream(item.Bytes);
                var message = await MimeMessage.LoadAsync(stream, stop);
                ours.Add(await check.RunAsync(message, new DkimBody(item.Bytes), [], new LookupRecorder(resolver, stop), stop));
            }

            var tally = new DifferenceTally();
            Compare("dkimpy", await dkimpy, DkimDifferences.OfDkimpy);
            Compare("Mail::DKIM", await mailDkim, DkimDifferences.OfMailDkim);
            output.WriteLine(string.Join(", ", ours.SelectMany(o => o).GroupBy(o => o.Result).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}")));
            tally.Write(output);
            tally.Unknown.ShouldBeEmpty();

            void Compare(string name, ReferenceAnswer[] answers, IReadOnlyList<DkimDifference> known)
            {
                for (var i = 0; i < Cases; i++)
                {
                    if (DkimSeen.Passes(answers[i]) == ours[i].Count(o => o.Result == DkimResult.Pass))
                    {
                        tally.Agreed(name);
                        continue;
                    }

                    var seen = new DkimSeen(cases[i], ours[i], answers[i]);
                    tally.Differed(name, known.FirstOrDefault(k => k.Explains(seen))?.Title,
                        $"{name}: {answers[i].Result} ({answers[i].Reason}), ours {string.Join(' ', ours[i].Select(o => $"{o.Result} ({o.Remark})"))}: {cases[i].What}");
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
