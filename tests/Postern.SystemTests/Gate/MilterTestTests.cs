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

    [Fact]
    public async Task A_conversation_may_be_cut_at_every_byte()
    {
        await using var gate = await Daemon.StartAsync();
        var talk = new MilterWords().Negotiate().Session();
        var whole = await gate.TalkAsync(talk.Bytes);
        MilterWords.Commands(whole).ShouldBe("Ocmmiic", Convert.ToHexString(whole));

        await Parallel.ForAsync(1, talk.Bytes.Length, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (at, _) =>
            (await gate.TalkAsync(talk.Bytes[..at], talk.Bytes[at..])).ShouldBe(whole, $"cut at {at}"));
        (await gate.TalkAsync([.. talk.Bytes.Select(one => (byte[])[one])])).ShouldBe(whole, "byte by byte");
    }

    [Fact]
    public async Task What_is_oversized_or_malformed_costs_its_own_connection_and_nothing_else()
    {
        await using var gate = await Daemon.StartAsync();
        var talk = new MilterWords().Negotiate().Session();
        var whole = await gate.TalkAsync(talk.Bytes);
        var before = gate.Descriptors;
        var random = new Random(11);
        byte[][] nonsense =
        [
            [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF, (byte)'B'], [0x7F, 0xFF, 0xFF, 0xFF, (byte)'L', 0], [0, 0x20, 0, 0, (byte)'H', .. new byte[100_000]],
            "GET / HTTP/1.1\r\nHost: mx.example.org\r\n\r\n"u8.ToArray(), [0x16, 3, 1, 2, 0, 1, 0, 1], [0, 0, 0, 1, (byte)'Z'], new MilterWords().Say('O', [0, 0, 0, 6]).Bytes,
            new MilterWords().Say('O', [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]).Bytes,
            .. Enumerable.Range(0, 100).Select(_ => { var bytes = new byte[random.Next(5, 400)]; random.NextBytes(bytes); return bytes; }),
        ];
        foreach (var bytes in nonsense)
        {
            // It hears nothing, or no more than what any server says.
            MilterWords.Commands(await gate.TalkAsync(bytes)).ShouldBeOneOf("", "c", "O");
            MilterWords.Commands(await gate.TalkAsync([.. new MilterWords().Negotiate().Bytes, .. bytes])).ShouldMatch("^(Oc{0,3})?$");
        }

        // Packets that lack their parts, each command in turn, before and within a session.
        foreach (var command in "ABCDEHKLMNRTU")
        {
            foreach (var data in (byte[][])[[], [0], [(byte)'x'], [0, 0, 0, 0], "x\04\0"u8.ToArray(), [.. Enumerable.Repeat((byte)0xFF, 2000)]])
            {
                MilterWords.Commands(await gate.TalkAsync([.. new MilterWords().Negotiate().Say(command, data).Session().Bytes])).ShouldMatch("^O[cmi]*c$", $"{command} {Convert.ToHexString(data)}");
            }
        }

        (await gate.TalkAsync(talk.Bytes)).ShouldBe(whole);
        await gate.UntilClosedAsync(before);
        gate.Words.ShouldNotContain("fault");
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
            {
                Assert.Skip("needs the Debian package miltertest");
            }

            var folder = Directory.CreateTempSubdirectory("postern-miltertest-").FullName;
            var log = Path.Combine(folder, "mail.log");
            await File.WriteAllTextAsync(log, "", TestContext.Current.CancellationToken);
            using var place = new TcpListener(IPAddress.Loopback, 0);
            place.Start();
            var port = ((IPEndPoint)place.LocalEndpoint).Port;
            place.Stop();
            return new(folder, port, await RunningPostern.StartAsync(
                log, null, $"[milter]\ntrust = \"tcp\"\nlisten = \"127.0.0.1:{port}\"\nauthserv_id = \"mx.example.net\"", TestContext.Current.CancellationToken));
        }

        /// <summary>What it said.</summary>
        public string Words => _postern.Words;

        /// <summary>How many files and sockets it has open.</summary>
        public int Descriptors => Directory.GetFileSystemEntries($"/proc/{_postern.Pid}/fd").Length;

        /// <summary>Says all pieces, each sent for itself, and hears it out.</summary>
        public async Task<byte[]> TalkAsync(params byte[][] pieces)
        {
            var ct = TestContext.Current.CancellationToken;
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, _port, ct);
            await using var stream = new NetworkStream(socket);
            var heard = new MemoryStream();
            try
            {
                foreach (var piece in pieces)
                {
                    await socket.SendAsync(piece, ct);
                }

                socket.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(heard, ct);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // It has ended the connection while there was more to say.
            }

            return heard.ToArray();
        }

        /// <summary>Returns when no more is open than there was; else fails.</summary>
        public async Task UntilClosedAsync(int before)
        {
            var began = TimeProvider.System.GetTimestamp();
            while (Descriptors > before)
            {
                (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30)).ShouldBeTrue($"{Descriptors} of {before} are open");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
            }
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
