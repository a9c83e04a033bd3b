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
    public void A_million_names_leave_no_more_than_the_cache_may_hold()
    {
        var cache = new DnsCache(new() { CacheEntries = 1000 });
        var missing = DnsAnswer.Without(DnsStatus.NxDomain) with { TimeToLive = TimeSpan.FromHours(1) };
        for (var i = 0; i < 1_000_000; i++)
        {
            cache.Keep(new($"n{i}.example", DnsType.A), missing, _time.GetUtcNow());
        }

        cache.Count.ShouldBe(1000);
        cache.Characters.ShouldBeLessThan(200_000);
        cache.Find(new("n0.example", DnsType.A), _time.GetUtcNow()).ShouldBeNull();
        cache.Find(new("n999999.example", DnsType.A), _time.GetUtcNow()).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_answer_without_time_is_asked_for_again()
    {
        var server = new SlowServer();
        server.Reply(new() { Status = DnsStatus.Answer, Texts = ["x"], TimeToLive = TimeSpan.Zero });
        var resolver = new CachingResolver(server, new(), _time);

        await resolver.QueryAsync(new("a.example", DnsType.Txt), TestContext.Current.CancellationToken);
        await resolver.QueryAsync(new("a.example", DnsType.Txt), TestContext.Current.CancellationToken);

        server.Questions.ShouldBe(2);
        resolver.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_a_time_out_by_the_clock()
    {
        var resolver = new CachingResolver(new SlowServer(), new(), _time);

        var answer = resolver.QueryAsync(new("a.example", DnsType.A), TestContext.Current.CancellationToken).AsTask();
        while (!answer.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        (await answer).Status.ShouldBe(DnsStatus.Timeout);
    }

    [Fact]
    public async Task The_end_of_the_checks_time_is_a_time_out_not_an_exception()
    {
        using var deadline = new CancellationTokenSource();
        var log = new LookupRecorder(new CachingResolver(new SlowServer(), new(), _time), deadline.Token);

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
