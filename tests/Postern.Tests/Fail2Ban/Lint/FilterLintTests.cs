using Microsoft.Extensions.Time.Testing;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;
using Postern.Fail2Ban.Lint;
using Postern.Tests.Fail2Ban.Samples;

namespace Postern.Tests.Fail2Ban.Lint;

/// <summary>Faults of filters, each with a line that proves it.</summary>
public sealed class FilterLintTests(ITestOutputHelper output)
{
    private static readonly DateClock s_clock = new(new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 2, 0, 0, TimeSpan.Zero)), TimeZoneInfo.Utc);

    [Theory]
    [InlineData("postfix-a", @"reject: RCPT from (.*)\[<HOST>\]: 502 5.5.2")]
    [InlineData("postfix-b", @"^.*reject: \S+ from .*\[<HOST>\]: 5\d\d")]
    [InlineData("postfix-c", @"warning: .*\[<HOST>\]: SASL \w+ authentication failed")]
    [InlineData("postfix-d", @"reject: header .* from .*\[<HOST>\]")]
    [InlineData("postfix-e", @"non-SMTP command from .*\[<HOST>\]")]
    [InlineData("any-name", @"NOQUEUE: reject: .*\[<HOST>\]: ")]
    [InlineData("dovecot-a", @"auth failed, \d+ attempts.*rip=<HOST>,")]
    [InlineData("sshd-a", @"Invalid user .* from <HOST>")]
    [InlineData("sshd-b", @"Invalid user .*? from <HOST> port \d+")]
    [InlineData("nginx-a", @"\[error\] .* client: <HOST>,")]
    [InlineData("webshop", @"login failed for user '.*?' from <HOST>")]
    [InlineData("webshop-b", @"login of <F-USER>.*?</F-USER> from <HOST>")]
    [InlineData("webshop-c", @"wrong password .* ip=<HOST>")]
    public void A_filter_that_a_client_can_turn_against_others_is_told_with_the_line(string name, string regex)
    {
        var (warnings, filter) = Lint(name, regex);
        var warning = warnings.Where(one => one.Code is LintWarning.Injectable).ShouldHaveSingleItem();
        string.Equals(warning.Sender, warning.Named, StringComparison.Ordinal).ShouldBeFalse();
        warning.Example!.ShouldContain(warning.Sender!);
        new FilterMatcher(filter, new FilterOptions(), s_clock).Match(warning.Example!).Matches[0].Id!.Text.ShouldBe(warning.Named);
    }

    [Theory]
    [InlineData("postfix-a", @"^\s*\S+ postfix/smtpd\[\d+\]: NOQUEUE: reject: RCPT from [^[]*\[<HOST>\]: 5\d\d 5\.7\.1")]
    [InlineData("postfix-b", @"^\s*\S+ postfix/smtpd\[\d+\]: warning: [-\w.]+\[<HOST>\]: SASL \w+ authentication failed")]
    [InlineData("postfix-c", @"^\s*\S+ postfix/smtpd\[\d+\]: disconnect from \S+\[<HOST>\] .*unknown=0/\d")]
    [InlineData("postfix-d", @"^\s*\S+ postfix/smtpd\[\d+\]: lost connection after AUTH from [^[]*\[<HOST>\]$")]
    [InlineData("sshd-a", @"^\s*\S+ sshd\[\d+\]: Invalid user .* from <HOST> port \d+$")]
    [InlineData("webshop", @"^\s*shop: login failed for user '.*' from <HOST>$")]
    public void A_filter_that_takes_the_address_from_its_place_is_sound(string name, string regex) => Lint(name, regex).Warnings.ShouldBeEmpty();

    [Theory]
    [InlineData(@"^\s*\S+ postfix/smtpd\[\d+\]: NOQUEUE: reject: RCPT from [^[]*\[<HOST>\]: 502 5\.5\.2", "non-SMTP command from")]
    [InlineData(@"^\s*\S+ postfix/smtpd\[\d+\]: reject: RCPT from [^[]*\[<HOST>\]: 500 5\.5\.2 Error: bad syntax", "non-SMTP command from")]
    [InlineData(@"^\s*\S+ postfix/smtpd\[\d+\]: lost connection from [^[]*\[<HOST>\] after AUTH$", "lost connection after")]
    [InlineData(@"^\s*\S+ postfix/smtpd\[\d+\]: disconnect from [^[]*\[<HOST>\]: too many errors", "disconnect from")]
    public void What_Postfix_never_logs_is_told_with_what_it_logs_instead(string regex, string instead)
    {
        var warning = Lint("postfix-x", regex).Warnings.Where(one => one.Code is LintWarning.NeverMatches).ShouldHaveSingleItem();
        warning.Example!.ShouldContain(instead);
    }

    [Theory]
    [InlineData(@"^smtp: (?:[^\[]+ )*\[?<HOST>\]? authentication failure")]
    [InlineData(@"^Disconnected(?:: (?:\w+\([^\):]*\) \w+|[^\(]+))* \(auth failed\): rip=<HOST>$")]
    [InlineData(@"^(?:a+)+b <HOST>")]
    [InlineData(@"^(?:\w*\s*)*: <HOST>$")]
    public void An_expression_that_a_line_can_hang_is_told_with_the_line(string regex)
    {
        var warning = Lint("x", regex).Warnings.Where(one => one.Code is LintWarning.Backtracking).ShouldHaveSingleItem();
        warning.Costs.Count.ShouldBeGreaterThan(1);
        // Here, the line is within its limit.
        var (_, filter) = Lint("x", regex);
        new FilterMatcher(filter, new FilterOptions(), s_clock).Match(warning.Example!).GaveUp.ShouldBeFalse();
    }

    [Fact]
    public void What_cannot_be_used_is_told_by_its_name()
    {
        var definition = Definition("x", [@"<HOST> (a", @"<HOST> (?P<n>a)(?P<n>b)", "<HOST> ok"]);
        var warnings = FilterLint.Run(definition, s_clock);
        warnings.Select(one => (one.Code, one.Regex)).ShouldBe([(LintWarning.Unsupported, 1), (LintWarning.Unsupported, 2)]);
        FilterLint.Run(Definition("x", []), s_clock).ShouldHaveSingleItem().Code.ShouldBe(LintWarning.Unsupported);
    }

    [Fact]
    public void Of_fail2bans_own_filters_few_are_told_and_each_with_a_proof()
    {
        if (!Directory.Exists(Path.Combine(SampleFolders.Config, "filter.d")))
        {
            Assert.Skip("fail2ban's filters are not here");
        }

        var told = new List<(string Name, LintWarning Warning)>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SampleFolders.Config, "filter.d"), "*.conf").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (name.EndsWith("common", StringComparison.Ordinal))
            {
                continue;
            }

            var (definition, error) = FilterReader.ReadName(SampleFolders.Config, name, new Dictionary<string, string>(StringComparer.Ordinal), "file");
            error.ShouldBeNull();
            foreach (var warning in FilterLint.Run(definition!, s_clock))
            {
                told.Add((name, warning));
                output.WriteLine($"{name}: {warning.Code}: {warning.Part}: {warning.Example}");
            }
        }

        told.Where(one => one.Warning.Code is LintWarning.NeverMatches or LintWarning.Unsupported).ShouldBeEmpty();
        told.Where(one => one.Warning.Code is LintWarning.Injectable).Select(one => one.Name).Distinct(StringComparer.Ordinal).Count().ShouldBeLessThan(6);
        told.Where(one => one.Warning.Code is LintWarning.Backtracking).Select(one => one.Name).ShouldContain(name => name == "domino-smtp");
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("auth")]
    [InlineData("rbl")]
    [InlineData("more")]
    [InlineData("ddos")]
    [InlineData("errors")]
    public void Fail2bans_filter_for_Postfix_has_no_fault_in_its_modes(string mode)
    {
        if (!Directory.Exists(Path.Combine(SampleFolders.Config, "filter.d")))
        {
            Assert.Skip("fail2ban's filters are not here");
        }

        var (definition, _) = FilterReader.ReadName(SampleFolders.Config, "postfix", new Dictionary<string, string>(StringComparer.Ordinal) { ["mode"] = mode }, "file");
        FilterLint.Run(definition!, s_clock).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("dovecot-a", @"^\s*\S+ dovecot: auth: passwd-file\(\S*,<HOST>(?:,\S*)?\): unknown user")]
    [InlineData("dovecot-b", @"^\s*\S+ dovecot: auth: [a-z\-]{3,15}\(\S*,<HOST>(?:,\S*)?\): (?:[Uu]nknown user|[Ii]nvalid credentials)")]
    public void A_user_name_that_goes_on_as_Dovecots_line_does_can_name_anybody(string name, string regex) =>
        Lint(name, regex).Warnings.Where(one => one.Code is LintWarning.Injectable).ShouldHaveSingleItem().Example!.ShouldContain(",203.0.113.9): ");

    [Fact]
    public void Fail2bans_own_filter_for_sshd_is_told_where_a_users_name_says_from()
    {
        if (!Directory.Exists(Path.Combine(SampleFolders.Config, "filter.d")))
        {
            Assert.Skip("fail2ban's filters are not here");
        }

        var (definition, _) = FilterReader.ReadName(SampleFolders.Config, "sshd", new Dictionary<string, string>(StringComparer.Ordinal), "file");
        FilterLint.Run(definition!, s_clock).ShouldContain(one => one.Code == LintWarning.Injectable && one.Example!.Contains("x from 203.0.113.9:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("extra")]
    [InlineData("aggressive")]
    public void Where_fail2bans_filter_for_Postfix_reads_logins_and_rejects_together_a_rejected_header_can_name_anybody(string mode)
    {
        if (!Directory.Exists(Path.Combine(SampleFolders.Config, "filter.d")))
        {
            Assert.Skip("fail2ban's filters are not here");
        }

        var (definition, _) = FilterReader.ReadName(SampleFolders.Config, "postfix", new Dictionary<string, string>(StringComparer.Ordinal) { ["mode"] = mode }, "file");
        var warning = FilterLint.Run(definition!, s_clock).ShouldHaveSingleItem();
        (warning.Code is LintWarning.Injectable, warning.Regex).ShouldBe((true, 1));
        warning.Example!.ShouldContain("reject: header Subject: ");
    }

    private static (IReadOnlyList<LintWarning> Warnings, CompiledFilter Filter) Lint(string name, string regex)
    {
        var definition = Definition(name, [regex]);
        var (filter, errors) = CompiledFilter.Compile(definition, "warn", 2026, new Lazy<DefaultTemplates>(() => DefaultTemplates.Create(2026)));
        errors.ShouldBeEmpty();
        return (FilterLint.Run(definition, s_clock), filter!);
    }

    private static FilterDefinition Definition(string name, string[] regex) => new() { Name = name, File = name + ".conf", FailRegex = regex };
}
