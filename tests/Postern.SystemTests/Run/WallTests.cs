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
    private const string Container = "203.0.113.10";
    private WallLaboratory _laboratory = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _laboratory = await CreateAsync();

    public ValueTask DisposeAsync() => _laboratory?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_banned_client_is_cut_off_from_mail_and_from_nothing_else()
    {
        // The usual firewall, which lets in all that belongs to an established connection.
        await _laboratory.NftAsync("add table inet filter; add chain inet filter input { type filter hook input priority 0; policy accept; }; add rule inet filter input ct state established,related accept");
        var wall = _laboratory.Wall();
        await wall.OpenAsync([], Stop);
        using var mail = (await _laboratory.ConnectAsync(Knocker)).ShouldNotBeNull();
        using var others = (await _laboratory.ConnectAsync(Neighbour)).ShouldNotBeNull();
        (await AnswersAsync(mail)).ShouldBeTrue();

        await wall.ApplyAsync([Ban(Knocker)], Stop);

        await ShouldEndAsync(mail);
        (await _laboratory.ReachesAsync(Knocker)).ShouldBeFalse();
        (await _laboratory.ReachesAsync(Knocker, OtherPort)).ShouldBeTrue();
        (await AnswersAsync(others)).ShouldBeTrue();
        (await _laboratory.ReachesAsync(Neighbour)).ShouldBeTrue();
        (await _laboratory.NftAsync("list", "table", "inet", "postern")).ShouldMatch(@"@v4_32 .*counter packets [1-9]\d* bytes \d+ drop");

        await wall.ApplyAsync([Lift(Knocker)], Stop);
        (await _laboratory.ReachesAsync(Knocker)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_port_that_a_container_publishes_is_closed_by_the_number_that_clients_see(bool looksAtForwarded, bool tells)
    {
        const int InContainer = 2525;
        await _laboratory.PublishAsync(MailPort, Container, InContainer);
        var wall = _laboratory.Wall(new NftablesOptions
        {
            Hooks = looksAtForwarded ? [NftablesHook.Input, NftablesHook.Forward] : [NftablesHook.Input],
            Verdict = tells ? NftablesVerdict.Reject : NftablesVerdict.Drop,
        });
        await wall.OpenAsync([], Stop);
        using var mail = (await _laboratory.ConnectAsync(Knocker)).ShouldNotBeNull();
        (await AnswersAsync(mail)).ShouldBeTrue();

        await wall.ApplyAsync([Ban(Knocker)], Stop);

        wall.Trouble.ShouldBeNull();
        (await TriesAsync(Knocker)).ShouldBe(!looksAtForwarded);
        (await _laboratory.ReachesAsync(Neighbour)).ShouldBeTrue();
        // What only passes through to another machine is none of ours, nor is a port that is no mail port.
        (await _laboratory.ReachesAsync(Knocker, InContainer, server: Container)).ShouldBeTrue();
        (await _laboratory.ReachesAsync(Knocker, OtherPort)).ShouldBeTrue();
        await wall.ApplyAsync([Lift(Knocker)], Stop);
        (await _laboratory.ReachesAsync(Knocker)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(Knocker)]
    [InlineData("2001:db8::10")]
    public async Task The_connection_of_a_banned_client_ends_at_both_ends_and_no_other(string client)
    {
        var wall = _laboratory.Wall();
        await wall.OpenAsync([], Stop);
        using var mail = (await _laboratory.ConnectAsync(client)).ShouldNotBeNull();
        using var other = (await _laboratory.ConnectAsync(client, OtherPort)).ShouldNotBeNull();
        using var stranger = (await _laboratory.ConnectAsync(Stranger)).ShouldNotBeNull();
        foreach (var connection in (Socket[])[mail, other, stranger])
            (await AnswersAsync(connection)).ShouldBeTrue();

        await wall.ApplyAsync([Ban(client)], Stop);

        await ShouldEndAsync(mail);
        await _laboratory.ServesAsync(2);
        foreach (var connection in (Socket[])[other, stranger])
            (await AnswersAsync(connection)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_banned_client_of_a_container_may_still_hang_up()
    {
        await _laboratory.PublishAsync(MailPort, Container, MailPort);
        var wall = _laboratory.Wall();
        await wall.OpenAsync([], Stop);
        using var mail = (await _laboratory.ConnectAsync(Knocker)).ShouldNotBeNull();
        (await AnswersAsync(mail)).ShouldBeTrue();
        await wall.ApplyAsync([Ban(Knocker)], Stop);
        (await AnswersAsync(mail)).ShouldBeFalse();
        // A reset, as of a program that ends: what it sent last was never heard.
        mail.Close(0);
        await _laboratory.ServesAsync(0);
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
        (await wall.CompareAsync(() => [Entry(Knocker)], isThorough: true, Stop)).IsNone.ShouldBeTrue();
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
        (await wall.CompareAsync(() => [forever], isThorough: true, Stop)).IsNone.ShouldBeTrue();
        (await _laboratory.ReachesAsync(Knocker)).ShouldBeFalse();
    }

    // True where it is let in; false where it is left waiting or told.
    private async Task<bool> TriesAsync(string client)
    {
        try
        {
            return await _laboratory.ReachesAsync(client);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }

    private static async Task ShouldEndAsync(Socket connection) =>
        (await Should.ThrowAsync<SocketException>(() => AnswersAsync(connection))).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);

    private static async Task ShouldEndAsync(NftablesWall wall, string network, double seconds)
    {
        var entry = (await wall.ReadAsync(Stop)).Single(entry => entry.Network == Net(network));
        entry.Until.ShouldBe(TimeProvider.System.GetUtcNow().AddSeconds(seconds), TimeSpan.FromSeconds(10));
    }
}
