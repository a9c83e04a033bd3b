using System.Globalization;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Explain;

/// <summary>A log of very many different clients becomes a report in bounded memory, as it is written. 50,000 here, 1,000,000 in <c>tests/attacks</c>.</summary>
public sealed class ManyClientsTests(ITestOutputHelper output)
{
    private const string Meter = "/usr/bin/time";
    private static readonly bool s_isAll = Environment.GetEnvironmentVariable("POSTERN_ATTACKS") is "all";
    private static readonly int s_clients = s_isAll ? 1_000_000 : 50_000;

    // The program that is not compiled ahead takes some 100 MB by itself.
    private static readonly int s_mostMegabytes = s_isAll ? 400 : 300;

    [Theory]
    [InlineData("json")]
    [InlineData("html")]
    public async Task A_report_of_very_many_clients_takes_bounded_memory(string format)
    {
        if (!File.Exists(Meter))
        {
            Assert.Skip("needs the Debian package time");
        }

        var folder = Directory.CreateTempSubdirectory("postern-many-").FullName;
        try
        {
            var (log, notes) = (Path.Combine(folder, "mail.log"), Path.Combine(folder, "notes"));
            await File.WriteAllLinesAsync(log, Lines(), TestContext.Current.CancellationToken);
            (await Command.RunAsync(
                [Meter, "-q", "-f", "%M", "-o", notes, PosternProgram.Path, "explain", "--offline", "--all", "--format", format, "--output", Path.Combine(folder, "report"), log],
                TimeSpan.FromMinutes(5), cancellationToken: TestContext.Current.CancellationToken)).OrThrow("explain");
            var peak = int.Parse((await File.ReadAllTextAsync(notes, TestContext.Current.CancellationToken)).Trim(), CultureInfo.InvariantCulture) / 1024;
            peak.ShouldBeLessThan(s_mostMegabytes);
            output.WriteLine($"{s_clients} clients as {format}: {peak} MB at most, {new FileInfo(Path.Combine(folder, "report")).Length / 1_000_000} MB of report");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Lines()
    {
        for (var n = 0; n < s_clients; n++)
        {
            var from = string.Create(CultureInfo.InvariantCulture, $"unknown[{20 + (n / 62_500)}.{n / 250 % 250}.{n % 250}.7]");
            var stamp = string.Create(CultureInfo.InvariantCulture, $"Nov 25 {n / 45_000 % 24:00}:{n / 750 % 60:00}:{n / 13 % 60:00} mx postfix/smtpd[{n % 97}]:");
            yield return $"{stamp} connect from {from}";
            yield return $"{stamp} warning: non-SMTP command from {from}: .";
            yield return $"{stamp} disconnect from {from} unknown=0/1 commands=0/1";
        }
    }
}
