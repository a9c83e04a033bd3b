using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Daemon.Systemd;

namespace Postern.Tests.Daemon.Systemd;

/// <summary>What systemd is told, read from a socket as systemd reads it.</summary>
public sealed class SystemdNotifierTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_states_of_a_service_arrive_at_its_supervisor(bool isAbstract)
    {
        using var supervisor = new Supervisor(isAbstract);
        var time = new FakeTimeProvider();
        var notifier = new SystemdNotifier(supervisor.Name, time);
        notifier.Ready("following\n1 log");
        supervisor.Read().ShouldBe("READY=1\nSTATUS=following\\n1 log");
        time.Advance(TimeSpan.FromSeconds(3));
        notifier.Reloading();
        supervisor.Read().ShouldBe($"RELOADING=1\nMONOTONIC_USEC={time.GetTimestamp() / (time.TimestampFrequency / 1_000_000)}");
        notifier.Stopping();
        supervisor.Read().ShouldStartWith("STOPPING=1\n");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nonexistent/socket")]
    public void Without_a_supervisor_nothing_happens(string? socket) =>
        Should.NotThrow(() => new SystemdNotifier(socket, TimeProvider.System).Ready("well"));

    [Fact]
    public void The_watchdog_hears_twice_in_its_period_and_only_while_the_engine_lives()
    {
        using var supervisor = new Supervisor(isAbstract: true);
        var time = new FakeTimeProvider();
        var beat = time.GetTimestamp();
        var watchdog = Watchdog.Start(new SystemdNotifier(supervisor.Name, time), "10000000", null, () => time.GetElapsedTime(beat) <= TimeSpan.FromSeconds(12), time).ShouldNotBeNull();
        time.Advance(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(5));
        var alive = supervisor.Count();
        alive.ShouldBeGreaterThanOrEqualTo(2);
        time.Advance(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(5));
        supervisor.Count().ShouldBe(0);
        beat = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(5));
        supervisor.Count().ShouldBe(1);
        watchdog.DisposeAsync().AsTask().IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("0", null)]
    [InlineData("soon", null)]
    [InlineData("10000000", "1")]
    public void There_is_no_watchdog_where_none_is_wanted_of_this_process(string? period, string? pid) =>
        Watchdog.Start(new SystemdNotifier(null, TimeProvider.System), period, pid, () => true, TimeProvider.System).ShouldBeNull();

    private sealed class Supervisor : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 5000 };
        private readonly string? _file;

        public Supervisor(bool isAbstract)
        {
            var name = "postern-" + Guid.NewGuid().ToString("N");
            _file = isAbstract ? null : Path.Combine(Path.GetTempPath(), name);
            Name = _file ?? "@" + name;
            _socket.Bind(new UnixDomainSocketEndPoint(_file ?? "\0" + name));
        }

        public string Name { get; }

        public string Read()
        {
            var bytes = new byte[4096];
            return Encoding.UTF8.GetString(bytes, 0, _socket.Receive(bytes));
        }

        public int Count()
        {
            var count = 0;
            for (; _socket.Available > 0; count++)
            {
                Read().ShouldBe("WATCHDOG=1");
            }

            return count;
        }

        public void Dispose()
        {
            _socket.Dispose();
            if (_file is not null)
            {
                File.Delete(_file);
            }
        }
    }
}
