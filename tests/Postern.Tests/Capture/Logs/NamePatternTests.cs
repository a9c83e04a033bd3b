using Postern.Capture.Logs;

namespace Postern.Tests.Capture.Logs;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("mail.log", "mail.log", true)]
    [InlineData("mail.log", "mail.logs", false)]
    [InlineData("*.log", "mail.log", true)]
    [InlineData("*.log", ".log", false)]
    [InlineData(".*", ".log", true)]
    [InlineData("mail-[0-9].log", "mail-7.log", true)]
    [InlineData("mail-[0-9].log", "mail-x.log", false)]
    [InlineData("mail-[!0-9].log", "mail-x.log", true)]
    [InlineData("mail-[^0-9].log", "mail-7.log", false)]
    [InlineData("[]a]b", "]b", true)]
    [InlineData("[a-]b", "-b", true)]
    [InlineData("[ab", "[ab", true)]
    [InlineData("m?il*", "mail", true)]
    [InlineData("m?il", "mil", false)]
    [InlineData("*a*b*c", "xxaxxbxxbxxc", true)]
    [InlineData("*a*b*c", "xxaxxbxxbxx", false)]
    public void A_name_matches_as_the_shell_has_it(string pattern, string name, bool matches) => NamePattern.Matches(pattern, name).ShouldBe(matches);

    [Theory]
    [InlineData("mail.log.1", true)]
    [InlineData("mail.log.2.gz", true)]
    [InlineData("mail.log-20261125", true)]
    [InlineData("mail.log-20261125.zst", true)]
    [InlineData("mail-20261125.log", true)]
    [InlineData("mail-20261125.log.xz", true)]
    [InlineData("mail.1.log", true)]
    [InlineData("mail.log.old", true)]
    [InlineData("mail.log", false)]
    [InlineData("mail.log.offset", false)]
    [InlineData("mail.err.1", false)]
    [InlineData("mail.log.1.bz2", false)]
    [InlineData("mail.log.1.gz.tmp", false)]
    public void A_rotated_log_is_known_by_its_name(string name, bool isRotated) => RotatedName.TryRead("mail.log", name, out _).ShouldBe(isRotated);
}
