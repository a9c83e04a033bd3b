using Postern.Capture.Journal;

namespace Postern.Tests.Capture.Journal;

/// <summary>Of all journals only this machine's entries are read.</summary>
public sealed class JournalMachineTests
{
    [Theory]
    [InlineData("", "_MACHINE_ID=m")]
    [InlineData("SYSLOG_FACILITY=2", "_MACHINE_ID=m SYSLOG_FACILITY=2")]
    [InlineData("A=1 B=2 + C=3", "_MACHINE_ID=m A=1 B=2 + _MACHINE_ID=m C=3")]
    public void Every_alternative_is_of_this_machine(string matches, string wanted) =>
        string.Join(' ', JournalFollower.OfMachine("m", matches.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ShouldBe(wanted);
}
