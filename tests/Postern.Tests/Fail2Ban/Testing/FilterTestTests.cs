using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;
using Postern.Fail2Ban.Testing;
using Postern.Tests.Fail2Ban.Samples;

namespace Postern.Tests.Fail2Ban.Testing;

/// <summary>A whole log through a filter.</summary>
public sealed class FilterTestTests
{
    private static readonly DateClock s_clock = new(new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 2, 0, 0, TimeSpan.Zero)), TimeZoneInfo.Utc);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Passing_over_lines_without_the_words_changes_nothing(bool tellMissed)
    {
        var log = new StringBuilder();
        var expected = new List<long>();
        var dice = new Random(7);
        // Larger than a block, with lines that begin and end at any place of it.
        for (var number = 1; number <= 40_000; number++)
        {
            if (dice.Next(20) == 0)
            {
                log.Append("Nov 25 01:00:00 mx app: FAILED login for joe from 192.0.2.7").Append(dice.Next(2) == 0 ? "\r\n" : "\n");
                expected.Add(number);
            }
            else
            {
                log.Append("Nov 25 01:00:00 mx app: ").Append('y', dice.Next(120)).Append(dice.Next(3) == 0 ? " failed log in" : "").Append('\n');
            }
        }

        var told = new List<TestedLine>();
        var test = Test(@"failed login for \S+ from <HOST>$", told.Add, tellMissed);
        await test.RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(log.ToString())), Stop);
        told.Where(line => line.Outcome == LineOutcome.Matched).Select(line => line.Number).ShouldBe(expected);
        (test.Counts.Total, test.Counts.Matched, test.Counts.Missed).ShouldBe((40_000, expected.Count, 40_000 - expected.Count));
    }

    [Fact]
    public async Task Letters_that_are_another_case_of_ASCII_are_not_passed_over()
    {
        var told = new List<TestedLine>();
        await Test(@"failed miskin <HOST>", told.Add, false).RunAsync(new MemoryStream("x failed mi\u017Fkin 192.0.2.1\nx failed mis\u212Ain 192.0.2.1\nx failed miskxn 192.0.2.1\n"u8.ToArray()), Stop);
        told.Select(line => line.Number).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Another_encoding_is_read_and_what_is_no_text_is_replaced()
    {
        var told = new List<TestedLine>();
        await Test(@"für \w+ <HOST>", told.Add, false, Encoding.Latin1).RunAsync(new MemoryStream(Encoding.Latin1.GetBytes("für jörg 192.0.2.1\n")), Stop);
        await Test(@"f\uFFFDr \w+ <HOST>", told.Add, false).RunAsync(new MemoryStream(Encoding.Latin1.GetBytes("für max 192.0.2.2\n")), Stop);
        told.Select(line => line.Match!.Id!.Text).ShouldBe(["192.0.2.1", "192.0.2.2"]);
    }

    [Fact]
    public async Task Nothing_at_all_is_no_line()
    {
        var test = Test("<HOST>", _ => { }, false);
        await test.RunAsync(new MemoryStream(), Stop);
        test.Counts.Total.ShouldBe(0);
    }

    // Blocks are matched on all cores ahead of their turn; dates of several forms and lines of one connection need the order.
    [Theory]
    [InlineData("sshd")]
    [InlineData("dovecot")]
    [InlineData("postfix")]
    public async Task Blocks_matched_in_parallel_give_what_lines_in_their_order_give(string name)
    {
        if (!File.Exists(Path.Combine(SampleFolders.Logs, name)) || !Directory.Exists(Path.Combine(SampleFolders.Config, "filter.d")))
        {
            Assert.Skip("fail2ban's filters and samples are not here");
        }

        var (definition, _) = FilterReader.ReadName(SampleFolders.Config, name, new Dictionary<string, string>(StringComparer.Ordinal) { ["mode"] = "aggressive" }, "file");
        var (filter, _) = CompiledFilter.Compile(definition!, "warn", 2026, new Lazy<DefaultTemplates>(() => DefaultTemplates.Create(2026)));
        var options = new FilterOptions { TryAll = true, GivePending = true, RawNames = true };
        var samples = File.ReadLines(Path.Combine(SampleFolders.Logs, name)).Where(line => line.Length > 16 && line[0] != '#').ToArray();
        var dice = new Random(11);
        var lines = Enumerable.Range(0, 12_000).Select(_ => samples[dice.Next(samples.Length)]).Select(line => dice.Next(8) switch
        {
            0 => "2026-11-24T21:59:59.123456+01:00" + line[15..],
            1 => "Tue Nov 24 2026 21:59:59" + line[15..],
            2 => line[15..],
            _ => line,
        }).ToArray();
        var told = new List<(long, LineOutcome, int?, string?, double?, string?)>();
        var test = new FilterTest(
            filter!, options, s_clock, new UTF8Encoding(false),
            line => told.Add((line.Number, line.Outcome, line.Match?.Regex, line.Match?.Id?.Text, line.Match?.Time, line.Match?.Failure["user"])), true);
        await test.RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")), Stop);
        var matcher = new FilterMatcher(filter!, options, s_clock);
        var expected = lines.Select((line, i) =>
        {
            var result = matcher.Match(line);
            var match = result.Matches.FirstOrDefault(one => !one.Failure.IsNoFailure);
            var outcome = result.IsIgnored || result.Matches.Any(one => one.Failure.IsNoFailure) ? LineOutcome.Ignored : match is not null ? LineOutcome.Matched : LineOutcome.Missed;
            match = outcome == LineOutcome.Matched ? match : null;
            return (i + 1L, outcome, match?.Regex, match?.Id?.Text, match?.Time, match?.Failure["user"]);
        }).ToList();
        told.ShouldBe(expected);
        told.Count(line => line.Item2 == LineOutcome.Matched).ShouldBeGreaterThan(1000);
    }

    private static FilterTest Test(string regex, Action<TestedLine> tell, bool tellMissed, Encoding? encoding = null)
    {
        var definition = new FilterDefinition { Name = "x", File = "x.conf", FailRegex = ["(?i)" + regex] };
        var (filter, errors) = CompiledFilter.Compile(definition, "no", 2026, new Lazy<DefaultTemplates>(() => DefaultTemplates.Create(2026)));
        errors.ShouldBeEmpty();
        return new FilterTest(filter!, new FilterOptions { TryAll = true }, s_clock, encoding ?? new UTF8Encoding(false), tell, tellMissed);
    }
}
