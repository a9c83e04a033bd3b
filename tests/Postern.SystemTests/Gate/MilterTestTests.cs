using System.Net;
using System.Net.Sockets;
using Postern.SystemTests.Run;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>Debian's miltertest, which is not ours, drives every command.</summary>
public sealed class MilterTestTests
{
    private const string Prologue = """
        function check(condition, what)
          if not condition then
            mt.echo("failed: " .. what)
            error(what)
          end
        end

        -- What was not agreed on, miltertest refuses to send.
        function maybe(send)
          local sent, answer = pcall(send)
          check(not sent or answer == nil, tostring(answer))
        end

        """;

    [Theory]
    [InlineData("nil, nil, nil")]
    [InlineData("6, 0x1fffff, 0x1ff")]
    [InlineData("6, 0, 0x3f")]
    [InlineData("2, 0x7f, 0x3f")]
    // Debian's miltertest takes the steps before the actions, whatever its manual says.
    public async Task Every_command_is_understood(string offer)
    {
        await using var gate = await Daemon.StartAsync();
        await gate.RunAsync($"""
            check(mt.negotiate(conn, {offer}) == nil, "negotiate")
            check(mt.conninfo(conn, "mx.example.com", "203.0.113.7") == nil, "conninfo")
            check(mt.getreply(conn) == SMFIR_CONTINUE, "reply to connect")
            maybe(function() return mt.unknown(conn, ".") end)
            check(mt.helo(conn, "mx.example.com") == nil, "helo")
            mt.macro(conn, SMFIC_MAIL, "i", "4test", "auth_authen", "")
            check(mt.mailfrom(conn, "<ann@example.com>", "SIZE=100") == nil, "mail")
            check(mt.rcptto(conn, "<bob@example.org>") == nil, "rcpt")
            maybe(function() return mt.data(conn) end)
            check(mt.header(conn, "Authentication-Results", "mx.example.net; spf=pass") == nil, "header")
            check(mt.header(conn, "Authentication-Results", "other.example.net; spf=pass") == nil, "header")
            check(mt.header(conn, "From", "ann@example.com") == nil, "header")
            check(mt.header(conn, "Subject", "hello\n\tagain") == nil, "header")
            maybe(function() return mt.eoh(conn) end)
            for i = 1, 20 do check(mt.bodyrandom(conn, 60000) == nil, "body") end
            check(mt.bodystring(conn, "the end\r\n") == nil, "body")
            check(mt.eom(conn) == nil, "eom")
            check(mt.getreply(conn) == SMFIR_CONTINUE, "reply to the end of the message")
            check(mt.eom_check(conn, MT_HDRINSERT, "Authentication-Results"), "no results")
            check(mt.eom_check(conn, MT_HDRINSERT, "X-Postern"), "no tag")
            check(mt.eom_check(conn, MT_HDRDELETE, "Authentication-Results"), "the forged results stay")

            check(mt.mailfrom(conn, "<>") == nil, "mail again")
            check(mt.rcptto(conn, "<bob@example.org>") == nil, "rcpt again")
            check(mt.abort(conn) == nil, "abort")
            check(mt.mailfrom(conn, "<carol@example.com>") == nil, "mail after abort")
            check(mt.rcptto(conn, "<bob@example.org>") == nil, "rcpt after abort")
            check(mt.header(conn, "From", "carol@example.com") == nil, "header after abort")
            maybe(function() return mt.eoh(conn) end)
            check(mt.eom(conn) == nil, "eom after abort")
            check(mt.getreply(conn) == SMFIR_CONTINUE, "reply after abort")
            check(not mt.eom_check(conn, MT_HDRDELETE), "a header of the aborted message")
            check(mt.disconnect(conn) == nil, "disconnect")
            """);
    }

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("2001:db8::7")]
    [InlineData("unspec")]
    public async Task Clients_of_all_families_are_served(string client)
    {
        await using var gate = await Daemon.StartAsync();
        await gate.RunAsync($"""
            check(mt.conninfo(conn, "mx.example.com", "{client}") == nil, "conninfo")
            check(mt.mailfrom(conn, "<ann@example.com>") == nil, "mail")
            check(mt.rcptto(conn, "<bob@example.org>") == nil, "rcpt")
            check(mt.header(conn, "From", "ann@example.com") == nil, "header")
            maybe(function() return mt.eoh(conn) end)
            check(mt.eom(conn) == nil, "eom")
            check(mt.getreply(conn) == SMFIR_CONTINUE, "reply to the end of the message")
            check(mt.eom_check(conn, MT_HDRINSERT, "X-Postern") == {(client is "unspec" ? "false" : "true")}, "tag")
            mt.disconnect(conn, false)
            """);
    }

    private sealed class Daemon : IAsyncDisposable
    {
        private readonly string _folder;
        private readonly int _port;
        private readonly RunningPostern _postern;

        private Daemon(string folder, int port, RunningPostern postern) => (_folder, _port, _postern) = (folder, port, postern);

        public static async Task<Daemon> StartAsync()
        {
            if (!File.Exists("/usr/bin/miltertest"))
                Assert.Skip("needs the Debian package miltertest");
            var folder = Directory.CreateTempSubdirectory("postern-miltertest-").FullName;
            var log = Path.Combine(folder, "mail.log");
            await File.WriteAllTextAsync(log, "", TestContext.Current.CancellationToken);
            using var place = new TcpListener(IPAddress.Loopback, 0);
            place.Start();
            var port = ((IPEndPoint)place.LocalEndpoint).Port;
            place.Stop();
            return new(folder, port, await RunningPostern.StartAsync(
                log, null, $"[milter]\nlisten = \"127.0.0.1:{port}\"\nauthserv_id = \"mx.example.net\"", TestContext.Current.CancellationToken));
        }

        public async Task RunAsync(string script)
        {
            var file = Path.Combine(_folder, "script.lua");
            await File.WriteAllTextAsync(file, $"{Prologue}conn = mt.connect(\"inet:{_port}@127.0.0.1\")\ncheck(conn ~= nil, \"connect\")\nmt.set_timeout(60)\n{script}\n", TestContext.Current.CancellationToken);
            (await Command.RunAsync(["/usr/bin/miltertest", "-s", file], TimeSpan.FromSeconds(120), cancellationToken: TestContext.Current.CancellationToken)).OrThrow("miltertest");
            _postern.Words.ShouldNotContain("fault");
        }

        public async ValueTask DisposeAsync()
        {
            await _postern.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
