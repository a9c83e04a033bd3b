using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Daemon.Systemd;

namespace Postern.Tests.Daemon.Systemd;

/// <summary>Memory is given back after a burst, never in the midst of one.</summary>
public sealed class IdleMemoryTests
{
    private const long Megabyte = 1 << 20;

    [Theory]
    [InlineData(300 * Megabyte, 0, true)]
    [InlineData(300 * Megabyte, 50 * Megabyte, false)]
    [InlineData(10 * Megabyte, 0, false)]
    public void Only_much_is_worth_it_and_only_when_little_goes_on(long resident, long allocatedLately, bool isWorthIt) =>
        new IdleMemory(new FakeTimeProvider()).IsWorthIt(resident, allocatedLately).ShouldBe(isWorthIt);
}
