using System.Text;
using Postern.Facts;
using static Postern.Tests.Engine.WatchSupport;

namespace Postern.Tests.Engine;

/// <summary>A notice is mail and comes when it comes; whatever the order, its session is one session.</summary>
public sealed class LateNoticeTests
{
    [Fact]
    public void A_notice_after_its_session_tells_more_of_the_same_session()
    {
        var watch = new WatchSupport().Read(Session()).Hear(BlankLine());
        watch.Reports.Count.ShouldBe(2);
        watch.Sessions.ShouldHaveSingleItem().Mark.Behaviours.Has(Behaviour.BlankLine).ShouldBeTrue();
    }

    [Fact]
    public void A_notice_before_its_session_waits_for_it()
    {
        var watch = new WatchSupport().Hear(BlankLine());
        watch.Reports.ShouldBeEmpty();
        watch.Read(Session());
        watch.Reports.ShouldHaveSingleItem().Mark.Behaviours.Has(Behaviour.BlankLine).ShouldBeTrue();
        watch.Wait(TimeSpan.FromMinutes(1)).Reports.Count.ShouldBe(1);
    }

    [Fact]
    public void A_notice_without_a_session_is_a_session_of_its_own_after_a_while()
    {
        var watch = new WatchSupport().Hear(BlankLine(), id: 42).Wait(TimeSpan.FromSeconds(10));
        watch.Reports.ShouldBeEmpty();
        watch.Wait(TimeSpan.FromSeconds(10)).Reports.ShouldHaveSingleItem().Id.ShouldBe(42ul);
    }

    [Fact]
    public void Each_of_two_notices_finds_a_session()
    {
        var watch = new WatchSupport().Read(Session(), Session()).Hear(BlankLine()).Hear(BlankLine());
        watch.Sessions.Count(report => report.Mark.Behaviours.Has(Behaviour.BlankLine)).ShouldBe(2);
        watch.Wait(TimeSpan.FromMinutes(1)).Sessions.Count.ShouldBe(2);
    }

    [Fact]
    public void A_notice_of_another_client_waits_on()
    {
        var watch = new WatchSupport().Read(LoneDot(1, "192.0.2.7")).Hear(BlankLine());
        watch.Reports.Count.ShouldBe(1);
    }

    private static string Session() =>
        Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(1, "lost connection after UNKNOWN from unknown[192.0.2.1]")
        + Smtpd(1, "disconnect from unknown[192.0.2.1] commands=0/0");

    private static Notice BlankLine()
    {
        ClientAddress.TryParse("192.0.2.1", out var client).ShouldBeTrue();
        return new Notice
        {
            Client = client,
            Time = LogTime.From(new DateTimeOffset(2026, 11, 25, 10, 0, 1, TimeSpan.Zero)),
            Dialogue =
            [
                new(FromClient: false, Encoding.Latin1.GetBytes("220 mx.example.org ESMTP Postfix")),
                new(FromClient: true, default),
                new(FromClient: false, Encoding.Latin1.GetBytes("500 5.5.2 Error: bad syntax")),
            ],
            Ending = SessionEnd.LostConnection,
        };
    }
}
