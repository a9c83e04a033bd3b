using Postern.Facts;

namespace Postern.Gate;

/// <summary>
/// What a refused client is told: a general reason that a person who reads it in a bounce of his own server can act upon.
/// Nothing of it was written by the client.
/// </summary>
/// <param name="Code">The reply code of SMTP.</param>
/// <param name="Status">The enhanced status code (RFC 3463, RFC 7372).</param>
/// <param name="Text">The reason, printable ASCII.</param>
internal sealed record PeerReply(int Code, string Status, string Text)
{
    private const string ByDefault = "7.1";

    /// <summary>The whole line without its end.</summary>
    public override string ToString() => $"{Code} {Status} {Text}";

    /// <summary>The reply to a banned client: the connection ends, and a genuine sender comes back after the ban.</summary>
    public static PeerReply OfBan() => new(421, "4.7.0", OwnReplies.Banned);

    /// <summary>The reply that goes with a verdict.</summary>
    public static PeerReply Of(GateAction action, SenderVerdict? verdict, ClientAddress client)
    {
        var (detail, text) = verdict is { Deciding: [var test, ..] } ? Reason(test, client) : (ByDefault, OwnReplies.Unlike);
        return action == GateAction.Reject
            ? new(550, "5." + detail, text)
            : new(451, "4." + detail, text + OwnReplies.ComeAgain);
    }

    private static (string Detail, string Text) Reason(string test, ClientAddress client) => test switch
    {
        "spf-mailfrom" => ("7.23", OwnReplies.Reason("spf-mailfrom", client)),
        "spf-helo" or "spf-ptr" => ("7.23", OwnReplies.Reason("spf-helo", client)),
        "dmarc" or "arc" => ("7.26", OwnReplies.Reason("dmarc", client)),
        "dkim" => ("7.20", OwnReplies.Reason("dkim", client)),
        "dnsbl" => (ByDefault, OwnReplies.Reason("dnsbl", client)),
        "ptr" or "fcrdns" => ("7.25", OwnReplies.Reason("ptr", client)),
        "generic-ptr" => ("7.25", OwnReplies.Reason("generic-ptr", client)),
        "helo-syntax" or "helo-rdns" or "helo-ptr" => (ByDefault, OwnReplies.Reason("helo", client)),
        _ => (ByDefault, OwnReplies.Unlike),
    };
}
