using System.Net.Sockets;
using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>
/// Every field that a client can write into bans nobody but the client, whoever takes it: smtpd, cleanup or postscreen. A part of the
/// words, drawn anew in each run; <c>tests/attacks</c> tries all.
/// </summary>
public sealed class InjectionFieldTests(ITestOutputHelper output)
{
    private const string Network = "198.18.7";
    private const string Victim = "9.9.9.8";
    private const int Words = 12;
    private const int AtOnce = 24;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task Fields_that_smtpd_takes_ban_nobody_else() => InjectAsync(PostfixSettings.Current with
    {
        Main = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // Whatever cleanup can be told to log.
            ["header_checks"] = "regexp:{ { /./ WARN a field } }",
            ["body_checks"] = "regexp:{ { /./ WARN a line } }",
            ["smtpd_authorized_xclient_hosts"] = "",
            ["default_process_limit"] = "40",
        },
    }, InjectionField.OfSmtpd);

    [Fact]
    public Task Fields_that_postscreen_takes_ban_nobody_else() => InjectAsync(PostfixSettings.BehindPostscreen with
    {
        Main = new Dictionary<string, string>(PostfixSettings.BehindPostscreen.Main, StringComparer.Ordinal)
        {
            ["postscreen_greet_wait"] = "1s",
            // Nobody is known from the last time.
            ["postscreen_cache_map"] = "",
            ["postscreen_client_connection_count_limit"] = "0",
            ["postscreen_dnsbl_sites"] = "",
        },
    }, InjectionField.OfPostscreen);

    private async Task InjectAsync(PostfixSettings settings, IReadOnlyList<InjectionField> fields)
    {
        await using var laboratory = await AttackLaboratory.OpenAsync("[nftables]\nenabled = false\n[jail]\nmaxretry = 1\n[brake]\nenabled = false", settings);
        string[] addresses = [.. Enumerable.Range(100, fields.Count + 1).Select(i => $"{Network}.{i}")];
        await laboratory.OwnAsync(addresses, $"{Network}.0/24");
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var all = InjectionTests.AllWords;
        var takesAll = Environment.GetEnvironmentVariable("POSTERN_ATTACKS") is "all";
        var tries = fields.SelectMany((field, i) => (takesAll ? all : random.GetItems(all, Words)).Select(words => (Field: field, Address: addresses[i], Words: words))).ToArray();
        random.Shuffle(tries);
        await Parallel.ForEachAsync(tries, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Stop }, async (one, _) =>
        {
            try
            {
                await one.Field.SayAsync(opening => laboratory.ConnectAsync(one.Address, opening), one.Words);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // Postfix hung up on it, as it may.
            }
        });
        await laboratory.Postfix.WaitUntilQueueIsEmptyAsync(Stop);
        (await laboratory.Postfix.ReadLogAsync(Stop)).ShouldContain(Victim);

        // A last lone dot, whose ban tells that all before it has been judged.
        await laboratory.AbuseAsync(addresses[^1]);
        await laboratory.Postern.UntilAsync(bans => bans.Contains($"{addresses[^1]}/32", StringComparer.Ordinal) || bans.Contains($"{Network}.0/24", StringComparer.Ordinal), Stop);
        (await laboratory.Postern.BansAsync()).ShouldAllBe(network => network.StartsWith($"{Network}.", StringComparison.Ordinal), $"seed {seed}");
        using var explained = JsonDocument.Parse((await laboratory.Postern.AskAsync("explain", Victim, "--format", "json")).OrThrow("explain").Output);
        explained.RootElement.GetProperty("failures").GetArrayLength().ShouldBe(0, $"seed {seed}");
        output.WriteLine($"{tries.Length} injections by {fields.Count} fields, seed {seed}; none banned another");
        await laboratory.Postern.StopAsync();
    }
}
