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
    public static PeerReply OfBan() => new(421, "4.7.0", "This address knocked too often and is kept out for a time; try again later");

    /// <summary>The reply that goes with a verdict.</summary>
    public static PeerReply Of(GateAction action, SenderVerdict? verdict, ClientAddress client)
    {
        var (detail, text) = verdict is { Deciding: [var test, ..] } ? Reason(test, client) : (ByDefault, "This mail does not look like what it claims to be");
        return action == GateAction.Reject
            ? new(550, "5." + detail, text)
            : new(451, "4." + detail, text + "; please try again in some minutes");
    }

    private static (string Detail, string Text) Reason(string test, ClientAddress client) => test switch
    {
        "spf-mailfrom" => ("7.23", $"The sender's domain does not let {client} send its mail (SPF): send by its own servers, or ask its owner to add this address"),
        "spf-helo" or "spf-ptr" => ("7.23", $"The domain of the HELO or PTR name does not let {client} send mail (SPF): use this host's own name, or ask the owner to add this address"),
        "dmarc" or "arc" => ("7.26", "Nothing shows that this message is of its author's domain (DMARC): sign it with DKIM as that domain, or send by its servers"),
        "dkim" => ("7.20", "The message has no valid DKIM signature of its author's domain: sign it again, and change nothing after that"),
        "dnsbl" => (ByDefault, $"{client} is on a list of senders of unwanted mail: look it up at check.spamhaus.org, mend the cause and have it removed"),
        "ptr" or "fcrdns" => ("7.25", $"{client} has no name in the DNS that leads back to it: give it a PTR record, and that name an address record"),
        "generic-ptr" => ("7.25", $"The name of {client} is that of an access line: send by your provider's mail server, or have the PTR record changed"),
        "helo-syntax" or "helo-rdns" or "helo-ptr" => (ByDefault, $"The name in HELO is not that of {client}: let the server introduce itself by its own full name, which resolves to its address"),
        _ => (ByDefault, "This mail does not look like what it claims to be"),
    };
}
