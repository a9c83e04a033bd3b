using System.Text;

namespace Postern.Facts;

/// <summary>
/// The texts by which our own checks at SMTP time refuse a client. Postfix logs them as refusals, and they must count nothing: a
/// ban would prolong itself.
/// </summary>
internal static class OwnReplies
{
    /// <summary>To a client with an active ban.</summary>
    public const string Banned = "Too many errors from your address; temporarily blocked, try again later";

    /// <summary>Where no test says more.</summary>
    public const string Unlike = "This mail does not look like what it claims to be";

    /// <summary>What follows where the client is to come again.</summary>
    public const string ComeAgain = "; please try again in some minutes";

    /// <summary>A message with too many forged results.</summary>
    public const string TooManyResults = "The message bears too many results of tests under the name of this server";

    private const char Client = '\n';

    private static readonly Dictionary<string, string> s_reasons = new(StringComparer.Ordinal)
    {
        ["spf-mailfrom"] = "The sender's domain does not let \n send its mail (SPF): send by its own servers, or ask its owner to add this address",
        ["spf-helo"] = "The domain of the HELO or PTR name does not let \n send mail (SPF): use this host's own name, or ask the owner to add this address",
        ["dmarc"] = "Nothing shows that this message is of its author's domain (DMARC): sign it with DKIM as that domain, or send by its servers",
        ["dkim"] = "The message has no valid DKIM signature of its author's domain: sign it again, and change nothing after that",
        ["dnsbl"] = "\n is on a list of senders of unwanted mail: look it up at check.spamhaus.org, mend the cause and have it removed",
        ["ptr"] = "\n has no name in the DNS that leads back to it: give it a PTR record, and that name an address record",
        ["generic-ptr"] = "The name of \n is that of an access line: send by your provider's mail server, or have the PTR record changed",
        ["helo"] = "The name in HELO is not that of \n: let the server introduce itself by its own full name, which resolves to its address",
    };

    // The part before the client's address (null where the text has none), and the rest.
    private static readonly (byte[]? Head, byte[] Tail)[] s_texts =
        [.. s_reasons.Values.Append(Unlike).SelectMany(text => new[] { text, text + ComeAgain }).Append(Banned).Append(TooManyResults).Select(Cut)];

    /// <summary>The reason of a test, with the client's address in it.</summary>
    public static string Reason(string test, ClientAddress client) =>
        s_reasons[test].Replace(Client.ToString(), client.ToString(), StringComparison.Ordinal);

    /// <summary>
    /// True where a refusal, as Postfix logs it behind the client, ends with a text of ours. A client can write such a text
    /// into an address; but then the line has the words before the sender's address twice, or the text does not end there.
    /// </summary>
    /// <param name="text">Code, status and reason, and what follows them in the log.</param>
    /// <param name="client">The session's client.</param>
    public static bool Are(ReadOnlySpan<byte> text, ClientAddress client)
    {
        var end = text.IndexOf("; from=<"u8);
        if (end < 0)
        {
            end = text.IndexOf("; proto="u8);
        }
        else if (text[(end + 8)..].IndexOf("; from=<"u8) >= 0)
        {
            return false;
        }

        var reason = end < 0 ? text : text[..end];
        foreach (var (head, tail) in s_texts)
        {
            if (!reason.EndsWith(tail))
            {
                continue;
            }

            if (head is null)
            {
                return IsBoundary(reason[..^tail.Length]);
            }

            var before = reason[..^tail.Length];
            var address = Encoding.ASCII.GetBytes(client.ToString());
            if (before.EndsWith(address) && before[..^address.Length].EndsWith(head) && IsBoundary(before[..^(address.Length + head.Length)]))
            {
                return true;
            }
        }

        return false;
    }

    // A status ("550 5.7.1 ") or Postfix's own words ("…>: Recipient address rejected: ") come before.
    private static bool IsBoundary(ReadOnlySpan<byte> before) => before.IsEmpty || before.EndsWith(" "u8);

    private static (byte[]? Head, byte[] Tail) Cut(string text)
    {
        var at = text.IndexOf(Client, StringComparison.Ordinal);
        return at < 0 ? (null, Encoding.ASCII.GetBytes(text)) : (Encoding.ASCII.GetBytes(text[..at]), Encoding.ASCII.GetBytes(text[(at + 1)..]));
    }
}
