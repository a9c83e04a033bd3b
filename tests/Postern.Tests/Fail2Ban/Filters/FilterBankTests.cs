using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;
using Postern.Tests.Fail2Ban.Samples;

namespace Postern.Tests.Fail2Ban.Filters;

/// <summary>A bank of filters sends a line to every filter that matches it, and to few others.</summary>
public sealed class FilterBankTests(ITestOutputHelper output)
{
    private static readonly DateClock s_clock = new(new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 2, 0, 0, TimeSpan.Zero)), TimeZoneInfo.Utc);

    [Fact]
    public void No_filter_matches_a_line_that_is_not_sent_to_it()
    {
        CompiledFilter[] filters = [.. TestFilters.Installed().Where(filter => filter.Definition.MaxLines <= 1)];
        filters.Length.ShouldBeGreaterThan(70);
        var bank = new FilterBank(filters);
        var matchers = filters.Select(filter => new FilterMatcher(filter, new FilterOptions { TryAll = true, GivePending = true, RawNames = true }, s_clock)).ToArray();
        var (lines, sent) = (0, 0);
        var (some, same) = (new int[filters.Length], new int[filters.Length]);
        foreach (var line in Directory.EnumerateFiles(SampleFolders.Logs).SelectMany(file => File.ReadLines(file)).Where(line => line.Length > 0 && line[0] != '#'))
        {
            lines++;
            var count = bank.Route(Encoding.UTF8.GetBytes(line), some);
            bank.Route(line, same).ShouldBe(count);
            some[..count].ShouldBe(same[..count]);
            sent += count;
            for (var i = 0; i < filters.Length; i++)
            {
                if (some.AsSpan(0, count).Contains(i))
                {
                    continue;
                }

                var result = matchers[i].Match(line);
                (result.Matches.Count == 0 && !result.IsIgnored).ShouldBeTrue($"{filters[i].Definition.Name}: {line}");
            }
        }

        output.WriteLine($"{lines} lines, each sent to {sent / (double)lines:F1} of {filters.Length} filters");
        sent.ShouldBeLessThan(lines * filters.Length / 4);
    }

    [Fact]
    public void Letters_that_are_another_case_of_ASCII_send_a_line_everywhere()
    {
        var bank = new FilterBank([TestFilters.Of("(?i)^miskin <HOST>"), TestFilters.Of("^other <HOST>"), TestFilters.Of(@"^<HOST>$")]);
        var filters = new int[3];
        filters[..bank.Route("mi\u017Fkin 192.0.2.1"u8, filters)].ShouldBe([0, 1, 2]);
        filters[..bank.Route("mis\u212Ain 192.0.2.1", filters)].ShouldBe([0, 1, 2]);
        filters[..bank.Route("MISKIN 192.0.2.1", filters)].ShouldBe([0, 2]);
        filters[..bank.Route("m\u00FCskin 192.0.2.1", filters)].ShouldBe([2]);
    }
}
