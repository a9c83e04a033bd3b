using Postern.SystemTests.Captures;

namespace Postern.SystemTests.Explain;

/// <summary>Clients that do not keep to the order of the protocol.</summary>
public sealed class MannersTests(CaptureLibrary captures)
{
    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Talking_before_the_greeting_is_recognised(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Abusers.EarlyTalker);
        // On a machine under load a client's first words may come after the greeting; then they are commands sent ahead.
        client.Showed("early-talker").ShouldBeInRange(7, 10, client.ToString());
        (client.Showed("early-talker") + client.Showed("pipelining-abuse")).ShouldBeGreaterThanOrEqualTo(10, client.ToString());
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Sending_ahead_is_recognised(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Abusers.Pipeliner);
        client.Showed("pipelining-abuse").ShouldBe(4, client.ToString());
        client.ShouldNotBeProtected();
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Garbage_until_the_end_is_recognised(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Abusers.Garbage);
        client.Showed("too-many-errors").ShouldBe(2, client.ToString());
        if (setup != Setup.Postscreen)
        {
            client.Showed("garbage-command").ShouldBe(2, client.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Hanging_up_is_no_reason_for_a_ban(Setup setup, bool withNotices)
    {
        var client = await captures.Explain(setup, withNotices, Abusers.HangsUp);
        client.Showed("hangup").ShouldBe(5, client.ToString());
        client.ShouldNotBeBanned();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Smuggling_is_recognised_where_postfix_refuses_it(bool withNotices)
    {
        var client = await captures.Explain(Setup.NoBareNewlines, withNotices, Abusers.Smuggler);
        client.Showed("smuggling-attempt").ShouldBe(3, client.ToString());
        client.ShouldNotBeProtected();
    }

    [Theory]
    [InlineData(Setup.NoBareNewlines)]
    [InlineData(Setup.Postscreen)]
    public async Task Bare_line_feeds_are_recognised_where_postfix_minds_them(Setup setup)
    {
        var client = await captures.Explain(setup, withNotices: false, Abusers.BareLineFeeds);
        client.Showed("smuggling-attempt").ShouldBe(3, client.ToString());
    }

    // Random bytes of a TLS hello hold a line feed now and then, and Postfix then says so.
    [Theory]
    [InlineData(Setup.NoBareNewlines)]
    [InlineData(Setup.Postscreen)]
    public async Task A_line_feed_in_a_tls_hello_is_no_smuggling(Setup setup)
    {
        foreach (var actor in new[] { Scanners.CurlHttps, Scanners.OpensslPlain })
        {
            var client = await captures.Explain(setup, withNotices: true, actor);
            client.Showed("tls-on-plaintext").ShouldBeGreaterThan(0, client.ToString());
            client.Showed("smuggling-attempt").ShouldBe(0, client.ToString());
        }
    }
}
