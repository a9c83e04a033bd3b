using Postern.SystemTests.Captures;

namespace Postern.SystemTests.Explain;

/// <summary>The question itself: lone dots and blank lines.</summary>
public sealed class LoneDotTests(CaptureLibrary captures)
{
    [Theory]
    [InlineData(Setup.Current, false)]
    [InlineData(Setup.Current, true)]
    [InlineData(Setup.Postscreen, false)]
    [InlineData(Setup.Postscreen, true)]
    [InlineData(Setup.OlderReply, true)]
    public async Task A_burst_of_lone_dots_is_seen_wherever_log_or_notices_show_the_dot(Setup setup, bool withNotices)
    {
        foreach (var (actor, sessions) in new[] { (Abusers.LoneDots, 40), (Abusers.DeafLoneDots, 40), (Abusers.LoneDotsV6, 20) })
        {
            var client = await captures.Explain(setup, withNotices, actor);
            client.Showed("lone-dot").ShouldBe(sessions, client.ToString());
            client.Sessions.ShouldBe(sessions, client.ToString());
            client.Verdict.ShouldBe("ban", client.ToString());
        }
    }

    [Fact]
    public async Task Without_notices_the_older_log_tells_of_a_garbage_command_and_no_more()
    {
        foreach (var (actor, sessions) in new[] { (Abusers.LoneDots, 40), (Abusers.DeafLoneDots, 40), (Abusers.LoneDotsV6, 20) })
        {
            var client = await captures.Explain(Setup.OlderReply, withNotices: false, actor);
            client.Showed("garbage-command").ShouldBe(sessions, client.ToString());
            client.Showed("lone-dot").ShouldBe(0, client.ToString());
            client.Verdict.ShouldBe("ban", client.ToString());
        }
    }

    [Theory]
    [InlineData(Setup.Current, false)]
    [InlineData(Setup.Postscreen, false)]
    [InlineData(Setup.OlderReply, true)]
    public async Task One_lone_dot_is_seen_but_is_no_reason_for_a_ban(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Abusers.SingleDot);
        client.Showed("lone-dot").ShouldBe(1, client.ToString());
        client.ShouldNotBeBanned();
    }

    [Theory]
    [InlineData(Setup.Current)]
    [InlineData(Setup.OlderReply)]
    public async Task Blank_lines_are_seen_in_the_notices_alone(Setup setup)
    {
        var with = await captures.Explain(setup, withNotices: true, Abusers.BlankLines);
        with.Showed("blank-line").ShouldBe(30, with.ToString());
        with.Sessions.ShouldBe(30, with.ToString());

        var without = await captures.Explain(setup, withNotices: false, Abusers.BlankLines);
        without.Showed("blank-line").ShouldBe(0, without.ToString());
        without.Showed("hangup").ShouldBe(30, without.ToString());
    }

    [Fact]
    public async Task The_blank_line_after_the_dot_is_seen_too()
    {
        var client = await captures.Explain(Setup.OlderReply, withNotices: true, Abusers.LoneDots);
        client.Showed("blank-line").ShouldBe(40, client.ToString());
    }
}
