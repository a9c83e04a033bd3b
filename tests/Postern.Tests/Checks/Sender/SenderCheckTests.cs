using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Decisions;
using Postern.Facts;
using Postern.Tests.Support;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Checks.Sender;

/// <summary>The stories of <c>Cases/senders</c>: a DNS, a sender, and what a careful operator concludes.</summary>
public class SenderCheckTests
{
    public static TheoryData<string> Stories() => [.. Read().Select(s => s.Title)];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_sender_is_judged_as_a_careful_operator_would(string title)
    {
        var story = Read().Single(s => s.Title.Equals(title, StringComparison.Ordinal));
        var verdict = await JudgeAsync(story.Zone, story.Client, story.Helo, story.Sender);

        var found = $"{verdict.Legitimacy} {verdict.Advice} {verdict.Points}: {string.Join("; ", verdict.Tests.Select(t => $"{t.Name} {t.Result} {t.Points}"))}";
        story.Verdicts.ShouldContain(v => v.Equals(verdict.Legitimacy.ToString(), StringComparison.OrdinalIgnoreCase), found);
        story.Advice.ShouldContain(a => a.Equals(verdict.Advice.ToString(), StringComparison.OrdinalIgnoreCase), found);
        verdict.MayBounce.ShouldBe(story.MayBounce, found);
    }

    [Fact]
    public async Task A_dead_DNS_refuses_nobody()
    {
        var verdict = await JudgeAsync("", new DeadDns(), "192.0.2.1", "localhost", "a@example.org");

        verdict.Advice.ShouldBe(Advice.Defer);
        verdict.Tests.Where(t => t.Name is not "helo-syntax").ShouldAllBe(t => t.Result == TestResult.TempError || t.Result == TestResult.Skipped);
    }

    [Fact]
    public async Task Ten_thousand_PTR_names_cost_ten_questions()
    {
        var zone = new FakeZone(string.Join('\n', Enumerable.Range(0, 10_000).Select(i => $"192.0.2.1 PTR n{i}.example.org")));
        await JudgeAsync("", zone, "192.0.2.1", null, null);

        zone.Asked.Count(q => q.Type == DnsType.A && q.Name.EndsWith("example.org", StringComparison.Ordinal)).ShouldBe(10);
    }

    public static TheoryData<string> Titles => [.. Read().Select(s => s.Title)];

    // Whatever single question gets no answer: nobody genuine is refused, nobody forged is genuine, no bounce is allowed by it.
    [Theory]
    [MemberData(nameof(Titles))]
    public async Task A_question_without_answer_turns_no_verdict_into_its_contrary(string title)
    {
        var story = Read().Single(s => string.Equals(s.Title, title, StringComparison.Ordinal));
        var zone = new FakeZone(story.Zone);
        await JudgeAsync("", zone, story.Client, story.Helo, story.Sender);
        foreach (var question in zone.Asked.Distinct())
        {
            var verdict = await JudgeAsync("", new OneSilent(zone, question), story.Client, story.Helo, story.Sender);

            var told = $"without {question}: {verdict.Legitimacy}, {verdict.Advice}, {verdict.Points}";
            if (!story.Advice.Contains("reject"))
            {
                verdict.Advice.ShouldNotBe(Advice.Reject, told);
            }
            // A list that is silent has never said anything of anybody.
            if (!story.Verdicts.Contains("genuine") && !question.Name.EndsWith("zen.spamhaus.org", StringComparison.Ordinal))
            {
                verdict.Legitimacy.ShouldNotBe(Legitimacy.Genuine, told);
            }

            if (!story.MayBounce)
            {
                verdict.MayBounce.ShouldBeFalse(told);
            }
        }
    }

    private static Task<SenderVerdict> JudgeAsync(string zone, string client, string? helo, string? sender) => JudgeAsync(zone, new FakeZone(zone), client, helo, sender);

    private static async Task<SenderVerdict> JudgeAsync(string _, IResolver resolver, string client, string? helo, string? sender)
    {
        ClientAddress.TryParse(client, out var address).ShouldBeTrue();
        var check = new SenderCheck(resolver, new() { Helo = new() { OwnNames = ["mx.we.example"] } }, PublicSuffixes.Parse(["example", "org", "com", "arpa", "co.example"]), TimeProvider.System);
        var facts = await check.RunAsync(new() { Address = address, Helo = helo, Sender = sender }, TestContext.Current.CancellationToken);
        return new LegitimacyScorer(LegitimacyPoints.Default).Judge(facts);
    }

    private static IEnumerable<Story> Read()
    {
        foreach (var block in File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cases/senders/stories.txt")).Split("\n== ").Skip(1))
        {
            var lines = block.Split('\n');
            var header = lines.Skip(1).Where(l => l.StartsWith('@')).Select(l => l[1..].Split(' ', 2)).ToDictionary(p => p[0], p => p.Length > 1 ? p[1].Trim() : "", StringComparer.Ordinal);
            yield return new(
                lines[0].Trim(), header["client"], header.GetValueOrDefault("helo"), header.TryGetValue("sender", out var s) ? s.Trim('<', '>') : null,
                header["verdict"].Split('|'), header["advice"].Split('|'), header.ContainsKey("bounce"),
                string.Join('\n', lines.Skip(1).Where(l => !l.StartsWith('@'))));
        }
    }

    private sealed record Story(string Title, string Client, string? Helo, string? Sender, string[] Verdicts, string[] Advice, bool MayBounce, string Zone);

    private sealed class OneSilent(IResolver zone, DnsQuestion silent) : IResolver
    {
        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken) =>
            question == silent ? new(DnsAnswer.Without(DnsStatus.Timeout, "no answer in time")) : zone.QueryAsync(question, cancellationToken);
    }

    private sealed class DeadDns : IResolver
    {
        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken) => new(DnsAnswer.Without(DnsStatus.Timeout, "no answer in time"));
    }
}
