using Microsoft.Extensions.Time.Testing;
using Postern.Explain;
using Postern.Facts;

namespace Postern.Tests.Explain;

/// <summary>A client that is the server itself is told as such, and never banned.</summary>
public sealed class OwnHostTests : IDisposable
{
    private const string Own = "203.0.113.25";
    private readonly PipelineSupport _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task An_address_to_which_postscreens_clients_come_is_the_servers()
    {
        var found = await _run.ExplainLog(
            $"Nov 25 01:00:00 mx postfix/postscreen[5]: CONNECT from [198.51.100.9]:4000 to [{Own}]:25\nNov 25 01:00:00 mx postfix/postscreen[5]: PASS OLD [198.51.100.9]:4000\n" + Dots(Own) + Dots("198.51.100.77"));
        Of(found, Own).ShouldBe((true, Verdict.Watch));
        Of(found, "198.51.100.77").ShouldBe((false, Verdict.Ban));
    }

    [Fact]
    public async Task The_confirmed_name_of_the_loopback_network_is_the_servers()
    {
        var found = await _run.ExplainLog(Dots("127.0.0.1", "mail.example.org") + Dots(Own, "mail.example.org") + Dots("198.51.100.77", "other.example.org"));
        found.Clients.Select(client => (client.Address.ToString(), client.IsOwnHost)).ShouldBe([("127.0.0.1", true), (Own, true), ("198.51.100.77", false)], ignoreOrder: true);
        found.Clients.Where(client => client.IsOwnHost).ShouldAllBe(client => client.Verdict == Verdict.Watch);
        (await _run.ExplainLog(Dots("127.0.0.1", "localhost") + Dots(Own, "localhost"))).Clients.Single(client => client.Address.ToString() is Own).IsOwnHost.ShouldBeFalse();
    }

    [Theory]
    [InlineData("mx", true)]
    [InlineData("mx.example.org", true)]
    [InlineData("laptop", false)]
    public async Task The_interfaces_of_this_machine_count_in_its_own_log_alone(string machine, bool isOwn)
    {
        ClientAddress.TryParse("198.51.100.7", out var address).ShouldBeTrue();
        var request = new ExplainRequest { Inputs = [_run.Write(Dots("198.51.100.7"))], All = true, Machine = new OwnMachine(machine, new HashSet<ClientAddress> { address }) };
        var (found, _) = await new ExplainPipeline(new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero))).ExplainAsync(request, TestContext.Current.CancellationToken);
        Of(found.ShouldNotBeNull(), "198.51.100.7").ShouldBe((isOwn, isOwn ? Verdict.Watch : Verdict.Ban));
    }

    private static (bool IsOwn, Verdict Verdict) Of(Explanation found, string client) =>
        found.Clients.Where(one => string.Equals(one.Address.ToString(), client, StringComparison.Ordinal)).Select(one => (one.IsOwnHost, one.Verdict)).Single();

    private static string Dots(string client, string name = "unknown") => string.Concat(Enumerable.Range(0, 12).Select(i =>
    {
        var head = $"Nov 25 01:00:{i:00} mx postfix/smtpd[{100 + i}]: ";
        return $"{head}connect from {name}[{client}]\n{head}warning: non-SMTP command from {name}[{client}]: .\n{head}disconnect from {name}[{client}] unknown=0/1 commands=0/1\n";
    }));
}
