using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Explain;

/// <summary>Sessions over time by verdict, and the server's name.</summary>
public sealed class VerdictTimelineTests(PipelineSupport pipeline) : IClassFixture<PipelineSupport>
{
    [Fact]
    public async Task Each_session_of_a_client_counts_once_under_its_verdict()
    {
        var explanation = await pipeline.Explain(2026, RepositoryRoot.Of("samples", "mail.log"));
        var verdicts = explanation.Timeline.ShouldNotBeNull().Verdicts;
        foreach (var verdict in new[] { Verdict.Ban, Verdict.Watch, Verdict.Ignore })
        {
            verdicts[verdict].Sum().ShouldBe(explanation.Clients.Where(client => client.Verdict == verdict).Sum(client => client.Sessions));
        }

        verdicts.Values.Select(row => row.Length).Distinct().ShouldHaveSingleItem();
        // Those of senders that only brought mail are left out.
        verdicts[Verdict.Protect].Sum().ShouldBeInRange(1, explanation.Clients.Where(client => client.Verdict == Verdict.Protect).Sum(client => client.Sessions) - 1);
    }

    [Fact]
    public async Task The_server_is_named_where_all_logs_name_one()
    {
        const string Line = "2026-11-25T02:00:00+00:00 {0} postfix/smtpd[7]: connect from unknown[192.0.2.7]\n2026-11-25T02:00:01+00:00 {0} postfix/smtpd[7]: disconnect from unknown[192.0.2.7] commands=0/0\n";
        var first = pipeline.Write(Line.Replace("{0}", "mx1", StringComparison.Ordinal));
        var second = pipeline.Write(Line.Replace("{0}", "mx2", StringComparison.Ordinal));
        (await pipeline.Explain(null, first)).Host.ShouldBe("mx1");
        (await pipeline.Explain(null, first, second)).Host.ShouldBeNull();
    }
}
