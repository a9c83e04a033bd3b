using System.Text;
using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>
/// Whether a HELO name is one that the client cannot own: the server's own name, localhost, or an address that is not the
/// client's. A name that is merely badly formed or does not resolve is no forgery.
/// </summary>
internal static class HeloName
{
    /// <summary>True where the name cannot be this client's.</summary>
    public static bool IsForged(string helo, SmtpSession session)
    {
        if (PrivateNetworks.IsLoopback(session.Client))
        {
            return false;
        }

        if (IsLocal(helo))
        {
            return true;
        }

        if (session.ServerName is { } server && helo.Equals(server, StringComparison.OrdinalIgnoreCase)
            && !helo.Equals(session.HostName, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        // An address, bare or as a literal (RFC 5321, 4.1.3), of somebody else. Behind a NAT a client names its private one.
        var literal = helo.AsSpan().Trim("[]");
        if (literal.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase))
        {
            literal = literal[5..];
        }

        return session.Client.IsKnown && ClientAddress.TryParse(literal, out var named) && named != session.Client && !PrivateNetworks.IsPrivate(named);
    }

    /// <summary>True for the name that software uses whose host name nobody set; no other host owns it, and no one is harmed by it.</summary>
    public static bool IsLocal(string helo) =>
        helo.Equals("localhost", StringComparison.OrdinalIgnoreCase) || helo.Equals("localhost.localdomain", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// True where the HELO name is of the same domain as the confirmed name, as a mail server's is: the same name, or the same last
    /// two labels.
    /// </summary>
    public static bool IsOfHost(string? helo, string? hostName) =>
        helo is not null && hostName is not null && Domain(helo) is { IsEmpty: false } domain && Domain(hostName).Equals(domain, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// True where Postfix refused the HELO name by the operator's own table (check_helo_access), which is how servers
    /// refuse their own names; not for names that are badly formed or do not resolve.
    /// </summary>
    public static bool IsForgery(in Reply reply)
    {
        ReadOnlySpan<string> harmless =
        [
            "Invalid name", "need fully-qualified hostname", "Host not found", "Malformed DNS server reply", "invalid ip address",
        ];
        foreach (var words in harmless)
        {
            if (reply.Says(Encoding.ASCII.GetBytes(words)))
            {
                return false;
            }
        }

        return reply.Code >= 500;
    }

    private static ReadOnlySpan<char> Domain(string name)
    {
        var last = name.LastIndexOf('.');
        return last <= 0 ? default : name.AsSpan(name.LastIndexOf('.', last - 1) + 1);
    }
}
