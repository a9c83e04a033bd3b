using Microsoft.Extensions.Time.Testing;
using Postern.Checks.Dns;

namespace Postern.Tests.Checks.Dns;

public class CachingResolverTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Equal_questions_under_way_are_asked_once()
    {
        var server = new SlowServer();
        var resolver = new CachingResolver(server, new(), _time);

        var first = resolver.QueryAsync(new("a.example", DnsType.A), TestContext.Current.CancellationToken).AsTask();
        var second = resolver.QueryAsync(new("A.EXAMPLE.", DnsType.A), TestContext.Current.CancellationToken).AsTask();
        server.Reply(DnsAnswer.Without(DnsStatus.NxDomain) with { TimeToLive = TimeSpan.FromMinutes(1) });

        (await first).Status.ShouldBe(DnsStatus.NxDomain);
        (await second).Status.ShouldBe(DnsStatus.NxDomain);
        server.Questions.ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_name_is_kept_for_its_time_and_no_longer()
    {
        var server = new SlowServer();
        server.Reply(DnsAnswer.Without(DnsStatus.NxDomain) with { TimeToLive = TimeSpan.FromMinutes(1) });
        var resolver = new CachingResolver(server, new(), _time);
        DnsQuestion question = new("a.example", DnsType.A);

        await resolver.QueryAsync(question, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(59));
        (await resolver.QueryAsync(question, TestContext.Current.CancellationToken)).TimeToLive.ShouldBe(TimeSpan.FromSeconds(1));
        server.Questions.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        await resolver.QueryAsync(question, TestContext.Current.CancellationToken);

        server.Questions.ShouldBe(2);
    }

    [Fact]
    public async Task A_failure_is_kept_for_seconds_only()
    {
        var server = new SlowServer();
        server.Reply(DnsAnswer.Without(DnsStatus.ServerFailure) with { TimeToLive = TimeSpan.FromHours(1) });
        var resolver = new CachingResolver(server, new(), _time);

        await resolver.QueryAsync(new("a.example", DnsType.A), TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(3));
        await resolver.QueryAsync(new("a.example", DnsType.A), TestContext.Current.CancellationToken);

        server.Questions.ShouldBe(2);
    }

    [Fact]
    public void Large_answers_do_not_fill_the_memory()
    {
        var cache = new DnsCache(new() { CacheCharacters = 100_000 });
        for (var i = 0; i < 1000; i++)
        {
            cache.Keep(new($"n{i}.example", DnsType.Txt), new() { Status = DnsStatus.Answer, Texts = [new string('x', 5000)], TimeToLive = TimeSpan.FromHours(1) }, _time.GetUtcNow());
        }

        cache.Characters.ShouldBeLessThanOrEqualTo(100_000);
        cache.Count.ShouldBeInRange(1, 20);
        cache.Find(new("n999.example", DnsType.Txt), _time.GetUtcNow()).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_end_of_the_checks_time_is_a_time_out_not_an_exception()
    {
        using var deadline = new CancellationTokenSource();
        var log = new LookupLog(new CachingResolver(new SlowServer(), new(), _time), deadline.Token);

        var answer = log.QueryAsync(new("a.example", DnsType.A), TestContext.Current.CancellationToken).AsTask();
        await deadline.CancelAsync();

        (await answer).Status.ShouldBe(DnsStatus.Timeout);
        log.Lookups.ShouldBe(["A a.example"]);
    }

    private sealed class SlowServer : IResolver
    {
        private readonly TaskCompletionSource<DnsAnswer> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _questions;

        public int Questions => _questions;

        public void Reply(DnsAnswer answer) => _reply.SetResult(answer);

        public async ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _questions);
            return await _reply.Task.WaitAsync(cancellationToken);
        }
    }
}
