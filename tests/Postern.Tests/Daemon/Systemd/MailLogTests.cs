using System.Net.Sockets;
using System.Text;
using Postern.Cli.Daemon.Systemd;

namespace Postern.Tests.Daemon.Systemd;

public sealed class MailLogTests
{
    [Fact]
    public async Task A_line_comes_as_a_warning_of_the_mail_system_and_stays_one_line()
    {
        var path = Path.Combine(Path.GetTempPath(), $"postern-{Guid.NewGuid():N}");
        using var log = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        log.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            MailLog.Warn("the notice is lost: a\nb", path).ShouldBeTrue();
            var bytes = new byte[500];
            var length = await log.ReceiveAsync(bytes, TestContext.Current.CancellationToken);
            Encoding.UTF8.GetString(bytes, 0, length).ShouldBe($"<20>postern[{Environment.ProcessId}]: the notice is lost: a\\nb");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_system_without_a_log_loses_it() => MailLog.Warn("lost", Path.Combine(Path.GetTempPath(), "nobody-listens-here")).ShouldBeFalse();
}
