using System.Net.Sockets;
using Postern.Enforcement;
using Postern.Enforcement.Nftables;

namespace Postern.SystemTests.Run;

using static FirewallLaboratory;

/// <summary>Whom the firewall keeps out, and for how long.</summary>
public sealed class FirewallTests : IAsyncLifetime
{
    private const string Abuser = "192.0.2.10";
    private const string Neighbour = "192.0.2.11";
    private const string Stranger = "198.51.100.10";
    private const string Container = "203.0.113.10";
    private FirewallLaboratory _laboratory = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _laboratory = await CreateAsync();

    public ValueTask DisposeAsync() => _laboratory?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_banned_client_is_cut_off_from_mail_and_from_nothing_else()
    {
        // The usual firewall, which lets in all that belongs to an established connection.
        await _laboratory.NftAsync("add table inet filter; add chain inet filter input { type filter hook input priority 0; policy accept; }; add rule inet filter input ct state established,related accept");
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([], Stop);
        using var mail = (await _laboratory.ConnectAsync(Abuser)).ShouldNotBeNull();
        using var others = (await _laboratory.ConnectAsync(Neighbour)).ShouldNotBeNull();
        (await AnswersAsync(mail)).ShouldBeTrue();

        await firewall.ApplyAsync([Ban(Abuser)], Stop);

        await ShouldEndAsync(mail);
        (await _laboratory.ReachesAsync(Abuser)).ShouldBeFalse();
        (await _laboratory.ReachesAsync(Abuser, OtherPort)).ShouldBeTrue();
        (await AnswersAsync(others)).ShouldBeTrue();
        (await _laboratory.ReachesAsync(Neighbour)).ShouldBeTrue();
        (await _laboratory.NftAsync("list", "table", "inet", "postern")).ShouldMatch(@"@v4_32 .*counter packets [1-9]\d* bytes \d+ drop");

        await firewall.ApplyAsync([Lift(Abuser)], Stop);
        (await _laboratory.ReachesAsync(Abuser)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_port_that_a_container_publishes_is_closed_by_the_number_that_clients_see(bool looksAtForwarded, bool tells)
    {
        const int InContainer = 2525;
        await _laboratory.PublishAsync(MailPort, Container, InContainer);
        var firewall = _laboratory.Firewall(new NftablesOptions
        {
            Hooks = looksAtForwarded ? [NftablesHook.Input, NftablesHook.Forward] : [NftablesHook.Input],
            Verdict = tells ? NftablesVerdict.Reject : NftablesVerdict.Drop,
        });
        await firewall.OpenAsync([], Stop);
        using var mail = (await _laboratory.ConnectAsync(Abuser)).ShouldNotBeNull();
        (await AnswersAsync(mail)).ShouldBeTrue();

        await firewall.ApplyAsync([Ban(Abuser)], Stop);

        firewall.Trouble.ShouldBeNull();
        (await TriesAsync(Abuser)).ShouldBe(!looksAtForwarded);
        (await _laboratory.ReachesAsync(Neighbour)).ShouldBeTrue();
        // What only passes through to another machine is none of ours, nor is a port that is no mail port.
        (await _laboratory.ReachesAsync(Abuser, InContainer, server: Container)).ShouldBeTrue();
        (await _laboratory.ReachesAsync(Abuser, OtherPort)).ShouldBeTrue();
        await firewall.ApplyAsync([Lift(Abuser)], Stop);
        (await _laboratory.ReachesAsync(Abuser)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(Abuser)]
    [InlineData("2001:db8::10")]
    public async Task The_connection_of_a_banned_client_ends_at_both_ends_and_no_other(string client)
    {
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([], Stop);
        using var mail = (await _laboratory.ConnectAsync(client)).ShouldNotBeNull();
        using var other = (await _laboratory.ConnectAsync(client, OtherPort)).ShouldNotBeNull();
        using var stranger = (await _laboratory.ConnectAsync(Stranger)).ShouldNotBeNull();
        foreach (var connection in (Socket[])[mail, other, stranger])
        {
            (await AnswersAsync(connection)).ShouldBeTrue();
        }

        await firewall.ApplyAsync([Ban(client)], Stop);

        await ShouldEndAsync(mail);
        await _laboratory.ServesAsync(2);
        foreach (var connection in (Socket[])[other, stranger])
        {
            (await AnswersAsync(connection)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_banned_client_of_a_container_may_still_hang_up()
    {
        await _laboratory.PublishAsync(MailPort, Container, MailPort);
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([], Stop);
        using var mail = (await _laboratory.ConnectAsync(Abuser)).ShouldNotBeNull();
        (await AnswersAsync(mail)).ShouldBeTrue();
        await firewall.ApplyAsync([Ban(Abuser)], Stop);
        (await AnswersAsync(mail)).ShouldBeFalse();
        // A reset, as of a program that ends: what it sent last was never heard.
        mail.Close(0);
        await _laboratory.ServesAsync(0);
    }

    [Fact]
    public async Task A_client_may_be_told_instead_of_left_waiting()
    {
        var firewall = _laboratory.Firewall(new NftablesOptions { Verdict = NftablesVerdict.Reject });
        await firewall.OpenAsync([], Stop);
        using var mail = (await _laboratory.ConnectAsync(Abuser)).ShouldNotBeNull();
        await firewall.ApplyAsync([Ban(Abuser)], Stop);
        (await Should.ThrowAsync<SocketException>(() => _laboratory.ConnectAsync(Abuser))).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
        (await Should.ThrowAsync<SocketException>(() => AnswersAsync(mail))).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task Without_ports_nothing_is_reached()
    {
        var firewall = _laboratory.Firewall(new NftablesOptions { Ports = [] });
        await firewall.OpenAsync([Entry(Abuser)], Stop);
        (await _laboratory.ReachesAsync(Abuser, OtherPort)).ShouldBeFalse();
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
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([], Stop);
        await firewall.ApplyAsync([Ban(network)], Stop);
        firewall.Trouble.ShouldBeNull();
        var reached = await Task.WhenAll(Clients.Select(async client => (Client: client, Reaches: await _laboratory.ReachesAsync(client))));
        reached.Where(client => !client.Reaches).Select(client => client.Client).ShouldBe(banned);
        (await firewall.ReadAsync(Stop)).Select(entry => entry.Network).ShouldBe([Net(network)]);
    }

    [Fact]
    public async Task Networks_that_overlap_come_and_go_by_themselves()
    {
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([], Stop);
        await firewall.ApplyAsync([Ban(Abuser), Ban("192.0.2.0/24"), Ban("192.0.0.0/8")], Stop);
        (await _laboratory.ReachesAsync(Neighbour)).ShouldBeFalse();
        await firewall.ApplyAsync([Lift("192.0.2.0/24"), Lift("192.0.0.0/8")], Stop);
        (await _laboratory.ReachesAsync(Neighbour)).ShouldBeTrue();
        (await _laboratory.ReachesAsync(Abuser)).ShouldBeFalse();
        (await firewall.CompareAsync(() => [Entry(Abuser)], isThorough: true, Stop)).IsNone.ShouldBeTrue();
    }

    [Fact]
    public async Task A_ban_ends_by_itself_even_when_nobody_is_left_to_end_it()
    {
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([Entry(Abuser, 4)], Stop);
        await firewall.DisposeAsync();
        (await _laboratory.ReachesAsync(Abuser)).ShouldBeFalse();
        (await _laboratory.ReachesAsync(Abuser, patience: TimeSpan.FromSeconds(30))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_ban_is_made_longer_and_shorter_and_begins_again_after_its_end()
    {
        var firewall = _laboratory.Firewall();
        await firewall.OpenAsync([Entry(Abuser, 600), Entry(Stranger, 600)], Stop);
        await firewall.ApplyAsync([Ban(Abuser, 6000), Ban(Stranger, 60)], Stop);
        await ShouldEndAsync(firewall, Abuser, 6000);
        await ShouldEndAsync(firewall, Stranger, 60);

        // One that ended in the kernel a moment ago is lifted and banned again without a complaint.
        await _laboratory.NftAsync("delete element inet postern v4_32 { 192.0.2.10, 198.51.100.10 }");
        await firewall.ApplyAsync([Ban(Abuser, 90), Lift(Stranger), Ban("0.0.0.1", -1)], Stop);
        firewall.Trouble.ShouldBeNull();
        await ShouldEndAsync(firewall, Abuser, 90);
        (await firewall.ReadAsync(Stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_ban_without_end_is_no_trouble_and_no_drift()
    {
        var firewall = _laboratory.Firewall();
        FirewallEntry forever = new(Net(Abuser), DateTimeOffset.MaxValue);
        await firewall.OpenAsync([forever], Stop);
        firewall.Trouble.ShouldBeNull();
        (await firewall.CompareAsync(() => [forever], isThorough: true, Stop)).IsNone.ShouldBeTrue();
        (await _laboratory.ReachesAsync(Abuser)).ShouldBeFalse();
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

    private static async Task ShouldEndAsync(NftablesFirewall firewall, string network, double seconds)
    {
        var entry = (await firewall.ReadAsync(Stop)).Single(entry => entry.Network == Net(network));
        entry.Until.ShouldBe(TimeProvider.System.GetUtcNow().AddSeconds(seconds), TimeSpan.FromSeconds(10));
    }
}
