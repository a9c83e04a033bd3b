using System.Globalization;
using System.Text;
using MimeKit;
using MimeKit.Utils;
using Postern.Checks.Dns;

namespace Postern.Checks.Sender;

/// <summary>
/// Who a message says wrote it (From). A message may name one author's domain only: with several, or one that cannot be read,
/// nobody knows which of them a person sees.
/// </summary>
/// <param name="Domains">All domains that are named, at most ten.</param>
/// <param name="Named">Domains of addresses that stand beside the author's own, in the name that most programs show.</param>
/// <param name="Problem">Why there is no single author; null where there is one.</param>
internal sealed record MessageAuthor(IReadOnlyList<string> Domains, IReadOnlyList<string> Named, string? Problem)
{
    private const int MostDomains = 10;
    private const int MostNamed = 100;

    /// <summary>The only address of From, its domain in A-labels; null where there are several or none.</summary>
    public string? Address { get; init; }

    /// <summary>True where it names more domains than are looked at. No genuine message does, and the one that counts may be behind them.</summary>
    public bool IsCrowd { get; init; }

    /// <summary>The author's domain; null where there is no single one.</summary>
    public string? Single => Problem is null ? Domains[0] : null;

    /// <summary>True where the message names nobody that can be read.</summary>
    public bool IsNobody => Domains.Count == 0;

    /// <summary>Reads the author of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="bytes">Its bytes, in which a header that a reader overlooks may stand.</param>
    public static MessageAuthor Of(MimeMessage message, ReadOnlySpan<byte> bytes)
    {
        var headers = message.Headers.Where(h => h.Id == HeaderId.From || h.Field.Trim().Equals("From", StringComparison.OrdinalIgnoreCase)).ToArray();
        var domains = new List<string>();
        var inText = new List<string>();
        var isUnreadable = false;
        var addresses = new List<string>();
        foreach (var header in headers)
        {
            var mailboxes = InternetAddressList.TryParse(header.RawValue, out var list) ? list.Mailboxes.ToArray() : [];
            var named = mailboxes.Select(m => DnsName.DomainOf(m.GetAddress(idnEncode: true))).ToArray();
            isUnreadable |= mailboxes.Length == 0 || named.Contains(null);
            addresses.AddRange(mailboxes.Select(m => m.GetAddress(idnEncode: true)));
            domains.AddRange(named.OfType<string>().Select(d => d.TrimEnd('.')).Where(d => d.Length > 0));
            // An address that only a program decodes is still what a person reads.
            (named.OfType<string>().Any() ? inText : domains).AddRange(DomainsIn(Rfc2047.DecodeText(header.RawValue)));
        }

        string[] all = [.. domains.Distinct(StringComparer.OrdinalIgnoreCase).Take(MostDomains + 1)];
        var distinct = all[..Math.Min(all.Length, MostDomains)];
        var problem = distinct.Length == 0 ? "the message names no author that can be read (From)"
            : Math.Max(headers.Length, CountLines(bytes)) > 1 ? "the message has several From headers"
            : distinct.Length > 1 ? "the message names authors of several domains (From)"
            : isUnreadable ? "the author cannot be read (From)"
            : null;
        return new(distinct, [.. inText.Except(distinct, StringComparer.OrdinalIgnoreCase).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostNamed)], problem)
        {
            Address = addresses is [var only] ? only : null,
            IsCrowd = all.Length > MostDomains,
        };
    }

    /// <summary>What a lenient reader might take for addresses.</summary>
    private static IEnumerable<string> DomainsIn(string text)
    {
        for (var at = text.IndexOf('@', StringComparison.Ordinal); at >= 0; at = text.IndexOf('@', at + 1))
        {
            var end = at + 1;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '.' or '-' or '_'))
            {
                end++;
            }

            var domain = text[(at + 1)..end].Trim('.');
            // "ann@example.org via Talk" is how honest lists and services name the person that they speak for.
            var isSpokenFor = text.AsSpan(end).TrimStart("'\")>] \t").StartsWith("via ", StringComparison.OrdinalIgnoreCase);
            if (domain.Contains('.', StringComparison.Ordinal) && !isSpokenFor)
            {
                yield return InAscii(domain);
            }
        }
    }

    private static string InAscii(string domain)
    {
        if (Ascii.IsValid(domain))
        {
            return domain;
        }

        try
        {
            return new IdnMapping().GetAscii(domain);
        }
        catch (ArgumentException)
        {
            // What is no name cannot be somebody's.
            return domain;
        }
    }

    // "From :" is no header by RFC 5322, and yet some programs show it as one.
    private static int CountLines(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = (end < 0 ? bytes : bytes[..end]).TrimEnd((byte)'\r');
            if (line.IsEmpty)
            {
                break;
            }

            if (line.Length > 4 && Ascii.EqualsIgnoreCase(line[..4], "from"u8) && line[4..].TrimStart(" \t"u8) is [(byte)':', ..])
            {
                count++;
            }

            bytes = end < 0 ? default : bytes[(end + 1)..];
        }

        return count;
    }
}
