using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>
/// What breaks around the daemon is said once, in plain words, and it goes on or stops with a clear reason; whatever
/// happened, the ruleset is as it was when it has stopped.
/// </summary>
public sealed class TroubleTests : IAsyncLifetime
{
    private const string Abuser = "198.51.100.66";
    private const string Other = "203.0.113.66";

    // What an operator has of his own.
    private const string Own = "add table inet filter; add chain inet filter input { type filter hook input priority 0; policy accept; }; add rule inet filter input ct state established accept";
    private const string HideLibrary = """mount --bind /dev/null "$(ldconfig -p | awk '/libnftables\.so\.1 /{print $NF; exit}')" """;

    private readonly AbuseLog _log = new();
    private Network _network = null!;
    private string _before = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Machine.RequireLaboratory();
        _network = await Network.CreateAsync([], latePort: 0, Stop);
        await NftAsync(Own);
        _before = await NftAsync("list", "ruleset");
    }

    public async ValueTask DisposeAsync()
    {
        _log.Dispose();
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }
    }

    [Fact]
    public async Task On_a_full_disk_it_goes_on_from_memory_and_keeps_all_of_it_once_there_is_room()
    {
        await using var postern = await PrepareAsync();
        await using var disk = await SmallDisk.MountAsync(postern.State, megabytes: 8);
        await postern.StartAgainAsync(Stop);
        await BanAsync(postern, Abuser);

        disk.Fill();
        await BanAsync(postern, Other, Abuser);
        await postern.SaysAsync("the disk is full", Stop);
        (await InKernelAsync(Other)).ShouldBeTrue();
        (await postern.StatusAsync()).GetProperty("troubles").EnumerateArray().Select(trouble => trouble.GetString()!).ShouldHaveSingleItem().ShouldContain("the disk is full");
        (await postern.AskAsync("allow", "192.0.2.77")).ExitCode.ShouldBe(0);
        (await postern.AskAsync("ban", "192.0.2.77")).ExitCode.ShouldBe(1);

        disk.Free();
        await postern.SaysAsync("the database can be written again", Stop);
        postern.Said("the disk is full").ShouldBe(1, postern.Words);
        postern.Said("the database can be written again").ShouldBe(1, postern.Words);
        (await postern.StatusAsync()).GetProperty("troubles").GetArrayLength().ShouldBe(0);

        await postern.Kill();
        await postern.StartAgainAsync(Stop);
        (await postern.BansAsync()).ShouldBe([$"{Abuser}/32", $"{Other}/32"]);
        await UntilAsync(async () => (await postern.AskAsync("ban", "192.0.2.77")).ExitCode == 1);
        await StopAsync(postern);
    }

    [Fact]
    public async Task On_a_disk_that_is_full_from_the_beginning_it_stops_with_the_reason()
    {
        await using var postern = await PrepareAsync();
        await using var disk = await SmallDisk.MountAsync(postern.State, megabytes: 1);
        disk.Fill();
        await RefusesAsync(postern, "the disk is full");
        disk.Free();
        await postern.StartAgainAsync(Stop);
        await StopAsync(postern);
    }

    [Fact]
    public async Task On_a_read_only_folder_it_stops_with_the_reason_and_the_bans_in_the_kernel_stay()
    {
        await using var postern = await PrepareAsync();
        await using var disk = await SmallDisk.MountAsync(postern.State, megabytes: 8);
        await postern.StartAgainAsync(Stop);
        await BanAsync(postern, Abuser);
        await postern.Kill();

        await disk.TurnAsync(isReadOnly: true);
        await RefusesAsync(postern, "cannot be written");
        (await InKernelAsync(Abuser)).ShouldBeTrue();

        await disk.TurnAsync(isReadOnly: false);
        await postern.StartAgainAsync(Stop);
        (await postern.BansAsync()).ShouldBe([$"{Abuser}/32"]);
        await StopAsync(postern);
    }

    [Fact]
    public async Task A_corrupt_ledger_is_set_aside_and_made_again_from_the_firewall()
    {
        await using var postern = await PrepareAsync();
        await postern.StartAgainAsync(Stop);
        await BanAsync(postern, Abuser);
        (await postern.AskAsync("ban", "10.20.0.0/16", "--for", "3h")).ExitCode.ShouldBe(0);
        await postern.UntilAsync(bans => bans.Count == 2, Stop);
        await UntilAsync(() => InKernelAsync("10.20.0.0"));
        var ends = await EndsAsync(postern);
        await postern.Kill();

        foreach (var file in Directory.GetFiles(postern.State, "postern.sqlite*"))
        {
            await File.WriteAllBytesAsync(file, [.. Enumerable.Repeat((byte)'x', 20_000)], Stop);
        }

        await postern.StartAgainAsync(Stop);
        postern.Said("the database was damaged and is kept as").ShouldBe(1, postern.Words);
        Directory.GetFiles(postern.State, "postern.sqlite.corrupt-*").ShouldNotBeEmpty();
        (await InKernelAsync(Abuser)).ShouldBeTrue();
        (await InKernelAsync("10.20.0.0")).ShouldBeTrue();
        await ShouldEndAsync(postern, ends);

        // What was made again is kept like anything else.
        await postern.Kill();
        await postern.StartAgainAsync(Stop);
        await ShouldEndAsync(postern, ends);
        postern.Said("the database was damaged").ShouldBe(1, postern.Words);
        await StopAsync(postern);
    }

    [Fact]
    public async Task Without_nftables_it_only_records_and_uses_it_as_soon_as_it_is_installed()
    {
        await using var postern = await PrepareAsync(HideLibrary);
        await postern.StartAgainAsync(Stop);
        postern.Words.ShouldContain("ready: the firewall failed");
        _log.Abuse(Abuser, 12);
        await postern.UntilAsync(bans => bans is [$"{Abuser}/32"], Stop);
        (await NftAsync("list", "ruleset")).ShouldBe(_before);
        await ShouldStandAsync(postern, "firewall-failed", "failed", "libnftables is missing: install the Debian package nftables");

        (await Command.RunAsync(["nsenter", "-t", postern.Pid, "-m", "sh", "-c", HideLibrary.Replace("mount --bind /dev/null", "umount", StringComparison.Ordinal)], TimeSpan.FromSeconds(20), cancellationToken: Stop)).OrThrow("umount");
        await postern.SaysAsync("nftables: stands now, and bans take effect", Stop);
        (await InKernelAsync(Abuser)).ShouldBeTrue();
        await ShouldStandAsync(postern, "enforcing", "standing", null);
        postern.Said("libnftables is missing").ShouldBe(1, postern.Words);
        await StopAsync(postern);
    }

    [Fact]
    public async Task Without_the_right_to_change_the_firewall_it_only_records()
    {
        await using var postern = await PrepareAsync("set -- setpriv --bounding-set=-net_admin --inh-caps=-net_admin \"$@\"");
        await postern.StartAgainAsync(Stop);
        postern.Words.ShouldContain("ready: the firewall failed");
        _log.Abuse(Abuser, 12);
        await postern.UntilAsync(bans => bans is [$"{Abuser}/32"], Stop);
        await ShouldStandAsync(postern, "firewall-failed", "failed", "no permission to change the firewall: CAP_NET_ADMIN is missing");
        postern.Said("nftables:").ShouldBe(1, postern.Words);
        (await NftAsync("list", "ruleset")).ShouldBe(_before);
        await StopAsync(postern);
        postern.Said("nftables:").ShouldBe(1, postern.Words);
    }

    [Theory]
    [InlineData("flush ruleset")]
    [InlineData("delete table inet postern")]
    [InlineData("flush chain inet postern bans")]
    public async Task What_somebody_removed_comes_back_with_its_bans_and_nothing_else(string command)
    {
        await using var postern = await PrepareAsync();
        await postern.StartAgainAsync(Stop);
        await BanAsync(postern, Abuser);

        await NftAsync(command);
        await postern.SaysAsync("nftables: somebody removed or changed our table; all bans stand again", Stop);
        (await InKernelAsync(Abuser)).ShouldBeTrue();
        await BanAsync(postern, Other, Abuser);
        await ShouldStandAsync(postern, "enforcing", "standing", null);
        postern.Said("nftables:").ShouldBe(1, postern.Words);
        await postern.StopAsync();
        (await NftAsync("list", "ruleset")).ShouldBe(command is "flush ruleset" ? "" : _before);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_that_vanishes_is_waited_for_and_read_on(bool isFolder)
    {
        await using var postern = await PrepareAsync();
        await postern.StartAgainAsync(Stop);
        _log.Abuse(Abuser, 5);
        _log.Abuse(Other, 5);
        await UntilAsync(async () => (await postern.StatusAsync()).GetProperty("clients").GetInt32() == 2);

        var (from, to) = isFolder ? (_log.Folder, _log.Folder + ".gone") : (_log.Path, _log.Path + ".gone");
        Directory.Move(from, to);
        await postern.SaysAsync($"{_log.Path}: there is no such file (waiting for it)", Stop);
        if (isFolder)
        {
            Directory.Move(to, from);
        }

        _log.Abuse(Abuser, 5);
        _log.Abuse(Other, 4);
        await postern.UntilAsync(bans => bans is [$"{Abuser}/32"], Stop);
        await UntilAsync(() => InKernelAsync(Abuser));
        postern.Said("there is no such file").ShouldBe(1, postern.Words);
        postern.Said("readable again").ShouldBe(1, postern.Words);
        _log.Abuse(Other, 1);
        await postern.UntilAsync(bans => bans.Count == 2, Stop);
        await StopAsync(postern);
    }

    [Fact]
    public async Task A_control_socket_that_cannot_be_made_leaves_no_wall_behind()
    {
        await using var postern = await PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(postern.Folder, "socket"), "in the way", Stop);
        await RefusesAsync(postern, "is no socket");
        (await NftAsync("list", "ruleset")).ShouldBe(_before);
    }

    private Task<RunningPostern> PrepareAsync(string before = "") => RunningPostern.PrepareAsync(_log.Path, _network.Server, "[jail]\nsubnet_threshold = 0", before, Stop);

    private async Task BanAsync(RunningPostern postern, string address, params string[] others)
    {
        _log.Abuse(address, 12);
        string[] expected = [.. others.Append(address).Select(one => $"{one}/32").Order(StringComparer.Ordinal)];
        await postern.UntilAsync(bans => bans.SequenceEqual(expected, StringComparer.Ordinal), Stop);
        await UntilAsync(() => InKernelAsync(address));
    }

    private async Task StopAsync(RunningPostern postern)
    {
        await postern.StopAsync();
        (await NftAsync("list", "ruleset")).ShouldBe(_before);
    }

    private static async Task RefusesAsync(RunningPostern postern, string reason)
    {
        var refused = await postern.RefuseAsync(Stop);
        refused.ExitCode.ShouldBe(2, refused.Error);
        refused.Output.ShouldBeEmpty();
        refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldContain(reason);
    }

    private static async Task ShouldStandAsync(RunningPostern postern, string mode, string state, string? trouble)
    {
        var status = await postern.StatusAsync();
        status.GetProperty("mode").GetString().ShouldBe(mode);
        var firewall = status.GetProperty("firewalls").EnumerateArray().ShouldHaveSingleItem();
        (firewall.GetProperty("name").GetString(), firewall.GetProperty("state").GetString()).ShouldBe(("nftables", state));
        firewall.GetProperty("trouble").GetString().ShouldBe(trouble);
    }

    private static async Task<Dictionary<string, DateTimeOffset>> EndsAsync(RunningPostern postern)
    {
        using var document = JsonDocument.Parse((await postern.AskAsync("bans", "--format", "json")).OrThrow("postern bans").Output);
        return document.RootElement.GetProperty("bans").EnumerateArray().ToDictionary(
            ban => ban.GetProperty("network").GetString()!, ban => ban.GetProperty("until").GetDateTimeOffset(), StringComparer.Ordinal);
    }

    private static async Task ShouldEndAsync(RunningPostern postern, Dictionary<string, DateTimeOffset> expected)
    {
        var ends = await EndsAsync(postern);
        ends.Count.ShouldBe(expected.Count);
        foreach (var (network, until) in expected)
        {
            ends[network].ShouldBe(until, TimeSpan.FromSeconds(5));
        }
    }

    private async Task<bool> InKernelAsync(string element)
    {
        var table = await Command.RunAsync(["ip", "netns", "exec", _network.Server, "nft", "list", "table", "inet", "postern"], TimeSpan.FromSeconds(20), cancellationToken: Stop);
        return table.Output.Contains($"{element} timeout", StringComparison.Ordinal);
    }

    private async Task<string> NftAsync(params string[] command) =>
        (await Command.RunAsync(["ip", "netns", "exec", _network.Server, "nft", .. command], TimeSpan.FromSeconds(20), cancellationToken: Stop)).OrThrow("nft").Output;

    private static Task UntilAsync(Func<Task<bool>> isSo) => Waiting.UntilAsync(isSo, TimeSpan.FromSeconds(60), Stop);
}
