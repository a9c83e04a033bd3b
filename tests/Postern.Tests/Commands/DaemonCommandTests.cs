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
    }

    [Fact]
    public async Task Names_may_be_allowed_and_nonsense_may_not()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var config = socket.WriteConfig();
        (await RunAsync("", "allow", "mx.example.org", "--config", config)).Code.ShouldBe(0);
        (await RunAsync("", "allow", "300.1.2.3", "--config", config)).ShouldBe((2, "", "postern: '300.1.2.3' is not an address, network or DNS name\n"));
        (await RunAsync("", "ban", "192.0.2.1", "--for", "ages", "--config", config)).Code.ShouldBe(2);
        socket.Engine.Allowed.ShouldBe(["mx.example.org"]);
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
