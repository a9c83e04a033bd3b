using Microsoft.Extensions.Time.Testing;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Expressions;
using Postern.Fail2Ban.Filters;
using Postern.Tests.Fail2Ban.Samples;

namespace Postern.Tests.Fail2Ban.Filters;

/// <summary>
/// No line costs more steps than a line may, and those that hang an engine which only goes back cost few. Steps are counted, not
/// time: they are the same on every machine.
/// </summary>
public sealed class HostileLineTests(ITestOutputHelper output)
{
    private static readonly DateClock s_clock = new(new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 2, 0, 0, TimeSpan.Zero)), TimeZoneInfo.Utc);

    [Theory]
    [InlineData(@"^(?:Aborted login|Disconnected)(?:: (?:\w+\([^\):]*\) \w+|[^\(]+))* \(auth failed, \d+ attempts\): rip=<HOST>$", "Disconnected", ": x", "")]
    [InlineData(@"^smtp: (?:[^\[]+ )*\[?<HOST>\]? authentication failure using internet password\s*$", "smtp: ", "postmaster ", "")]
    [InlineData(@"^LOGIN FAILED, (?:(?!ip=)(?:user=<F-USER>[^,]*</F-USER>|\w+=[^,]*), )*ip=\[<HOST>\]", "LOGIN FAILED, ", "user=a, ", "")]
    [InlineData(@"^(?:a+)+ <HOST>", "", "a", "!")]
    [InlineData(@"^(?:a|a)*b <HOST>", "", "a", "")]
    [InlineData(@"^(?:\w*\s*)*: <HOST>", "", "word ", "!")]
    [InlineData(@"(?:x+x+)+y <HOST>", "", "x", "")]
    [InlineData(@"^(?P<a>x*)(?:\w+)*(?(a): <HOST>|z)", "", "x", "!")]
    public void A_text_that_can_be_shared_in_many_ways_never_costs_twice_as_much_with_every_few_characters(string regex, string start, string piece, string end)
    {
        var (expression, reason) = FilterExpression.Create(regex, true, false);
        expression.ShouldNotBeNull(reason);
        var one = Steps(expression.Pattern, start + string.Concat(Enumerable.Repeat(piece, 60)) + end);
        var three = Steps(expression.Pattern, start + string.Concat(Enumerable.Repeat(piece, 180)) + end);
        output.WriteLine($"{one} and {three} steps");
        three.ShouldBeLessThan(MatchScratch.StepsALine);
        // Three times longer, and at most so much dearer as the third power is: an engine that only goes back would not end.
        three.ShouldBeLessThan(Math.Max(one, 1000) * 40);
    }

    [Fact]
    public void A_line_as_long_as_no_log_has_it_ends_at_the_limit()
    {
        var (expression, _) = FilterExpression.Create(@"^smtp: (?:[^\[]+ )*\[?<HOST>\]? authentication failure", true, false);
        var scratch = new MatchScratch();
        expression!.Pattern.Search("smtp: " + string.Concat(Enumerable.Repeat("postmaster ", 5000)) + "\n", scratch).ShouldBe(SearchResult.GaveUp);
        scratch.NextLine();
        expression.Pattern.Search("smtp: a b [192.0.2.1] authentication failure\n", scratch).ShouldBe(SearchResult.Match);
    }

    [Fact]
    public void What_cannot_be_remembered_is_given_up_and_the_next_line_is_matched()
    {
        var definition = new FilterDefinition { Name = "x", File = "x.conf", FailRegex = [@"^(?P<q>['""]?)(?:\w+\s?)+(?P=q): <HOST>$"] };
        var (filter, _) = CompiledFilter.Compile(definition, "no", 2026, new Lazy<DefaultTemplates>(() => DefaultTemplates.Create(2026)));
        var matcher = new FilterMatcher(filter!, new FilterOptions(), s_clock);
        matcher.Match("'" + new string('a', 60) + "!").GaveUp.ShouldBeTrue();
        matcher.Match("'abc': 192.0.2.1").Matches.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("dovecot", "Nov 25 01:00:00 mx dovecot: imap-login: Disconnected", ": x(y) z: ", " (auth failed, 1 attempts): rip=")]
    [InlineData("dovecot", "Nov 25 01:00:00 mx dovecot: imap-login: Disconnected", ": a", "")]
    [InlineData("domino-smtp", "01-23-2009 19:54:51   smtp: ", "a b ", " [1.2.3.4] authentication failure using internet passwords")]
    [InlineData("postfix", "Nov 25 01:00:00 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from ", "[1.2.3.4]: 550 5.7.1 <a>: ", "")]
    [InlineData("sshd", "Nov 25 01:00:00 mx sshd[1]: Failed password for invalid user ", "x from 1.2.3.4 ", "ssh2!")]
    [InlineData("exim", "2026-11-25 01:00:00 SMTP protocol error in \"x", "\"", "")]
    [InlineData("apache-modsecurity", "[Wed Nov 25 01:00:00 2026] [error] [client 1.2.3.4] ModSecurity: ", "[x \"\"]", "")]
    public void Fail2bans_own_filters_decide_hostile_lines_within_the_limit(string name, string start, string piece, string end)
    {
        if (!Directory.Exists(Path.Combine(SampleFolders.Config, "filter.d")))
        {
            Assert.Skip("fail2ban's filters are not here");
        }

        var (definition, _) = FilterReader.ReadName(SampleFolders.Config, name, new Dictionary<string, string>(StringComparer.Ordinal), "file");
        var (filter, _) = CompiledFilter.Compile(definition!, "warn", 2026, new Lazy<DefaultTemplates>(() => DefaultTemplates.Create(2026)));
        foreach (var count in (int[])[10, 40, 120])
        {
            var result = new FilterMatcher(filter!, new FilterOptions { TryAll = true }, s_clock).Match(start + string.Concat(Enumerable.Repeat(piece, count)) + end);
            result.GaveUp.ShouldBeFalse($"{count} pieces");
        }
    }

    private static int Steps(PythonPattern pattern, string text)
    {
        var scratch = new MatchScratch { Budget = 50_000_000 };
        pattern.Search(text + "\n", scratch);
        return 50_000_000 - scratch.Budget;
    }
}
