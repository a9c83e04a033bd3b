namespace Postern.Checks.Dnsbl;

/// <summary>What a list is asked about.</summary>
public enum DnsblSubject : byte
{
    /// <summary>The client's address, back to front (RFC 5782, 2.1 and 2.4).</summary>
    Address,
    /// <summary>The registered domains of the HELO name and of the sender (RFC 5782, 2.2).</summary>
    Domain,
}

/// <summary>A DNS list and what its answers mean.</summary>
/// <param name="Zone">Where to ask, such as <c>zen.spamhaus.org</c>.</param>
/// <param name="Subject">What to ask about.</param>
/// <param name="Codes">Every answer that the list's operator documents; any other answer is an error.</param>
/// <param name="Weight">Multiplies the points of every code; 1 by default.</param>
public sealed record DnsblZone(string Zone, DnsblSubject Subject, IReadOnlyList<DnsblCode> Codes, double Weight = 1)
{
    /// <summary>Spamhaus ZEN: known spammers, hijacked machines, and lines that should not send mail themselves.</summary>
    public static DnsblZone Zen { get; } = new("zen.spamhaus.org", DnsblSubject.Address,
    [
        DnsblCode.Parse("127.0.0.2", "SBL", -6),
        DnsblCode.Parse("127.0.0.3", "CSS", -5),
        DnsblCode.Parse("127.0.0.4-7", "XBL", -6),
        DnsblCode.Parse("127.0.0.9", "DROP", -8),
        DnsblCode.Parse("127.0.0.10-11", "PBL", -3),
    ]);

    /// <summary>Spamhaus DBL: domains of spam and worse. Not asked unless configured.</summary>
    public static DnsblZone Dbl { get; } = new("dbl.spamhaus.org", DnsblSubject.Domain,
    [
        DnsblCode.Parse("127.0.1.2", "spam domain", -4),
        DnsblCode.Parse("127.0.1.4", "phishing domain", -6),
        DnsblCode.Parse("127.0.1.5", "malware domain", -6),
        DnsblCode.Parse("127.0.1.6", "botnet domain", -6),
        DnsblCode.Parse("127.0.1.102-106", "abused domain", -1),
    ]);

    /// <summary>dnswl.org: senders known to be good, in four degrees. Not asked unless configured.</summary>
    public static DnsblZone Dnswl { get; } = new("list.dnswl.org", DnsblSubject.Address,
    [
        DnsblCode.Parse("127.0.0.0/255.255.0.255", "known", 0.5),
        DnsblCode.Parse("127.0.0.1/255.255.0.255", "good, low", 1),
        DnsblCode.Parse("127.0.0.2/255.255.0.255", "good, medium", 2),
        DnsblCode.Parse("127.0.0.3/255.255.0.255", "good, high", 4),
    ]);
}

/// <summary>The lists that are asked.</summary>
public sealed record DnsblOptions
{
    /// <summary>Any number of lists; ZEN by default.</summary>
    public IReadOnlyList<DnsblZone> Zones { get; init; } = [DnsblZone.Zen];
}
