using System.Net.Sockets;
using Postern.Enforcement;
using Postern.Enforcement.Nftables;

namespace Postern.SystemTests.Run;

using static WallLaboratory;

/// <summary>Whom the wall keeps out, and for how long.</summary>
public sealed class WallTests : IAsyncLifetime
{
    private const string Knocker = "192.0.2.10";
    private const string Neighbour = "192.0.2.11";
    private const string Stranger = "198.51.100.10";
    private WallLaboratory _laboratory = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _laboratory = await CreateAsync();

    public ValueTask DisposeAsync() => _laboratory?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData(NftablesHook.Input)]
    [InlineData(NftablesHook.Prerouting)]
    public async Task A_banned_client_is_cut_off_from_mail_and_from_nothing_else(NftablesHook hook)
    {
        // The usual firewall, which lets in all that belongs to an established connection.
        await _laboratory.NftAsync("add table inet filter; add chain inet filter input { type filter hook input priority 0; policy accept; }; add rule inet filter input ct state established,related accept");
        var wall = _laboratory.Wall(new NftablesOptions { Hook = hook });
        await wall.OpenAsync([], Stop);
        using var mail = (await _laboratory.ConnectAsync(Knocker)).ShouldNotBeNull();
        using var others = (await _laboratory.ConnectAsync(Neighbour)).ShouldNotBeNull();
        (await AnswersAsync(mail)).ShouldBeTrue();

        await wall.ApplyAsync([Ban(Knocker)], Stop);

        (await AnswersAsync(mail)).ShouldBeFalse();
        (await _laboratory.ReachesAsync(Knocker)).ShouldBeFalse();
        (await _laboratory.ReachesAsync(Knocker, OtherPort)).ShouldBeTrue();
        (await AnswersAsync(others)).ShouldBeTrue();
        (await _laboratory.ReachesAsync(Neighbour)).ShouldBeTrue();
        (await _laboratory.NftAsync("list", "table", "inet", "postern")).ShouldMatch(@"@v4_32 .*counter packets [1-9]\d* bytes \d+ drop");

        await wall.ApplyAsync([Lift(Knocker)], Stop);
        (await _laboratory.ReachesAsync(Knocker)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_client_may_be_told_instead_of_left_waiting()
    {
        var wall = _laboratory.Wall(new NftablesOptions { Verdict = NftablesVerdict.Reject });
        await wall.OpenAsync([], Stop);
        using var mail = (await _laboratory.ConnectAsync(Knocker)).ShouldNotBeNull();
        await wall.ApplyAsync([Ban(Knocker)], Stop);
        (await Should.ThrowAsync<SocketException>(() => _laboratory.ConnectAsync(Knocker))).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
        (await Should.ThrowAsync<SocketException>(() => AnswersAsync(mail))).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task Without_ports_nothing_is_reached()
    {
        var wall = _laboratory.Wall(new NftablesOptions { Ports = [] });
        await wall.OpenAsync([Entry(Knocker)], Stop);
        (await _laboratory.ReachesAsync(Knocker, OtherPort)).ShouldBeFalse();
        (await _laboratory.ReachesAsync(Neighbour, OtherPort)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("192.0.2.0/24", new[] { "192.0.2.10", "192.0.2.11" })]
    [InlineData("192.0.2.10/31", new[] { "192.0.2.10", "192.0.2.11" })]
    [InlineData("192.0.0.0/6", new[] { "192.0.2.10", "192.0.2.11" })]
    [InlineData("192.0.0.0/3", new[] { "192.0.2.10", "192.0.2.11", "198.51.100.10" })]
    [InlineData("0.0.0.0/0", new[] { "192.0.2.10", "192.0.2.11", "198.51.100.10" })]
    [InlineData("::ffff:192.0.2.10", new[] { "192.0.2.10" })]
    [InlineData("2001:db8::/64", new[] { "2001:db8::10", "2001:db8::11" })]
    [InlineData("2001:db8::10", new[] { "2001:db8::10" })]
    [InlineData("2001::/17", new[] { "2001:db8::10", "2001:db8::11" })]
    [InlineData("2001:db8:0:1::/64", new string[0])]
    public async Task A_network_of_any_size_is_banned_as_a_whole(string network, string[] banned)
    {
        var wall = _laboratory.Wall();
        await wall.OpenAsync([], Stop);
        await wall.ApplyAsync([Ban(network)], Stop);
        wall.Trouble.ShouldBeNull();
        var reached = await Task.WhenAll(Clients.Select(async client => (Client: client, Reaches: await _laboratory.ReachesAsync(client))));
        reached.Where(client => !client.Reaches).Select(client => client.Client).ShouldBe(banned);
        (await wall.ReadAsync(Stop)).Select(entry => entry.Network).ShouldBe([Net(network)]);
    }

    [Fact]
    public async Task Networks_that_overlap_come_and_go_by_themselves()
    {
        var wall = _laboratory.Wall();
        await wall.OpenAsync([], Stop);
        await wall.ApplyAsync([Ban(Knocker), Ban("192.0.2.0/24"), Ban("192.0.0.0/8")], Stop);
        (await _laboratory.ReachesAsync(Neighbour)).ShouldBeFalse();
        await wall.ApplyAsync([Lift("192.0.2.0/24"), Lift("192.0.0.0/8")], Stop);
        (await _laboratory.ReachesAsync(Neighbour)).ShouldBeTrue();
        (await _laboratory.ReachesAsync(Knocker)).ShouldBeFalse();
        (await wall.CompareAsync([Entry(Knocker)], isThorough: true, Stop)).IsNone.ShouldBeTrue();
    }

    [Fact]
    public async Task A_ban_ends_by_itself_even_when_nobody_is_left_to_end_it()
    {
        var wall = _laboratory.Wall();
        await wall.OpenAsync([Entry(Knocker, 4)], Stop);
        await wall.DisposeAsync();
        (await _laboratory.ReachesAsync(Knocker)).ShouldBeFalse();
        (await _laboratory.ReachesAsync(Knocker, patience: TimeSpan.FromSeconds(30))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_ban_is_made_longer_and_shorter_and_begins_again_after_its_end()
    {
        var wall = _laboratory.Wall();
        await wall.OpenAsync([Entry(Knocker, 600), Entry(Stranger, 600)], Stop);
        await wall.ApplyAsync([Ban(Knocker, 6000), Ban(Stranger, 60)], Stop);
        await ShouldEndAsync(wall, Knocker, 6000);
        await ShouldEndAsync(wall, Stranger, 60);

        // One that ended in the kernel a moment ago is lifted and banned again without a complaint.
        await _laboratory.NftAsync("delete element inet postern v4_32 { 192.0.2.10, 198.51.100.10 }");
        await wall.ApplyAsync([Ban(Knocker, 90), Lift(Stranger), Ban("0.0.0.1", -1)], Stop);
        wall.Trouble.ShouldBeNull();
        await ShouldEndAsync(wall, Knocker, 90);
        (await wall.ReadAsync(Stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_ban_without_end_is_no_trouble_and_no_drift()
    {
        var wall = _laboratory.Wall();
        WallEntry forever = new(Net(Knocker), DateTimeOffset.MaxValue);
        await wall.OpenAsync([forever], Stop);
        wall.Trouble.ShouldBeNull();
        (await wall.CompareAsync([forever], isThorough: true, Stop)).IsNone.ShouldBeTrue();
        (await _laboratory.ReachesAsync(Knocker)).ShouldBeFalse();
    }

    private static async Task ShouldEndAsync(NftablesWall wall, string network, double seconds)
    {
        var entry = (await wall.ReadAsync(Stop)).Single(entry => entry.Network == Net(network));
        entry.Until.ShouldBe(TimeProvider.System.GetUtcNow().AddSeconds(seconds), TimeSpan.FromSeconds(10));
    }
}
