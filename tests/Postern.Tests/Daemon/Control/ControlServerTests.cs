using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Postern.Cli.Daemon.Control;

namespace Postern.Tests.Daemon.Control;

/// <summary>The socket over which operators reach the daemon.</summary>
public sealed class ControlServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_owner_and_group_may_use_it()
    {
        await using var socket = await ControlSocket.OpenAsync();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(socket.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        }
    }

    [Fact]
    public async Task Status_and_bans_are_the_documents_that_every_release_keeps()
    {
        await using var socket = await ControlSocket.OpenAsync();
        await socket.AskAsync(new ControlRequest(ControlCommands.Ban) { Subject = "192.0.2.1", ForSeconds = 60, Reason = "\u001b[31mred" });
        var status = await socket.AskAsync(new ControlRequest(ControlCommands.Status));
        Names(status).ShouldBe(["schema", "version", "since", "mode", "pid", "config", "jails", "logs", "firewalls", "block_lists", "listeners", "brake", "sharing", "account_takeovers", "clients", "suppressed", "troubles"]);
        status.GetProperty("schema").GetString().ShouldBe("postern.status/1");
        status.GetProperty("since").GetString().ShouldBe("2026-11-25T01:00:00+09:00");
        Names(status.GetProperty("jails")[0]).ShouldBe(["name", "failures", "banned"]);
        Names(status.GetProperty("logs")[0]).ShouldBe(["path", "lines", "lag_ms", "trouble"], ignoreOrder: true);
        status.GetProperty("logs")[1].GetProperty("lag_ms").ValueKind.ShouldBe(JsonValueKind.Null);
        Names(status.GetProperty("firewalls")[0]).ShouldBe(["name", "state", "trouble"], ignoreOrder: true);
        Names(status.GetProperty("listeners")[0]).ShouldBe(["name", "address", "mode"]);
        Names(status.GetProperty("brake")).ShouldBe(["state", "reason", "since", "held", "why"], ignoreOrder: true);
        Names(status.GetProperty("sharing")).ShouldBe(["state", "host", "hosts", "waiting", "trouble", "duplicate_name"]);
        var takeover = status.GetProperty("account_takeovers")[0];
        Names(takeover).ShouldBe(["user", "from", "to", "logins", "networks", "clients"]);
        takeover.GetProperty("networks").EnumerateArray().Select(network => network.GetString()).ShouldBe(["192.0.2.0/24", "203.0.113.0/24"]);
        var bans = await socket.AskAsync(new ControlRequest(ControlCommands.Bans));
        bans.GetProperty("schema").GetString().ShouldBe("postern.bans/1");
        var ban = bans.GetProperty("bans")[0];
        Names(ban).ShouldBe(["address", "network", "jail", "from", "until", "reason", "failures", "protected_until", "repetition", "host", "dry_run"], ignoreOrder: true);
        ban.GetProperty("until").GetDateTimeOffset().ShouldBe(FakeEngine.Since.AddMinutes(1));
        ban.GetProperty("protected_until").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Who_asks_for_a_ban_stands_in_its_reason_and_bans_come_by_pages()
    {
        await using var socket = await ControlSocket.OpenAsync();
        foreach (var (by, reason, shown) in ((string?, string?, string)[])[("alice", "scans", "scans (by alice)"), ("alice", null, "ordered (by alice)"), (null, "scans", "scans"), ("\u001b[2Jeve" + new string('x', 500), " ", "ordered (by \\x1B[2Jeve")])
        {
            await socket.AskAsync(new ControlRequest(ControlCommands.Ban) { Subject = "192.0.2.1", Reason = reason, By = by });
            (await socket.AskAsync(new ControlRequest(ControlCommands.Bans))).GetProperty("bans")[0].GetProperty("reason").GetString()!.ShouldStartWith(shown);
        }

        await socket.AskAsync(new ControlRequest(ControlCommands.Ban) { Subjects = ["192.0.2.2", "192.0.2.3"] });
        var page = await socket.AskAsync(new ControlRequest(ControlCommands.Bans) { Most = 2, Offset = 1 });
        (page.GetProperty("total").GetInt32(), page.GetProperty("bans").GetArrayLength()).ShouldBe((3, 2));
    }

    [Fact]
    public async Task What_a_page_asks_is_answered()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var events = await socket.AskAsync(new ControlRequest(ControlCommands.Events) { After = 4 });
        (events.GetProperty("schema").GetString(), events.GetProperty("next").GetInt32(), events.GetProperty("events")[0].GetProperty("number").GetInt32()).ShouldBe(("postern.events/1", 5, 5));
        var clients = await socket.AskAsync(new ControlRequest(ControlCommands.Clients) { Search = "  alert " });
        clients.GetProperty("search").GetString().ShouldBe("alert");
        Names(clients.GetProperty("clients")[0]).ShouldBe(["address", "last", "failures", "behaviours", "mail", "state", "match"], ignoreOrder: true);
        (await socket.AskAsync(new ControlRequest(ControlCommands.Decisions) { Days = 3 })).GetProperty("schema").GetString().ShouldBe("postern.report/1");
        (await socket.AskAsync(new ControlRequest(ControlCommands.History))).GetProperty("series")[0].GetProperty("values").GetArrayLength().ShouldBe(3);
        (await socket.AskAsync(new ControlRequest(ControlCommands.History) { Range = "century" })).GetProperty("outcome").GetString().ShouldBe("Failed");
        (await socket.AskAsync(new ControlRequest(ControlCommands.Metrics) { Format = "text" })).GetProperty("text").GetString()!.ShouldEndWith("# EOF\n");
    }

    [Fact]
    public async Task No_reply_can_steer_a_terminal_even_as_it_comes_over_the_wire()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var reply = await socket.SayAsync("{\"command\":\"explain\",\"subject\":\"192.0.2.1\"}\n"u8.ToArray());
        reply.TrimEnd('\n').ShouldAllBe(letter => letter >= ' ' && letter < 127);
        reply.ShouldContain("\\u001B[2Jevil");
    }

    [Theory]
    [InlineData("nonsense\n", "not a line of JSON")]
    [InlineData("[]\n", "not a line of JSON")]
    [InlineData("null\n", "not a line of JSON")]
    [InlineData("{}\n", "not a line of JSON")]
    [InlineData("{\"command\":null}\n", "not a line of JSON")]
    [InlineData("{\"command\":\"dance\"}\n", "does not know 'dance'")]
    [InlineData("{\"command\":\"ban\"}\n", "is not an address or network")]
    [InlineData("{\"command\":\"ban\",\"subject\":\"nobody\"}\n", "'nobody' is not an address or network")]
    [InlineData("{\"command\":\"ban\",\"subject\":\"0.0.0.0/0\"}\n", "too large to ban")]
    [InlineData("{\"command\":\"ban\",\"subject\":\"192.0.2.1\",\"for_seconds\":1e300}\n", "1 second to 10 years")]
    [InlineData("{\"command\":\"ban\",\"subject\":\"192.0.2.1\",\"for_seconds\":-1}\n", "1 second to 10 years")]
    [InlineData("{\"command\":\"allow\",\"subject\":\"0.0.0.0/0\"}\n", "allow everybody")]
    [InlineData("{\"command\":\"notice\"}\n", "not a notice")]
    [InlineData("{\"command\":\"notice\",\"message\":\"***\"}\n", "not a line of JSON")]
    public async Task A_request_that_makes_no_sense_is_answered_and_changes_nothing(string line, string words)
    {
        await using var socket = await ControlSocket.OpenAsync();
        var answer = JsonDocument.Parse(await socket.SayAsync(Encoding.UTF8.GetBytes(line))).RootElement;
        (answer.GetProperty("outcome").GetString() is "Done").ShouldBeFalse();
        answer.GetProperty("message").GetString()!.ShouldContain(words);
        (await socket.AskAsync(new ControlRequest(ControlCommands.Bans))).GetProperty("bans").GetArrayLength().ShouldBe(0);
        socket.Engine.Allowed.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_without_end_is_refused_before_it_fills_the_memory()
    {
        await using var socket = await ControlSocket.OpenAsync();
        using var client = await socket.ConnectAsync();
        await using var stream = new NetworkStream(client);
        var sent = 0;
        var block = new byte[64 * 1024];
        try
        {
            while (sent < 100 * ControlServer.MostRequestBytes)
            {
                await stream.WriteAsync(block, Stop);
                sent += block.Length;
            }
        }
        catch (IOException)
        {
            // It hung up.
        }

        sent.ShouldBeLessThan(2 * ControlServer.MostRequestBytes);
        (await socket.AskAsync(new ControlRequest(ControlCommands.Status))).GetProperty("version").GetString().ShouldBe("1.2.3");
    }

    [Fact]
    public async Task A_notice_of_a_megabyte_arrives_as_it_was()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var message = new byte[1_000_000];
        new Random(1).NextBytes(message);
        await socket.AskAsync(new ControlRequest(ControlCommands.Notice) { Message = message });
        socket.Engine.Notices.Single().ShouldBe(message);
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_cut_and_keeps_nobody_out()
    {
        await using var socket = await ControlSocket.OpenAsync(new ControlTimes { Request = TimeSpan.FromMilliseconds(200) });
        var silent = new List<Socket>();
        for (var i = 0; i < 100; i++)
        {
            silent.Add(await socket.ConnectAsync());
        }

        (await socket.AskAsync(new ControlRequest(ControlCommands.Status))).GetProperty("clients").GetInt64().ShouldBe(42);
        foreach (var client in silent)
        {
            (await client.ReceiveAsync(new byte[1], Stop)).ShouldBe(0);
            client.Dispose();
        }
    }

    [Fact]
    public async Task Many_clients_at_once_are_all_answered()
    {
        await using var socket = await ControlSocket.OpenAsync();
        await Task.WhenAll(Enumerable.Range(1, 200).Select(i => socket.AskAsync(new ControlRequest(ControlCommands.Ban) { Subject = $"192.0.2.{i}" })));
        (await socket.AskAsync(new ControlRequest(ControlCommands.Bans))).GetProperty("bans").GetArrayLength().ShouldBe(200);
    }

    [Fact]
    public async Task An_engine_that_fails_or_dawdles_fails_that_request_alone()
    {
        await using var socket = await ControlSocket.OpenAsync(new ControlTimes { Answer = TimeSpan.FromMilliseconds(100) });
        socket.Engine.OnStatus = _ => throw new InvalidOperationException("a bug");
        (await socket.AskAsync(new ControlRequest(ControlCommands.Status))).GetProperty("outcome").GetString().ShouldBe("Failed");
        socket.Engine.OnStatus = stop => Task.Delay(Timeout.Infinite, stop);
        (await socket.AskAsync(new ControlRequest(ControlCommands.Status))).GetProperty("message").GetString()!.ShouldContain("too busy");
        socket.Engine.OnStatus = null;
        (await socket.AskAsync(new ControlRequest(ControlCommands.Status))).GetProperty("version").GetString().ShouldBe("1.2.3");
    }

    [Fact]
    public async Task A_second_daemon_is_refused_and_the_first_one_goes_on()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var (second, failure) = await ControlServer.OpenAsync(socket.Path, new FakeEngine(), TimeProvider.System, NullLogger.Instance);
        second.ShouldBeNull();
        failure.ShouldNotBeNull().ShouldContain("postern already runs");
        (await socket.AskAsync(new ControlRequest(ControlCommands.Status))).GetProperty("version").GetString().ShouldBe("1.2.3");
    }

    [Fact]
    public async Task The_socket_of_a_daemon_that_died_is_taken_over_but_no_other_file_is()
    {
        var folder = Directory.CreateTempSubdirectory("postern-").FullName;
        var path = Path.Combine(folder, "postern.sock");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Under another name it outlives its owner, as after a kill; closing would remove the one that it was bound to.
            dead.Bind(new UnixDomainSocketEndPoint(path + ".first"));
            File.Move(path + ".first", path);
        }

        File.Exists(path).ShouldBeTrue();
        var (server, failure) = await ControlServer.OpenAsync(path, new FakeEngine(), TimeProvider.System, NullLogger.Instance);
        failure.ShouldBeNull();
        await server!.DisposeAsync();
        File.Exists(path).ShouldBeFalse();
        await File.WriteAllTextAsync(path, "precious", Stop);
        (await ControlServer.OpenAsync(path, new FakeEngine(), TimeProvider.System, NullLogger.Instance)).Failure.ShouldNotBeNull().ShouldContain("is no socket");
        (await File.ReadAllTextAsync(path, Stop)).ShouldBe("precious");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Without_a_daemon_the_client_says_so_in_one_line()
    {
        await using var socket = await ControlSocket.OpenAsync();
        await socket.CloseServerAsync();
        var (reply, failure) = await socket.Client.AskAsync(new ControlRequest(ControlCommands.Status), Stop);
        reply.ShouldBeNull();
        failure.ShouldNotBeNull().ShouldStartWith("the daemon is not running");
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
