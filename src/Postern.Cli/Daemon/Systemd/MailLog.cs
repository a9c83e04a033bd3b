using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Postern.Cli.Daemon.Systemd;

/// <summary>Writes a line to the system's log as the mail system does (syslog(3)), for a program whose standard error nobody reads.</summary>
internal static class MailLog
{
    /// <summary>Where the system's log listens.</summary>
    public const string Socket = "/dev/log";

    // The facility mail (2) and the severity warning (4): RFC 5424, 6.2.1.
    private const int Priority = (2 * 8) + 4;

    /// <summary>Writes it; a system without such a log loses it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="socket">Where to.</param>
    /// <returns>True where the log has it.</returns>
    public static bool Warn(string line, string socket = Socket)
    {
        try
        {
            using var log = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = 1000 };
            log.SendTo(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"<{Priority}>postern[{Environment.ProcessId}]: {Reports.Content.SafeText.Escape(line)}")), new UnixDomainSocketEndPoint(socket));
            return true;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return false;
        }
    }
}
