using Microsoft.Extensions.Time.Testing;
using Postern.Enforcement;
using Postern.Enforcement.Command;

namespace Postern.Tests.Enforcement.Command;

/// <summary>The operator's own program gets what it needs, and its failures are told and made good.</summary>
public sealed class CommandFirewallTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(s_now);
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-firewall-").FullName;

    private string Said => Path.Combine(_folder, "said");

    private string Program => Path.Combine(_folder, "program");

    [Fact]
    public async Task Placeholders_are_replaced_within_single_arguments()
    {
        Write("""printf '<%s>' "$@" >> "$0.args" """);
        await using var firewall = Firewall(new CommandOptions { Ban = [Program, "add", "{network}", "a={address};rm -rf {prefix}", "$(date)", "{seconds} {family}"] });
        await firewall.OpenAsync([], Stop);
        await firewall.ApplyAsync([Ban("192.0.2.0/24", 90.2)], Stop);
        await firewall.ApplyAsync([Ban("2001:db8::/64", 60)], Stop);
        (await File.ReadAllTextAsync(Program + ".args", Stop)).ShouldBe(
            "<add><192.0.2.0/24><a=192.0.2.0;rm -rf 24><$(date)><91 4>" +
            "<add><2001:db8::/64><a=2001:db8::;rm -rf 64><$(date)><60 6>");
    }

    [Fact]
    public async Task A_ban_is_told_in_the_environment_and_its_text_is_no_command()
    {
        Write("""echo "$1 [$POSTERN_REASON]" >> "${0%program}said" """);
        await using var firewall = Firewall(Usual() with { Variables = network => new Dictionary<string, string>(StringComparer.Ordinal) { ["POSTERN_REASON"] = $"$(id) {network}" } });
        await firewall.OpenAsync([], Stop);
        await firewall.ApplyAsync([Ban("192.0.2.1/32", 60)], Stop);
        await firewall.ApplyAsync([Lift("192.0.2.1/32")], Stop);
        (await File.ReadAllLinesAsync(Said, Stop)).ShouldBe(["add [$(id) 192.0.2.1/32]", "del []"]);
    }

    [Fact]
    public async Task The_last_word_on_a_network_counts_and_what_is_over_is_removed()
    {
        Write("""echo "$@" >> "${0%program}said" """);
        await using var firewall = Firewall(Usual());
        await firewall.OpenAsync([], Stop);
        await firewall.ApplyAsync([Ban("192.0.2.1/32", 60), Lift("192.0.2.1/32")], Stop);
        await firewall.ApplyAsync([Lift("192.0.2.2/32"), Ban("192.0.2.2/32", 60)], Stop);
        await firewall.ApplyAsync([Ban("192.0.2.3/32", -1)], Stop);
        (await File.ReadAllLinesAsync(Said, Stop)).ShouldBe(["del 192.0.2.1", "add 192.0.2.2", "del 192.0.2.3"]);
    }

    [Fact]
    public async Task What_failed_is_told_and_done_again_at_the_next_comparison()
    {
        Write("""[ -e "$0.broken" ] && { printf 'no route\033[1m\nmore' >&2; exit 3; }; echo "$@" >> "${0%program}said" """);
        await File.WriteAllTextAsync(Program + ".broken", "", Stop);
        await using var firewall = Firewall(Usual());
        await firewall.OpenAsync([], Stop);
        await firewall.ApplyAsync([Ban("192.0.2.1/32", 60)], Stop);
        firewall.State.ShouldBe(FirewallState.Failed);
        firewall.Trouble.ShouldBe($"{Program} ended with 3: no route?[1m");

        File.Delete(Program + ".broken");
        await firewall.CompareAsync(() => [Entry("192.0.2.1/32", 60)], isThorough: true, Stop);
        firewall.State.ShouldBe(FirewallState.Standing);
        firewall.Trouble.ShouldBeNull();
        (await File.ReadAllLinesAsync(Said, Stop)).ShouldBe(["add 192.0.2.1"]);
        await firewall.CompareAsync(() => [Entry("192.0.2.1/32", 60)], isThorough: true, Stop);
        (await File.ReadAllLinesAsync(Said, Stop)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task One_success_does_not_make_good_what_failed_before_it()
    {
        Write("""[ "$2" != 192.0.2.1 ] || exit 1; echo "$@" >> "${0%program}said" """);
        await using var firewall = Firewall(Usual());
        await firewall.OpenAsync([], Stop);
        await firewall.ApplyAsync([Ban("192.0.2.1/32", 60)], Stop);
        await firewall.ApplyAsync([Ban("192.0.2.2/32", 60)], Stop);
        firewall.State.ShouldBe(FirewallState.Failed);
        firewall.Trouble.ShouldBe($"{Program} ended with 1");
        await firewall.CompareAsync(() => [Entry("192.0.2.2/32", 60)], isThorough: true, Stop);
        firewall.State.ShouldBe(FirewallState.Standing);
        (await File.ReadAllLinesAsync(Said, Stop)).ShouldBe(["add 192.0.2.2"]);
    }

    [Fact]
    public async Task A_program_that_fails_for_all_is_not_run_for_all()
    {
        Write("""echo x >> "${0%program}said"; exit 1""");
        await using var firewall = Firewall(Usual() with { AtOnce = 2 });
        await firewall.OpenAsync([], Stop);
        await firewall.ApplyAsync([.. Enumerable.Range(1, 200).Select(i => Ban($"192.0.2.{i}/32", 60))], Stop);
        (await File.ReadAllLinesAsync(Said, Stop)).Length.ShouldBeLessThan(13);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told()
    {
        await using var firewall = Firewall(Usual());
        await firewall.OpenAsync([Entry("192.0.2.1/32", 60)], Stop);
        firewall.State.ShouldBe(FirewallState.Failed);
        firewall.Trouble.ShouldNotBeNull().ShouldStartWith($"{Program} cannot be run: ");
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended()
    {
        Write("sleep 1000");
        await using var firewall = new CommandFirewall(Usual() with { Deadline = TimeSpan.FromSeconds(0.2) }, TimeProvider.System);
        await firewall.OpenAsync([], Stop);
        await firewall.ApplyAsync([new FirewallChange(ScriptedFirewall.Network("192.0.2.1"), DateTimeOffset.MaxValue)], Stop);
        firewall.Trouble.ShouldBe($"{Program} did not end within 0.2 s and was ended");
    }

    [Fact]
    public async Task Endless_output_and_what_is_left_in_the_background_hold_nothing_up()
    {
        Write("""head -c 3000000 /dev/zero; sleep 20 & echo "$!" > "${0%program}said" """);
        await using var firewall = new CommandFirewall(Usual(), TimeProvider.System);
        await firewall.OpenAsync([], Stop);
        await firewall.ApplyAsync([new FirewallChange(ScriptedFirewall.Network("192.0.2.1"), DateTimeOffset.MaxValue)], Stop);
        firewall.Trouble.ShouldBeNull();
        using var left = System.Diagnostics.Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(Said, Stop)));
        left.HasExited.ShouldBeFalse();
        left.Kill();
    }

    [Fact]
    public async Task All_is_removed_in_the_end()
    {
        Write("""echo "$@" >> "${0%program}said" """);
        await using var firewall = Firewall(Usual());
        await firewall.OpenAsync([Entry("192.0.2.1/32", 60)], Stop);
        await firewall.ApplyAsync([Ban("192.0.2.2/32", 60)], Stop);
        await firewall.CloseAsync(Stop);
        firewall.State.ShouldBe(FirewallState.Closed);
        (await File.ReadAllLinesAsync(Said, Stop)).ShouldBe(["add 192.0.2.1", "add 192.0.2.2", "del 192.0.2.1", "del 192.0.2.2"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_flush_removes_what_an_earlier_run_left_and_all_in_the_end()
    {
        Write("""echo "$@" >> "${0%program}said" """);
        await using var firewall = Firewall(Usual() with { Flush = [Program, "flush"] });
        await firewall.OpenAsync([Entry("192.0.2.1/32", 60)], Stop);
        await firewall.CloseAsync(Stop);
        (await File.ReadAllLinesAsync(Said, Stop)).ShouldBe(["flush", "add 192.0.2.1", "flush"]);
    }

    [Fact]
    public async Task The_program_cannot_speak_to_our_supervisor()
    {
        Environment.SetEnvironmentVariable("LISTEN_FDS", "0");
        try
        {
            Write("""env > "${0%program}said" """);
            await using var firewall = Firewall(Usual());
            await firewall.OpenAsync([Entry("192.0.2.1/32", 60)], Stop);
            (await File.ReadAllTextAsync(Said, Stop)).ShouldNotContain("LISTEN_FDS");
        }
        finally
        {
            Environment.SetEnvironmentVariable("LISTEN_FDS", null);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static FirewallEntry Entry(string network, double seconds) => new(ScriptedFirewall.Network(network), s_now.AddSeconds(seconds));

    private static FirewallChange Ban(string network, double seconds) => new(ScriptedFirewall.Network(network), s_now.AddSeconds(seconds));

    private static FirewallChange Lift(string network) => new(ScriptedFirewall.Network(network), null);

    private CommandOptions Usual() => new() { Ban = [Program, "add", "{address}"], Unban = [Program, "del", "{address}"] };

    private CommandFirewall Firewall(CommandOptions options) => new(options, _time);

    private void Write(string script)
    {
        File.WriteAllText(Program, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
