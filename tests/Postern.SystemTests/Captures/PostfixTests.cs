using Postern.SystemTests.Support;

namespace Postern.SystemTests.Captures;

/// <summary>The laboratory's Postfix is the real one: it says what Postfix says.</summary>
public sealed class PostfixTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Current_postfix_closes_the_door_on_a_lone_dot()
    {
        Machine.RequireLaboratory();
        await using var laboratory = await Laboratory.OpenAsync(PostfixSettings.Current, [new Host("192.0.2.77")], [], Token);
        using var s = await laboratory.Client("192.0.2.77").ConnectAsync(Token);
        await s.Out("220 mx.example.org ESMTP Postfix");
        await s.In(".");
        await s.Out("221 2.7.0 Error: I can break rules, too. Goodbye.");
        await s.Closed();
    }

    [Fact]
    public async Task The_older_reply_leads_to_the_transcript_of_the_question()
    {
        Machine.RequireLaboratory();
        await using var laboratory = await Laboratory.OpenAsync(PostfixSettings.OlderReply, [new Host("192.0.2.77", "dot.example")], [], Token);
        using (var s = await laboratory.Client("192.0.2.77").ConnectAsync(Token))
        {
            await s.Out("220 mx.example.org ESMTP Postfix");
            await s.In(".");
            await s.Out("500 5.5.2 Error: command not recognized");
            await s.In("");
            await s.Out("500 5.5.2 Error: bad syntax");
        }

        var notice = await laboratory.Postfix.FirstNoticeAsync(Token);
        notice.ShouldContain("Subject: Postfix SMTP server: errors from dot.example[192.0.2.77]\n");
        notice.ShouldContain("""

             Out: 220 mx.example.org ESMTP Postfix
             In:  .
             Out: 500 5.5.2 Error: command not recognized
             In:
             Out: 500 5.5.2 Error: bad syntax

            Session aborted, reason: lost connection

            """);
        (await laboratory.Postfix.ReadLogAsync(Token)).ShouldContain("lost connection after UNKNOWN from dot.example[192.0.2.77]");
    }
}
