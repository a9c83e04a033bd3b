using Postern.Checks.Dns;
using Postern.Checks.Dnsbl;
using Postern.Facts;
using Postern.Tests.Support;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Checks.Dnsbl;

public class DnsblCheckTests
{
    private const string Zen = "1.2.0.192.zen.spamhaus.org";

    [Theory]
    [InlineData("127.0.0.2", "SBL")]
    [InlineData("127.0.0.3", "CSS")]
    [InlineData("127.0.0.4", "XBL")]
    [InlineData("127.0.0.7", "XBL")]
    [InlineData("127.0.0.9", "DROP")]
    [InlineData("127.0.0.10", "PBL")]
    [InlineData("127.0.0.11", "PBL")]
    public async Task A_code_of_the_table_is_a_listing_of_its_name(string code, string name)
    {
        var finding = await RunAsync($"{Zen} A {code}");

        finding.Result.ShouldBe(TestResult.Fail);
        finding.Detail.ShouldContain(name);
        finding.Points!.Value.ShouldBeLessThan(0);
    }

    [Theory]
    [InlineData("127.255.255.252")]
    [InlineData("127.255.255.254")]
    [InlineData("127.255.255.255")]
    [InlineData("127.255.255.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.8")]
    [InlineData("127.0.0.12")]
    [InlineData("127.0.1.2")]
    [InlineData("192.0.2.80")]
    public async Task Anything_else_is_an_error_and_no_listing(string code)
    {
        var finding = await RunAsync($"{Zen} A {code}");

        finding.Result.ShouldBe(TestResult.PermError);
        finding.Points.ShouldBe(0);
        finding.Detail.ShouldContain(code);
    }

    [Fact]
    public async Task An_error_code_beside_a_listing_makes_the_whole_answer_worthless() =>
        (await RunAsync($"{Zen} A 127.0.0.4\n{Zen} A 127.255.255.254")).Result.ShouldBe(TestResult.PermError);

    [Theory]
    [InlineData("SILENT")]
    [InlineData("FAIL")]
    [InlineData("BOGUS")]
    public async Task A_list_that_does_not_answer_is_no_evidence(string trouble)
    {
        var finding = await RunAsync($"{Zen} {trouble}");

        finding.Result.ShouldBe(TestResult.TempError);
        finding.Points.ShouldBe(0);
    }

    [Fact]
    public async Task A_client_that_is_on_no_list_passes() => (await RunAsync("other.example A 192.0.2.1")).Result.ShouldBe(TestResult.Pass);

    [Fact]
    public async Task Of_several_codes_of_one_list_the_weightiest_counts() =>
        (await RunAsync($"{Zen} A 127.0.0.4\n{Zen} A 127.0.0.10")).Points.ShouldBe(-6);

    [Fact]
    public async Task IPv6_is_asked_by_nibbles()
    {
        var zone = new FakeZone("");
        await RunAsync(zone, "2001:db8::25", new());

        zone.Asked.Single().Name.ShouldBe("5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.zen.spamhaus.org");
    }

    [Fact]
    public async Task A_list_of_domains_is_asked_for_the_registered_domains_of_helo_and_sender()
    {
        var zone = new FakeZone("bad.example.dbl.spamhaus.org A 127.0.1.4");
        var finding = await RunAsync(zone, "192.0.2.1", new() { Zones = [DnsblZone.Dbl] }, "mail.bad.example", "www.other.example");

        zone.Asked.Select(q => q.Name).ShouldBe(["bad.example.dbl.spamhaus.org", "other.example.dbl.spamhaus.org"], ignoreOrder: true);
        finding.Result.ShouldBe(TestResult.Fail);
        finding.Points.ShouldBe(-6);
    }

    [Theory]
    [InlineData("127.0.5.3", 4)]
    [InlineData("127.0.10.1", 1)]
    public async Task A_list_of_good_senders_gives_points(string code, double points)
    {
        var finding = await RunAsync(new FakeZone($"1.2.0.192.list.dnswl.org A {code}"), "192.0.2.1", new() { Zones = [DnsblZone.Dnswl] });

        finding.Result.ShouldBe(TestResult.Pass);
        finding.Points.ShouldBe(points);
    }

    [Theory]
    [InlineData("127.0.0.2", 0x7F000002, true)]
    [InlineData("127.0.0.4-7", 0x7F000006, true)]
    [InlineData("127.0.0.4-7", 0x7F000008, false)]
    [InlineData("127.0.0.8/255.0.0.8", 0x7F00000C, true)]
    [InlineData("127.0.0.8/255.0.0.8", 0x7F000004, false)]
    public void Codes_are_exact_a_range_or_under_a_mask(string pattern, uint answer, bool matches) =>
        DnsblCode.Parse(pattern, "x", -1).Matches(answer).ShouldBe(matches);

    private static Task<SenderFinding> RunAsync(string zone) => RunAsync(new FakeZone(zone), "192.0.2.1", new());

    private static Task<SenderFinding> RunAsync(FakeZone zone, string client, DnsblOptions options, string? helo = null, string? sender = null)
    {
        ClientAddress.TryParse(client, out var address).ShouldBeTrue();
        return new DnsblCheck(options, PublicSuffixes.Parse(["example"])).RunAsync(address, helo, sender, new LookupRecorder(zone, CancellationToken.None), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("1.0.0.127.zen.spamhaus.org A 127.0.0.2\n2.0.0.127.zen.spamhaus.org A 127.0.0.2", "lists 127.0.0.1")]
    [InlineData("other.example A 127.0.0.2", "does not list 127.0.0.2")]
    [InlineData("2.0.0.127.zen.spamhaus.org A 127.255.255.254", "error")]
    public async Task A_list_that_fails_its_test_is_switched_off_and_on_again(string broken, string why)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var told = new List<(string List, string? Problem)>();
        var health = new DnsblHealth(TimeSpan.FromHours(1), time, (list, problem) => told.Add((list, problem)));
        const string Listing = "\n7.2.0.192.zen.spamhaus.org A 127.0.0.2";
        async Task<SenderFinding> AskAsync(string zone)
        {
            ClientAddress.TryParse("192.0.2.7", out var client).ShouldBeTrue();
            return await new DnsblCheck(new(), PublicSuffixes.Parse(["example"]), health)
                .RunAsync(client, null, null, new LookupRecorder(new FakeZone(zone + Listing), CancellationToken.None), TestContext.Current.CancellationToken);
        }

        var off = await AskAsync(broken);
        off.Result.ShouldNotBe(TestResult.Fail);
        off.Detail.ShouldContain(why);
        await AskAsync(broken);
        told.Count.ShouldBe(1);

        time.Advance(TimeSpan.FromMinutes(61));
        (await AskAsync("2.0.0.127.zen.spamhaus.org A 127.0.0.2")).Result.ShouldBe(TestResult.Fail);
        told.Count.ShouldBe(2);
        told[1].Problem.ShouldBeNull();
    }

    [Fact]
    public async Task A_silent_list_is_not_switched_off()
    {
        var told = 0;
        var health = new DnsblHealth(TimeSpan.FromHours(1), TimeProvider.System, (_, _) => told++);

        (await health.FindProblemAsync(DnsblZone.Zen, new FakeZone("2.0.0.127.zen.spamhaus.org SILENT"), TestContext.Current.CancellationToken)).ShouldBeNull();
        told.ShouldBe(0);
    }

    // A reload may name another resolver: a list that the old one made nothing of is asked at once.
    [Fact]
    public async Task A_list_is_tested_again_when_the_settings_are_read_again()
    {
        var health = new DnsblHealth(TimeSpan.FromHours(1), TimeProvider.System);
        var ct = TestContext.Current.CancellationToken;
        (await health.FindProblemAsync(DnsblZone.Zen, new FakeZone("x.example A 192.0.2.1"), ct)).ShouldNotBeNull();
        var sound = new FakeZone("2.0.0.127.zen.spamhaus.org A 127.0.0.2");
        (await health.FindProblemAsync(DnsblZone.Zen, sound, ct)).ShouldNotBeNull();
        health.TestAgain();
        (await health.FindProblemAsync(DnsblZone.Zen, sound, ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_is_judged_by_a_list_while_its_first_test_is_under_way()
    {
        var dns = new Held();
        var health = new DnsblHealth(TimeSpan.FromHours(1), TimeProvider.System);

        Task<string?>[] asked = [.. Enumerable.Range(0, 3).Select(_ => health.FindProblemAsync(DnsblZone.Zen, dns, TestContext.Current.CancellationToken).AsTask())];
        asked.ShouldAllBe(a => !a.IsCompleted);
        dns.Answer.SetResult();

        (await Task.WhenAll(asked)).ShouldAllBe(problem => problem != null && problem.Contains("does not list 127.0.0.2"));
        dns.Questions.ShouldBe(2);
    }

    /// <summary>A DNS in which nothing exists, once it is let go.</summary>
    private sealed class Held : IResolver
    {
        private int _questions;

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Questions => _questions;

        public async ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _questions);
            await Answer.Task.WaitAsync(cancellationToken);
            return DnsAnswer.Without(DnsStatus.NxDomain);
        }
    }
}
