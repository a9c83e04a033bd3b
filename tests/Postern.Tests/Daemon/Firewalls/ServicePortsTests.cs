using Postern.Cli.Daemon.Firewalls;

namespace Postern.Tests.Daemon.Firewalls;

/// <summary>A jail's ports are read as fail2ban's actions take them.</summary>
public sealed class ServicePortsTests
{
    [Theory]
    [InlineData("22", "22")]
    [InlineData("smtp,465,submission", "25,465,587")]
    [InlineData("imap2 , 993", "143,993")]
    [InlineData("6000:6003,25", "25,6000,6001,6002,6003")]
    [InlineData("0:65535", "")]
    [InlineData(null, "")]
    public void Names_numbers_and_ranges(string? text, string ports)
    {
        Assert.SkipUnless(File.Exists("/etc/services"), "This machine has no /etc/services.");
        var (read, complaint) = ServicePorts.Parse(text);
        complaint.ShouldBeNull();
        string.Join(',', read).ShouldBe(ports);
    }

    [Theory]
    [InlineData("no-such-service")]
    [InlineData("25,70000")]
    [InlineData("30:20")]
    public void What_cannot_be_read_closes_everything_and_is_told(string text)
    {
        var (read, complaint) = ServicePorts.Parse(text);
        read.ShouldBeEmpty();
        complaint.ShouldNotBeNull();
    }
}
