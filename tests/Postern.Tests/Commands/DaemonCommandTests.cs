using System.Diagnostics;
using System.Text.Json;
using Postern.Tests.Daemon.Control;

namespace Postern.Tests.Commands;

/// <summary>The commands as an operator runs them: the built program against a daemon with a fake engine.</summary>
public sealed class DaemonCommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_bans_looks_and_pardons()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var config = socket.WriteConfig();
        (await RunAsync("", "ban", "192.0.2.7", "--for", "2h", "--reason", "a test", "--config", config)).ShouldBe((0, "192.0.2.7/32 is banned until then\n", ""));
        var bans = await RunAsync("", "bans", "--config", config);
        bans.Code.ShouldBe(0);
        bans.Output.ShouldContain("192.0.2.7");
        bans.Output.ShouldEndWith("1 ban\n");
        var json = await RunAsync("", "bans", "--config", config, "--format", "json");
        JsonDocument.Parse(json.Output).RootElement.GetProperty("bans")[0].GetProperty("reason").GetString().ShouldBe("a test");
        (await RunAsync("", "unban", "192.0.2.7", "--config", config)).ShouldBe((0, "lifted\n", ""));
        (await RunAsync("", "unban", "192.0.2.7", "--config", config)).ShouldBe((1, "", "postern: 192.0.2.7/32 is not banned\n"));
    }

    [Fact]
    public async Task A_live_client_is_explained_by_its_address()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var text = await RunAsync("", "explain", "192.0.2.1", "--config", socket.WriteConfig());
        text.Code.ShouldBe(0);
        text.Output.ShouldStartWith("192.0.2.1 is banned\n");
        var json = await RunAsync("", "explain", "192.0.2.1", "--format", "json", "--config", socket.WriteConfig());
        JsonDocument.Parse(json.Output).RootElement.GetProperty("schema").GetString().ShouldBe("postern.explain-live/1");
        var file = socket.WriteConfig() + ".html";
        (await RunAsync("", "explain", "192.0.2.1", "--format", "html", "--output", file, "--config", socket.WriteConfig())).ShouldBe((0, "", ""));
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldStartWith("<!DOCTYPE html>");
    }

    [Fact]
    public async Task Names_may_be_allowed_and_nonsense_may_not()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var config = socket.WriteConfig();
        (await RunAsync("", "allow", "mx.example.org", "--config", config)).Code.ShouldBe(0);
        (await RunAsync("", "allow", "300.1.2.3", "--config", config)).ShouldBe((2, "", "postern: '300.1.2.3' is not an address, network, DNS name or sender\n"));
        (await RunAsync("", "ban", "192.0.2.1", "--for", "ages", "--config", config)).Code.ShouldBe(2);
        (await RunAsync("", "allow", "Ann@Example.org", "@example.net", "--config", config)).Code.ShouldBe(0);
        socket.Engine.Allowed.ShouldBe(["mx.example.org", "ann@example.org", "@example.net"]);
    }

    [Fact]
    public async Task Several_are_banned_at_once_and_a_mistake_among_them_costs_nothing()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var config = socket.WriteConfig();
        (await RunAsync("", "ban", "192.0.2.1", "192.0.2.300", "0.0.0.0/0", "2001:db8::/48", "--config", config)).ShouldBe(
            (1, "192.0.2.1/32 is banned until then\n2001:db8::/48 is banned until then\n", "postern: '192.0.2.300' is not an address or network\npostern: 0.0.0.0/0 is too large to ban at once\n"));
        (await RunAsync("", "bans", "2001:db8::/48", "--config", config)).Output.ShouldEndWith("1 ban\n");
        (await RunAsync("", "bans", "198.51.100.1", "--config", config)).ShouldBe((1, "nobody is banned\n", ""));
        (await RunAsync("", "bans", "nobody", "--config", config)).ShouldBe((2, "", "postern: 'nobody' is not an address or network\n"));
        (await RunAsync("", "unban", "192.0.2.1", "192.0.2.9", "--config", config)).ShouldBe((1, "lifted\n", "postern: 192.0.2.9/32 is not banned\n"));
        (await RunAsync("", "unban", "--config", config)).Code.ShouldBe(2);
        (await RunAsync("", "unban", "--all", "192.0.2.1", "--config", config)).Code.ShouldBe(2);
        (await RunAsync("", "unban", "--all", "--config", config)).ShouldBe((0, "lifted: 1 ban\n", ""));
        (await RunAsync("", "unban", "--all", "--config", config)).ShouldBe((1, "", "postern: nobody is banned\n"));
    }

    [Fact]
    public async Task A_list_on_standard_input_may_hold_comments_and_its_bad_lines_are_named()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var config = socket.WriteConfig();
        const string List = "# our list\n\n192.0.2.1 # the first\r\n1.10.16.0/20 ; SBL256894\n  nobody\n2001:db8::1\n";
        (await RunAsync(List, "ban", "-", "--config", config)).ShouldBe(
            (1, "192.0.2.1/32 is banned until then\n1.10.16.0/20 is banned until then\n2001:db8::1/128 is banned until then\n", "postern: line 5: 'nobody' is not an address or network\n"));
        var many = string.Concat(Enumerable.Range(0, 9000).Select(static i => $"198.18.{i / 256}.{i % 256}\n"));
        (await RunAsync(many, "ban", "-", "--config", config)).ShouldBe((0, "done for 9,000 of 9,000\n", ""));
        (await RunAsync("", "bans", "--config", config)).Output.ShouldEndWith("9,003 bans\n");
        (await RunAsync("# nothing\n", "ban", "-", "--config", config)).ShouldBe((2, "", "postern: the list holds no address\n"));
        var json = await RunAsync(List, "ban", "-", "--config", config, "--format", "json");
        json.Code.ShouldBe(1);
        var answer = JsonDocument.Parse(json.Output).RootElement;
        answer.GetProperty("outcome").GetString().ShouldBe("No");
        answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("outcome").GetString()).ShouldBe(["Done", "Done", "Failed", "Done"]);
    }

    [Fact]
    public async Task The_allow_list_is_shown_and_cut()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var config = socket.WriteConfig();
        (await RunAsync("", "allow", "list", "--config", config)).ShouldBe((0, "The allow list is empty.\n", ""));
        (await RunAsync("", "allow", "192.0.2.1", "mx.example.org", "--config", config)).Code.ShouldBe(0);
        (await RunAsync("", "allow", "192.0.2.2", "--for", "7d", "--config", config)).Code.ShouldBe(0);
        socket.Engine.Allowed.ShouldBe(["192.0.2.1", "mx.example.org", "192.0.2.2 for 7.00:00:00"]);
        var list = (await RunAsync("", "allow", "list", "--config", config)).Output;
        list.ShouldContain("192.0.2.1 ");
        list.ShouldContain("does not resolve");
        (await RunAsync("", "allow", "remove", "mx.example.org", "192.0.2.9", "--config", config)).ShouldBe(
            (1, "mx.example.org was removed from the allow list and may be banned again\n", "postern: 192.0.2.9 is not in the allow list\n"));
        (await RunAsync("", "allow", "--config", config)).Code.ShouldBe(2);
    }

    [Fact]
    public async Task Status_of_one_jail_shows_that_jail_and_a_jail_that_does_not_exist_is_told()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var config = socket.WriteConfig();
        (await RunAsync("", "status", "postfix", "--config", config)).Output.ShouldContain("milter  unix:/run/milter.sock  observe");
        (await RunAsync("", "status", "sshd", "--config", config)).ShouldBe((1, "", "postern: there is no jail 'sshd'; the jails are postfix\n"));
    }

    [Fact]
    public async Task Json_is_readable_and_cannot_steer_a_terminal()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var config = socket.WriteConfig();
        await RunAsync("", "ban", "192.0.2.1", "--reason", "it's <a+b@example.org> & \u001b[2J\u202e \u9060\u65ad", "--config", config);
        (await RunAsync("", "bans", "--format", "json", "--config", config)).Output.ShouldContain("\"it's <a+b@example.org> & \\u001B[2J\\u202E \u9060\u65ad\"");
    }

    [Fact]
    public async Task A_configuration_is_checked_without_a_daemon()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var sound = socket.WriteConfig();
        (await RunAsync("", "config", "check", "--config", sound)).ShouldBe((0, $"{sound}: no mistakes\n", ""));
        var bad = socket.WriteConfig("mode = \"on\"\n[dns]\ntimout = 1\n");
        var (code, output, errors) = await RunAsync("", "config", "check", "--config", bad);
        (code, errors).ShouldBe((1, ""));
        output.ShouldBe($"{bad}:2: mode: 'on' is not known; it takes \"enforce\" or \"dry-run\"\n{bad}:4: dns.timout: unknown key; did you mean 'timeout'?\n");
        (await RunAsync("", "config", "check", "--config", "/nonexistent/a.toml")).ShouldBe((2, "", "postern: /nonexistent/a.toml: does not exist\n"));
    }

    [Fact]
    public async Task A_reload_of_a_bad_file_is_refused_with_every_mistake()
    {
        await using var socket = await ControlSocket.OpenAsync();
        // The file is wrong by now; the daemon is still reached, and it is the daemon that says so.
        var config = socket.WriteConfig("nonsense = 1\n");
        socket.Engine.Mistakes = ["postern.toml:2: nonsense: unknown key", "postern.toml:3: more: unknown key"];
        var (code, output, errors) = await RunAsync("", "reload", "--config", config);
        (code, output).ShouldBe((2, ""));
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
        socket.Engine.Mistakes = [];
        (await RunAsync("", "reload", "--config", config)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Status_and_top_without_a_terminal_are_shown_once()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var config = socket.WriteConfig();
        var status = (await RunAsync("", "status", "--config", config)).Output;
        status.ShouldStartWith("postern 1.2.3");
        status.ShouldContain("12 logins from 2 new networks");
        status.ShouldNotContain("\u001b");
        var top = await RunAsync("", "top", "--config", config);
        top.Code.ShouldBe(0);
        top.Output.ShouldContain("192.0.2.9");
        top.Output.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task A_notice_is_handed_over_and_never_sends_mail_back()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var config = socket.WriteConfig();
        (await RunAsync("Subject: Postfix SMTP server: errors\n\nIn: .\n", "notice", "--config", config)).ShouldBe((0, "", ""));
        System.Text.Encoding.UTF8.GetString(socket.Engine.Notices.Single()).ShouldStartWith("Subject: Postfix");
        (await RunAsync(new string('x', 3_000_000), "notice", "--config", config)).Code.ShouldBe(0);
        await socket.CloseServerAsync();
        var (code, output, errors) = await RunAsync("any", "notice", "--config", config);
        (code, output).ShouldBe((0, ""));
        errors.ShouldStartWith("postern: the notice is lost: the daemon is not running");
    }

    [Fact]
    public async Task Without_a_daemon_or_with_a_bad_file_there_is_one_clear_line_each()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var config = socket.WriteConfig();
        await socket.CloseServerAsync();
        var (code, output, errors) = await RunAsync("", "status", "--config", config);
        (code, output).ShouldBe((2, ""));
        errors.ShouldStartWith("postern: the daemon is not running");
        errors.Count(letter => letter == '\n').ShouldBe(1);
        (await RunAsync("", "bans", "--config", "/nonexistent/a.toml")).ShouldBe((2, "", "postern: /nonexistent/a.toml: does not exist\n"));
        (await RunAsync("", "check", "192.0.2.1", "--config", socket.WriteConfig("[dns]\ntimout = 1"))).Errors.ShouldContain("dns.timout: unknown key; did you mean 'timeout'?");
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Postern.Cli.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.StandardInput.WriteAsync(input.AsMemory(), Stop);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output, await errors);
    }
}
