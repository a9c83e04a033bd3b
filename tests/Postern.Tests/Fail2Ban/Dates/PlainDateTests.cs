using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Expressions;

namespace Postern.Tests.Fail2Ban.Dates;

/// <summary>A date that is read without its expression is read as the expression reads it, or not at all.</summary>
public sealed class PlainDateTests
{
    private static readonly DateClock s_clock = new(
        new FakeTimeProvider(new DateTimeOffset(2026, 3, 29, 12, 0, 0, TimeSpan.Zero)), TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich"));

    private static readonly DateTemplate[] s_templates =
    [
        .. DefaultTemplates.Create(2026).All.Where(template => template.Plain != PlainForm.None),
        DateTemplateFactory.Create(@"{^LN-BEG}(?:%a )?%b %d %H:%M:%S(?:\.%f)?(?: %ExY)?", 2026).Template!,
        DateTemplateFactory.Create(@"{^LN-BEG}%ExY(?P<_sep>[-/.])%m(?P=_sep)%d[T ]%H:%M:%S(?:[.,]%f)?(?:\s*%z)?", 2026).Template!,
    ];

    [Property(MaxTest = 20_000)]
    public Property What_is_read_is_what_the_expression_finds() => Prop.ForAll(Lines().ToArbitrary(), line => s_templates.All(template =>
    {
        if (!PlainDate.TryRead(template.Plain, line, out var date))
        {
            return true;
        }

        var scratch = new MatchScratch();
        return template.Regex.Search(line, scratch) == SearchResult.Match && scratch.Group(0)!.Value.Equals(0..date.End) && scratch.Group(1)!.Value.Equals(0..date.End)
            && template.Read(line, scratch, s_clock, 60) == DateFields.ToUnix(date, s_clock, 60) && template.Read(line, scratch, s_clock, null) == DateFields.ToUnix(date, s_clock, null);
    }));

    [Theory]
    [InlineData("Nov 25 01:02:03 mx postfix", PlainForm.Syslog)]
    [InlineData("Mar  1 23:59:59 mx", PlainForm.Syslog)]
    [InlineData("2026-11-25T01:02:03.123456+01:00 mx", PlainForm.Iso)]
    [InlineData("2026-11-25 01:02:03 mx", PlainForm.Iso)]
    [InlineData("2026-11-25T01:02:03Z mx", PlainForm.Iso)]
    internal void The_stamps_of_syslog_are_read(string line, PlainForm form) => PlainDate.TryRead(form, line, out _).ShouldBeTrue();

    [Fact]
    public void Both_forms_are_among_the_defaults() => s_templates.Take(2).Select(template => template.Plain).Order().ShouldBe([PlainForm.Syslog, PlainForm.Iso]);

    // Dates of both kinds with up to three characters changed, dropped or added near their ends.
    private static Gen<string> Lines()
    {
        var stamps = from minutes in Gen.Choose(0, 2 * 366 * 24 * 60)
                     from seconds in Gen.Choose(0, 59)
                     from form in Gen.Elements("MMM d HH:mm:ss", "MMM dd HH:mm:ss", "MMM  d HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy/MM/dd HH:mm:ss", "yyyy.MM.dd HH:mm:ss,fff", "yyyy-MM-ddTHH:mm:ss.ffffff")
                     select new DateTime(2025, 1, 1).AddMinutes(minutes).AddSeconds(seconds).ToString(form, CultureInfo.InvariantCulture);
        var tails = Gen.Elements("", " ", " mx x", "Z mx", "+01:00 mx", "-0930 mx", " +02:00 mx", " UTC mx", "  GMT mx", " 2026 mx", " 2x", ".123 mx", ",5 mx", ".1234567 mx", ": mx", "]", "\u00e9", " \u00e9", "\t+01", "+19:75 x", "+20:00 x", " Zurich", " Uhr");
        var changes = Gen.Zip(Gen.Choose(0, 30), Gen.Elements("", " ", "0", "3", "6", "9", ":", "T", "-", "\u0663", "J", "2")).ListOf();
        return from stamp in stamps
               from tail in tails
               from some in changes
               select some.Take(3).Where((_, i) => some.Count % 3 > i).Aggregate(stamp + tail, (line, change) => change.Item1 >= line.Length ? line : line.Remove(change.Item1, change.Item2.Length == 0 ? 1 : Math.Min(1, change.Item1 % 2)).Insert(change.Item1, change.Item2));
    }
}
