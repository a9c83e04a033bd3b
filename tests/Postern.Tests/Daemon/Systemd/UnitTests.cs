using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Postern.Tests.Support;

namespace Postern.Tests.Daemon.Systemd;

/// <summary>The systemd unit as systemd itself judges it.</summary>
public sealed class UnitTests
{
    private static readonly string s_unit = RepositoryRoot.Of("packaging", "postern.service");

    [Fact]
    public void The_unit_has_no_right_but_the_firewall()
    {
        var lines = File.ReadAllLines(s_unit);
        lines.ShouldContain("CapabilityBoundingSet=CAP_NET_ADMIN", StringComparer.Ordinal);
        lines.ShouldContain("AmbientCapabilities=CAP_NET_ADMIN", StringComparer.Ordinal);
        lines.ShouldContain("NoNewPrivileges=yes", StringComparer.Ordinal);
        lines.ShouldContain("ProtectSystem=strict", StringComparer.Ordinal);
        lines.ShouldContain("RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK", StringComparer.Ordinal);
        lines.ShouldContain("Type=notify", StringComparer.Ordinal);
    }

    [Fact]
    public void Systemd_takes_the_unit()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed");
        // The program need not be installed where the tests run.
        var folder = Directory.CreateTempSubdirectory("postern-").FullName;
        var copy = Path.Combine(folder, "postern.service");
        File.WriteAllText(copy, File.ReadAllText(s_unit).Replace("/usr/lib/postern/postern", "/usr/bin/true", StringComparison.Ordinal));
        var (code, text) = Run("verify", "--man=no", copy);
        text.Split('\n').Where(line => line.Contains("postern.service", StringComparison.Ordinal)).ShouldBeEmpty();
        code.ShouldBe(0, text);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Systemd_finds_little_exposure()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed");
        var (_, text) = Run("security", "--offline=true", "--no-pager", s_unit);
        var score = Regex.Match(text, @"exposure level for [^:]*: (?<score>[0-9.]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        Assert.SkipUnless(score.Success, "systemd-analyze cannot judge a unit offline: " + text);
        double.Parse(score.Groups["score"].Value, CultureInfo.InvariantCulture).ShouldBeLessThan(2.5);
    }

    private static (int Code, string Text) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/systemd-analyze", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text + errors.GetAwaiter().GetResult());
    }
}
