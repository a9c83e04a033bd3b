using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Postern.Cli.Daemon.Systemd;

/// <summary>Tells systemd how the service stands (sd_notify(3)). Does nothing where systemd does not ask.</summary>
internal sealed class SystemdNotifier
{
    private readonly string? _socket;
    private readonly TimeProvider _time;

    /// <summary>A notifier for the socket that <c>NOTIFY_SOCKET</c> names.</summary>
    /// <param name="socket">The path, or an abstract name beginning with <c>@</c>; null where nobody listens.</param>
    /// <param name="time">The clock; its timestamps are the monotonic clock's.</param>
    public SystemdNotifier(string? socket, TimeProvider time) => (_socket, _time) = (string.IsNullOrEmpty(socket) ? null : socket, time);

    /// <summary>True where systemd wants to know.</summary>
    public bool IsWanted => _socket is not null;

    /// <summary>The start, or a reload, is done.</summary>
    /// <param name="status">How it goes, in a line.</param>
    public void Ready(string status) => Send("READY=1\nSTATUS=" + Line(status));

    /// <summary>How it goes, in a line that <c>systemctl status</c> shows.</summary>
    public void Status(string status) => Send("STATUS=" + Line(status));

    /// <summary>A reload begins; <see cref="Ready"/> ends it, whether it was refused or not.</summary>
    public void Reloading() => Send(string.Create(
        CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={(long)(_time.GetTimestamp() / (_time.TimestampFrequency / 1e6))}"));

    /// <summary>The end begins.</summary>
    public void Stopping() => Send("STOPPING=1\nSTATUS=stopping");

    /// <summary>Alive.</summary>
    public void Alive() => Send("WATCHDOG=1");

    // The service must not fail because its supervisor is gone: what cannot be sent is dropped.
    private void Send(string message)
    {
        if (_socket is null)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = 1000 };
            socket.SendTo(Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(_socket[0] == '@' ? "\0" + _socket[1..] : _socket));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
        }
    }

    private static string Line(string text) => Reports.Content.SafeText.Escape(text);
}
