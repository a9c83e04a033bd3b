using Postern.Fail2Ban.Jails;

namespace Postern.Tests.Fail2Ban.Jails;

/// <summary>What a jail reads of the journal, journalctl reads.</summary>
public sealed class JournalMatchTests
{
    [Theory]
    [InlineData("_SYSTEMD_UNIT=sshd.service + _COMM=sshd", "_SYSTEMD_UNIT=sshd.service|+|_COMM=sshd")]
    [InlineData("_SYSTEMD_UNIT=a.service\n_SYSTEMD_UNIT=b.service PRIORITY=5", "_SYSTEMD_UNIT=a.service|+|_SYSTEMD_UNIT=b.service|PRIORITY=5")]
    [InlineData("SYSLOG_IDENTIFIER='my daemon' A=\"x\\\"'y\" B=a\\ b", "SYSLOG_IDENTIFIER=my daemon|A=x\"'y|B=a b")]
    [InlineData("  ", "")]
    [InlineData(null, "")]
    public void Matches_become_arguments(string? text, string expected) => string.Join('|', JournalMatch.Arguments(text)).ShouldBe(expected);
}
