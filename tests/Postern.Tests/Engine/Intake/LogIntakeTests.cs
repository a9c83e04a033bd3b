using Postern.Facts;
using static Postern.Tests.Engine.WatchSupport;

namespace Postern.Tests.Engine.Intake;

public sealed class LogIntakeTests
{
    [Fact]
    public void A_session_is_reported_when_it_ends()
    {
        var watch = new WatchSupport().Read(LoneDot(1, "192.0.2.1"));
        var report = watch.Reports.ShouldHaveSingleItem();
        report.Client.ToString().ShouldBe("192.0.2.1");
        report.Mark.Behaviours.Has(Behaviour.LoneDot).ShouldBeTrue();
        System.Text.Encoding.Latin1.GetString(report.Lines.Span).ShouldContain("non-SMTP command from unknown[192.0.2.1]: .");
    }

    [Fact]
    public void A_session_that_two_logs_tell_of_is_reported_once()
    {
        var lines = LoneDot(1, "192.0.2.1");
        new WatchSupport().ReadFrom("mail.log", lines).ReadFrom("mail.info", lines).Sessions.Count.ShouldBe(1);
        var woven = new WatchSupport();
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            woven.ReadFrom("mail.info", line + "\n").ReadFrom("mail.log", line + "\n");
        }

        woven.Sessions.Count.ShouldBe(1);
        new WatchSupport().Read(lines).Read(lines).Sessions.Count.ShouldBe(2);
    }

    [Fact]
    public void In_a_log_whose_lines_stand_twice_each_session_is_reported_once_as_soon_as_that_shows()
    {
        var watch = new WatchSupport();
        for (var i = 1; i <= 60; i++)
        {
            watch.Read(string.Concat(LoneDot(i, "192.0.2.1").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{line}\n{line}\n")));
        }

        // Sixty-four lines tell: ten sessions and a part of the next, each of which falls apart into four.
        watch.Sessions.Count.ShouldBeLessThan(60 + 40);
        var before = watch.Sessions.Count;
        watch.Read(string.Concat(LoneDot(99, "192.0.2.1").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{line}\n{line}\n")));
        watch.Sessions.Count.ShouldBe(before + 1);
    }

    [Fact]
    public void A_failed_login_is_reported_while_the_session_goes_on_and_the_whole_session_later_as_the_same_one()
    {
        var watch = new WatchSupport().Read(Smtpd(1, "connect from unknown[192.0.2.1]"), Failed(1), Failed(1));
        watch.Reports.Count.ShouldBe(2);
        watch.Read(Smtpd(1, "disconnect from unknown[192.0.2.1] ehlo=1 auth=0/2 commands=1/3"));
        watch.Sessions.ShouldHaveSingleItem().Mark.Failures.ShouldBe((byte)2);
    }

    [Fact]
    public void A_refused_sender_is_not_judged_before_its_session_tells_whether_it_goes_on_with_its_message()
    {
        var watch = new WatchSupport().Read(Smtpd(1, "connect from unknown[192.0.2.1]"), Refused(1));
        watch.Reports.ShouldBeEmpty();
        watch.Read(Smtpd(1, "warning: non-SMTP command from unknown[192.0.2.1]: Subject: hello"), Smtpd(1, "disconnect from unknown[192.0.2.1] ehlo=1 mail=1 rcpt=0/1 unknown=0/1 commands=2/4"));
        watch.Sessions.ShouldHaveSingleItem().Mark.Behaviours.Has(Behaviour.OutOfStep).ShouldBeTrue();
    }

    [Fact]
    public void A_session_of_many_refusals_is_reported_while_it_goes_on() =>
        new WatchSupport().Read(Smtpd(1, "connect from unknown[192.0.2.1]"), Refused(1), Refused(1), Refused(1)).Reports.ShouldHaveSingleItem();

    [Fact]
    public void Lines_of_failures_alone_count_though_no_session_begins_or_ends()
    {
        var watch = new WatchSupport();
        for (var i = 0; i < 3; i++)
        {
            watch.Read(Smtpd(1, "warning: non-SMTP command from unknown[192.0.2.1]: ."));
        }

        watch.Wait(TimeSpan.FromSeconds(6));
        watch.Sessions.Count.ShouldBe(3);
    }

    [Fact]
    public void A_restart_reads_again_from_the_oldest_session_that_was_open_and_counts_none_twice()
    {
        string[] lines =
        [
            Smtpd(1, "connect from unknown[192.0.2.1]"), LoneDot(2, "192.0.2.2"), Smtpd(1, "warning: non-SMTP command from unknown[192.0.2.1]: ."),
            LoneDot(2, "192.0.2.3"), Smtpd(1, "disconnect from unknown[192.0.2.1] unknown=0/1 commands=0/1"), LoneDot(2, "192.0.2.4"),
        ];
        var whole = new WatchSupport();
        Array.ForEach(lines, line => whole.Read(line));
        for (var killed = 1; killed < lines.Length; killed++)
        {
            var first = new WatchSupport();
            SourcePosition? place = null;
            for (var i = 0; i < killed; i++)
            {
                first.Read(lines[i]);
                place = first.Positions().Single();
            }

            var second = new WatchSupport(isMuted: true);
            second.Watch.Restore(place!);
            second.SkipTo(place!.Offset);
            var rest = string.Concat(lines)[(int)place.Offset..];
            second.Read(rest);
            first.Reports.Concat(second.Reports).Select(report => report.Id).ShouldBe(whole.Reports.Select(report => report.Id), ignoreOrder: true);
        }
    }

    [Fact]
    public void A_silent_session_does_not_hold_back_the_place_for_ever()
    {
        var watch = new WatchSupport().Read(Smtpd(1, "connect from unknown[192.0.2.1]"));
        watch.Wait(TimeSpan.FromMinutes(7)).Read(LoneDot(2, "192.0.2.2"));
        var place = watch.Positions().Single();
        place.Offset.ShouldBe(place.CountedOffset);
    }

    private static string Refused(int process) => Smtpd(process, "NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 454 4.7.1 <a@elsewhere.example>: Relay access denied; from=<b@c.example> to=<a@elsewhere.example> proto=ESMTP helo=<c.example>");

    private static string Failed(int process) => Smtpd(process, "warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=joe");
}
