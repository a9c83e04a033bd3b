using System.Globalization;

namespace Postern.SystemTests.Sharing;

/// <summary>A stolen password is used at two hosts, of which neither sees enough of it.</summary>
public sealed class SharedLoginTests
{
    [Fact]
    public async Task A_user_that_logs_in_from_many_networks_over_two_hosts_is_found_at_both()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var fleet = await ShareLaboratory.OpenAsync(2, "", ct);
        for (var i = 0; i < 10; i++)
        {
            var stamp = TimeProvider.System.GetLocalNow().ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture);
            var client = $"{11 + i}.0.2.1";
            await File.AppendAllTextAsync(fleet.LogOf(i % 2).Path,
                $"{stamp} mx postfix/submission/smtpd[{800 + i}]: connect from unknown[{client}]\n"
                + $"{stamp} mx postfix/submission/smtpd[{800 + i}]: 4ABCDE{i}: client=unknown[{client}], sasl_method=PLAIN, sasl_username=alice\n"
                + $"{stamp} mx postfix/submission/smtpd[{800 + i}]: disconnect from unknown[{client}] ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6\n", ct);
        }

        foreach (var host in fleet.Hosts)
        {
            await ShareLaboratory.UntilAsync(
                async () => (await host.StatusAsync()).GetProperty("account_takeovers").EnumerateArray().Any(static one => one.GetProperty("user").GetString() is "alice"),
                () => host.Words, TimeSpan.FromSeconds(20), ct);
        }

        // Neither who nor from where is on the server.
        var told = await fleet.RedisAsync("--no-raw", "xrange", "postern:{example}:evidence", "-", "+");
        told.ShouldNotContain("alice");
    }
}
