using System.Text;
using Postern.Facts;
using Postern.Gate;

namespace Postern.Tests.Facts;

/// <summary>Our own refusals are known again in the log, and nobody can pass another one off as ours.</summary>
public class OwnRepliesTests
{
    private const string Envelope = "; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x>";
    private static readonly ClientAddress s_client = ClientAddress.TryParse("192.0.2.1", out var address) ? address : default;

    public static TheoryData<string> Replies =>
    [
        PeerReply.OfBan().ToString(),
        .. new[] { "spf-mailfrom", "spf-ptr", "dmarc", "dkim", "dnsbl", "ptr", "generic-ptr", "helo-rdns", "none" }
            .SelectMany(test => new[] { GateAction.Reject, GateAction.Defer }.Select(action => PeerReply.Of(action, Verdict(test), s_client).ToString())),
    ];

    [Theory]
    [MemberData(nameof(Replies))]
    public void Each_is_known_by_whichever_way_Postfix_logs_it(string reply)
    {
        var words = reply[(reply.IndexOf(' ', 4) + 1)..];
        Are(reply).ShouldBeTrue();
        Are(reply + Envelope).ShouldBeTrue();
        Are(reply + "; proto=SMTP").ShouldBeTrue();
        Are(reply[4..] + Envelope).ShouldBeTrue();
        Are($"554 5.7.1 <c@d.example>: Recipient address rejected: {words}{Envelope}").ShouldBeTrue();
    }

    [Theory]
    [InlineData("454 4.7.1 <c@d.example>: Relay access denied; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x>")]
    [InlineData("454 4.7.1 <c@d.example>: Relay access denied; from=<\"{0}\"@b.example> to=<c@d.example> proto=ESMTP helo=<x>")]
    [InlineData("454 4.7.1 <c@d.example>: Relay access denied; from=<\"{0}; from=<x\"@b.example> to=<c@d.example> proto=ESMTP helo=<x>")]
    [InlineData("454 4.7.1 <\"{0}; from=<x\"@d.example>: Relay access denied; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x>")]
    [InlineData("454 4.7.1 <\"{0}\"@d.example>: Relay access denied; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x>")]
    public void A_client_that_writes_one_is_refused_as_ever(string line) =>
        Are(line.Replace("{0}", OwnReplies.Banned, StringComparison.Ordinal)).ShouldBeFalse();

    private static bool Are(string text) => OwnReplies.Are(Encoding.UTF8.GetBytes(text), s_client);

    private static SenderVerdict Verdict(string test) => new()
    {
        Tests = [],
        Points = 0,
        Legitimacy = Legitimacy.Forged,
        Advice = Advice.Reject,
        MayBounce = false,
        Deciding = [test],
        Troubled = [],
    };
}
