using System.Text.Json;

namespace Postern.SystemTests.Check;

/// <summary>The built program against DNS servers that lie, stall and flood: nothing that they send is held against a sender.</summary>
public sealed class HostileDnsTests(HostileDnsRuns runs, ITestOutputHelper output) : IClassFixture<HostileDnsRuns>
{
    // Some 580 on an idle machine; one that is busy runs into more deadlines, and asks less.
    private const int FewestAnswers = 400;

    public static TheoryData<string> Zones() => [.. HostileDnsCases.OfZones.Keys];

    public static TheoryData<string> Servers() => [.. HostileDnsCases.OfServers.Keys];

    [Theory]
    [MemberData(nameof(Zones))]
    public async Task A_hostile_zone_is_borne_in_silence(string title)
    {
        var run = await runs.OfAsync(title);

        ShouldBeBorne(run);
        run.Result.Error.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task A_resolver_that_is_of_no_use_is_named_in_one_line(string title)
    {
        var run = await runs.OfAsync(title);

        ShouldBeBorne(run);
        run.Result.Error.Trim().Split('\n').Length.ShouldBe(1, run.Result.Error);
        run.Result.Error.ShouldContain($"the DNS server {run.Server}");
        using var answer = JsonDocument.Parse(run.Result.Output);
        answer.RootElement.GetProperty("tests").EnumerateArray()
            .Where(t => t.GetProperty("name").GetString() is not "helo-syntax")
            .ShouldAllBe(t => t.GetProperty("result").GetString() == "temperror" || t.GetProperty("result").GetString() == "skipped", run.Result.Output);
    }

    [Fact]
    public async Task A_legal_name_of_odd_characters_is_asked_for()
    {
        var run = await runs.OfAsync(HostileDnsCases.OddSender);

        using var answer = JsonDocument.Parse(run.Result.Output);
        answer.RootElement.GetProperty("tests").EnumerateArray().Single(t => t.GetProperty("name").GetString() is "spf-mailfrom")
            .GetProperty("result").GetString().ShouldBe("pass", run.Result.Output);
    }

    [Fact]
    public async Task Hundreds_of_hostile_answers_in_all_make_nobody_a_forger()
    {
        var all = await runs.AllAsync();

        foreach (var run in all)
        {
            ShouldBeBorne(run);
        }

        all.Sum(run => run.Answers).ShouldBeGreaterThanOrEqualTo(FewestAnswers);
        output.WriteLine($"{all.Sum(run => run.Answers)} answers of {all.Length} hostile servers; no check failed, and none says reject");
    }

    private static void ShouldBeBorne(HostileDnsRun run)
    {
        run.Result.ExitCode.ShouldBe(0, run.Result.Error + run.Result.Output);
        run.Result.Error.ShouldNotContain("   at ");
        using var answer = JsonDocument.Parse(run.Result.Output);
        answer.RootElement.GetProperty("advice").ValueEquals("reject").ShouldBeFalse(run.Result.Output);
        run.Result.Output.Contains("\\u001b[", StringComparison.OrdinalIgnoreCase).ShouldBeFalse(run.Result.Output);
        // The deadline of a check is 5 s; the rest is the start of the program on a busy machine.
        run.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        if (run.PeakKilobytes is { } peak)
        {
            peak.ShouldBeLessThan(100_000);
        }
    }
}
