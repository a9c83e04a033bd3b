using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;
using Postern.Tests.Fail2Ban.Samples;

namespace Postern.Tests.Fail2Ban.Filters;

/// <summary>Lines that no match of several lines can take yet are kept as they come: what is found is the same as where each is looked at.</summary>
public sealed class ManyLinesTests(ITestOutputHelper output)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 2, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Samples_among_other_lines_are_found_alike(bool inOperation)
    {
        var (filters, found) = (0, 0);
        foreach (var filter in TestFilters.Installed().Where(filter => filter.Definition.MaxLines > 1))
        {
            var samples = Path.Combine(SampleFolders.Logs, filter.Definition.Name);
            if (!File.Exists(samples))
            {
                continue;
            }

            filters++;
            foreach (var between in Enumerable.Range(0, filter.Definition.MaxLines + 3))
            {
                found += Compare(filter, [.. Mixed(samples, between)], inOperation);
            }
        }

        output.WriteLine($"{filters} filters, {found} matches");
        filters.ShouldBeGreaterThan(2);
        found.ShouldBeGreaterThan(filters);
    }

    [Fact]
    public void Words_of_different_lines_count_together_and_only_while_those_are_near()
    {
        var filter = TestFilters.Of(@"^ begin (?P<id>\d+)<SKIPLINES> ending (?P=id) of <HOST>", 4);
        const string Begin = "Nov 25 01:59:58 begin 7", End = "Nov 25 01:59:59 ending 7 of 192.0.2.1", Other = "Nov 25 01:59:58 nothing";
        for (var between = 0; between < 6; between++)
        {
            var matcher = Matcher(filter, false);
            matcher.Match(Encoding.UTF8.GetBytes(Other)).Matches.ShouldBeEmpty();
            matcher.Match(Encoding.UTF8.GetBytes(Begin)).Matches.ShouldBeEmpty();
            for (var i = 0; i < between; i++)
            {
                matcher.Match(Encoding.UTF8.GetBytes(Other)).Matches.ShouldBeEmpty();
            }

            matcher.Match(Encoding.UTF8.GetBytes(End)).Matches.Count.ShouldBe(between <= 2 ? 1 : 0, $"{between} lines between");
        }
    }

    [Fact]
    public void A_line_without_a_date_takes_that_of_a_line_that_was_kept_as_it_came()
    {
        var filter = TestFilters.Of("^ first<SKIPLINES>second <HOST>", 3);
        var matcher = Matcher(filter, false);
        matcher.Match("Nov 25 01:59:50 first"u8).Matches.ShouldBeEmpty();
        var match = matcher.Match("second 192.0.2.1"u8).Matches.ShouldHaveSingleItem();
        match.Time.ShouldBe(new DateTimeOffset(2026, 11, 25, 1, 59, 50, TimeSpan.Zero).ToUnixTimeSeconds());
    }

    private int Compare(CompiledFilter filter, string[] lines, bool inOperation)
    {
        // Characters are looked at one by one, bytes are kept.
        var (each, kept) = (Matcher(filter, inOperation), Matcher(filter, inOperation));
        var found = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var expected = Show(each.Match(lines[i]));
            Show(kept.Match(Encoding.UTF8.GetBytes(lines[i]))).ShouldBe(expected, $"{filter.Definition.Name}, line {i + 1}: {lines[i]}");
            found += expected.Length;
        }

        return found;
    }

    private static string[] Show(FilterResult result) =>
        [.. result.Matches.Select(match => $"{match.Regex} {match.Id?.Text} {match.Time} {string.Join('|', (match.Failure.Matches ?? []).Select(line => line.Line))}")];

    private FilterMatcher Matcher(CompiledFilter filter, bool inOperation) =>
        new(filter, new FilterOptions { InOperation = inOperation, TryAll = true, GivePending = true, RawNames = true }, new DateClock(_time, TimeZoneInfo.Utc));

    // After each line of the sample so many others that concern nobody.
    private static IEnumerable<string> Mixed(string file, int between)
    {
        foreach (var line in File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#'))
        {
            yield return line;
            for (var i = 0; i < between; i++)
            {
                yield return i % 3 == 2 ? "    at no time" : "Nov 25 01:59:59 mx CRON[17]: (root) CMD (true)";
            }
        }
    }
}
