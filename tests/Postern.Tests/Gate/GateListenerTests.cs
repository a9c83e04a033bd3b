using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Gate;

namespace Postern.Tests.Gate;

public sealed class GateListenerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-gate-").FullName;
    private readonly GateFixture _gate = new();

    private string Path => System.IO.Path.Combine(_folder, "sub", "gate");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Both_kinds_of_sockets_are_served()
    {
        foreach (var place in (EndPoint[])[new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.IPv6Loopback, 0), new UnixDomainSocketEndPoint(Path)])
        {
            await using var listener = await OpenAsync(place);
            (await SayAsync(listener.LocalEndPoint!, "hello")).ShouldBe("hello");
        }

        File.Exists(Path).ShouldBeFalse();
    }

    [Fact]
    public async Task A_socket_that_a_dead_process_left_is_taken_over_and_a_living_ones_is_not()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        // A socket that is closed in order removes its file; one that was renamed stays, as after a kill.
        var other = System.IO.Path.Combine(_folder, "other");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(other));
            File.Move(other, Path);
        }

        await using var listener = await OpenAsync(new UnixDomainSocketEndPoint(Path));
        (await SayAsync(listener.LocalEndPoint!, "hello")).ShouldBe("hello");

        var (second, failure) = await GateListener.OpenAsync(new UnixDomainSocketEndPoint(Path), "policy", 4, EchoAsync, _gate, TimeProvider.System);
        second.ShouldBeNull();
        failure.ShouldNotBeNull().ShouldContain("somebody answers");
        (await SayAsync(listener.LocalEndPoint!, "still")).ShouldBe("still");
    }

    [Fact]
    public async Task A_file_is_not_taken_for_a_socket()
    {
        var file = System.IO.Path.Combine(_folder, "file");
        File.WriteAllText(file, "precious");
        var (listener, failure) = await GateListener.OpenAsync(new UnixDomainSocketEndPoint(file), "policy", 4, EchoAsync, _gate, TimeProvider.System);
        listener.ShouldBeNull();
        failure.ShouldNotBeNull().ShouldContain("is no socket");
        File.ReadAllText(file).ShouldBe("precious");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        await using var first = await OpenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var (second, failure) = await GateListener.OpenAsync(first.LocalEndPoint!, "milter", 4, EchoAsync, _gate, TimeProvider.System);
        second.ShouldBeNull();
        failure.ShouldNotBeNull().ShouldStartWith($"the milter server cannot listen at {first.LocalEndPoint}: ");
    }

    [Fact]
    public async Task More_connections_than_places_are_served_one_after_the_other_and_a_fault_ends_its_own_only()
    {
        await using (var listener = await OpenAsync(new IPEndPoint(IPAddress.Loopback, 0), places: 3))
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => SayAsync(listener.LocalEndPoint!, i % 5 == 0 ? "fault" : $"{i}")));
            for (var i = 0; i < answers.Length; i++)
            {
                answers[i].ShouldBe(i % 5 == 0 ? "" : $"{i}");
            }
        }

        // A fault is told after its connection is closed; the end waits for all of them.
        _gate.Troubles.Count.ShouldBe(12);
    }

    [Fact]
    public async Task Where_all_places_are_taken_those_that_say_nothing_make_room()
    {
        var time = new FakeTimeProvider();
        var (listener, failure) = await GateListener.OpenAsync(new IPEndPoint(IPAddress.Loopback, 0), "milter", 2, EchoAsync, _gate, time);
        failure.ShouldBeNull();
        await using (listener!)
        {
            using var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
            using var second = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await first.ConnectAsync(listener!.LocalEndPoint!, Stop);
            await second.ConnectAsync(listener.LocalEndPoint!, Stop);
            var third = SayAsync(listener.LocalEndPoint!, "hello");
            while (!third.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(6));
                await Task.WhenAny(third, Task.Delay(TimeSpan.FromMilliseconds(50), Stop));
                Stop.ThrowIfCancellationRequested();
            }

            (await third).ShouldBe("hello");
        }
    }

    [Fact]
    public async Task Whoever_sends_a_byte_now_and_then_and_nothing_whole_makes_room_too()
    {
        var time = new FakeTimeProvider();
        // Who says an x has said something whole.
        static async Task ServeAsync(Stream stream, CancellationToken stop)
        {
            var buffer = new byte[1];
            while (await stream.ReadAsync(buffer, stop) > 0)
            {
                if (buffer[0] == (byte)'x')
                {
                    ((PeerStream)stream).NoteRequest();
                }

                await stream.WriteAsync(buffer, stop);
            }
        }

        var (listener, failure) = await GateListener.OpenAsync(new IPEndPoint(IPAddress.Loopback, 0), "milter", 2, ServeAsync, _gate, time);
        failure.ShouldBeNull();
        await using (listener!)
        {
            using var slow = new Socket(SocketType.Stream, ProtocolType.Tcp);
            using var honest = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await slow.ConnectAsync(listener!.LocalEndPoint!, Stop);
            await honest.ConnectAsync(listener.LocalEndPoint!, Stop);
            (await TalkAsync(slow, '.') && await TalkAsync(honest, 'x')).ShouldBeTrue();
            var third = SayAsync(listener.LocalEndPoint!, "hello");
            while (!third.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(2));
                _ = await TalkAsync(slow, '.');
                (await TalkAsync(honest, 'x')).ShouldBeTrue();
                await Task.WhenAny(third, Task.Delay(TimeSpan.FromMilliseconds(50), Stop));
                Stop.ThrowIfCancellationRequested();
            }

            (await third).ShouldBe("hello");
            (await TalkAsync(slow, '.')).ShouldBeFalse();
            (await TalkAsync(honest, 'x')).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task An_end_ends_all_connections()
    {
        var listener = await OpenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!, Stop);
        await client.SendAsync("a"u8.ToArray(), Stop);
        await client.ReceiveAsync(new byte[1], Stop);
        await listener.DisposeAsync();
        (await client.ReceiveAsync(new byte[1], Stop)).ShouldBe(0);
    }

    private async Task<GateListener> OpenAsync(EndPoint place, int places = 8)
    {
        var (listener, failure) = await GateListener.OpenAsync(place, "policy", places, EchoAsync, _gate, TimeProvider.System);
        failure.ShouldBeNull();
        return listener!;
    }

    private static async Task EchoAsync(Stream stream, CancellationToken stop)
    {
        var buffer = new byte[64];
        for (int read; (read = await stream.ReadAsync(buffer, stop)) > 0;)
        {
            if (Encoding.ASCII.GetString(buffer, 0, read) is "fault")
            {
                throw new InvalidOperationException("a fault");
            }

            await stream.WriteAsync(buffer.AsMemory(0, read), stop);
        }
    }

    private static async Task<bool> TalkAsync(Socket client, char letter)
    {
        try
        {
            await client.SendAsync((byte[])[(byte)letter], Stop);
            return await client.ReceiveAsync(new byte[1], Stop) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<string> SayAsync(EndPoint place, string words)
    {
        using var client = new Socket(place.AddressFamily, SocketType.Stream, place is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        await client.ConnectAsync(place, Stop);
        await client.SendAsync(Encoding.ASCII.GetBytes(words), Stop);
        client.Shutdown(SocketShutdown.Send);
        var heard = new StringBuilder();
        var buffer = new byte[64];
        for (int read; (read = await client.ReceiveAsync(buffer, Stop)) > 0;)
        {
            heard.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return heard.ToString();
    }
}
