using System.Text;
using Postern.Capture.Grammar;
using Postern.Capture.Journal;

namespace Postern.Tests.Capture.Journal;

/// <summary>An entry is the program's that journald knows, not the one that it says.</summary>
public class JournalVoucherTests
{
    [Theory]
    [InlineData("postfix/smtpd", 101, "smtpd", "/usr/lib/postfix/sbin/smtpd", false)]
    [InlineData("postfix/smtpd", 89, "smtpd", "/usr/libexec/postfix/smtpd", false)]
    [InlineData("postfix/smtpd", 0, "postlogd", "/usr/lib/postfix/sbin/postlogd", false)]
    [InlineData("postfix/smtpd", 0, "dockerd", "/usr/bin/dockerd", false)]
    [InlineData("postfix/smtpd", 0, "", "", false)]
    [InlineData("mx1/submission/smtpd", 101, "smtpd", "", false)]
    [InlineData("postfix/smtpd", 1000, "logger", "/usr/bin/logger", true)]
    [InlineData("postfix/smtpd", 0, "logger", "/usr/bin/logger", true)]
    [InlineData("mx1/smtpd", 0, "systemd-cat", "/usr/bin/systemd-cat", true)]
    [InlineData("postfix/smtpd", 1000, "smtpd", "/home/eve/smtpd", true)]
    [InlineData("postfix/smtpd", 33, "smtpd", "/tmp/smtpd", true)]
    [InlineData("postfix/smtpd", 33, "smtpd", "/usr/bin/python3.11", true)]
    [InlineData("postfix/smtpd", 33, "python3", "", true)]
    [InlineData("postfix/smtpd", 1000, "smtpd", "", true)]
    [InlineData("sshd", 0, "sshd", "/usr/sbin/sshd", false)]
    [InlineData("sshd", 1000, "sshd", "/usr/sbin/sshd", false)]
    [InlineData("sshd", 1000, "logger", "/usr/bin/logger", true)]
    [InlineData("dovecot", 0, "log", "/usr/lib/dovecot/log", false)]
    [InlineData("dovecot", 1000, "x", "/home/eve/x", true)]
    [InlineData("docker", 0, "dockerd", "/usr/bin/dockerd", false)]
    [InlineData("docker", 1000, "logger", "/usr/bin/logger", true)]
    [InlineData("shop", 1000, "logger", "/usr/bin/logger", false)]
    public void Who_wrote_it_is_known(string says, long user, string command, string executable, bool isOthers)
    {
        JournalVoucher.IsOthers(Encoding.UTF8.GetBytes(says), user, command, executable).ShouldBe(isOthers);
        var entry = $$"""{"__REALTIME_TIMESTAMP":"1795571500000000","_HOSTNAME":"mx","SYSLOG_IDENTIFIER":"{{says}}","_PID":"7","_UID":"{{user}}","_COMM":"{{command}}","_EXE":"{{executable}}","MESSAGE":"connect from unknown[192.0.2.1]"}""";
        new JournalText(TimeZoneInfo.Utc).TryRead(Encoding.UTF8.GetBytes(entry), out _, out _).ShouldBe(!isOthers);
        if (isOthers)
        {
            // Nor is it read as the JSON of a container.
            Postern.Facts.SmtpEvent e = default;
            new LineGrammar(TimeZoneInfo.Utc).Read(Encoding.UTF8.GetBytes(entry), ref e).ShouldBe(LineClass.Foreign);
        }
    }
}
