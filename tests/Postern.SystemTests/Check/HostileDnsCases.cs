using Postern.SystemTests.Support;

namespace Postern.SystemTests.Check;

/// <summary>
/// What a DNS server can do to who asks it. The honest world behind each: 192.0.2.1 is mail.example.org, and the SPF record of
/// example.org lets it send.
/// </summary>
internal static class HostileDnsCases
{
    public const string OddSender = "a policy asks for a name with an apostrophe";

    private const string Pointer = "1.2.0.192.in-addr.arpa";
    private const int A = 1, Mx = 15, Txt = 16, Ptr = 12;

    /// <summary>One zone is bad, the rest answers.</summary>
    public static IReadOnlyDictionary<string, Func<HostileDns?>> OfZones { get; } = new Dictionary<string, Func<HostileDns?>>(StringComparer.Ordinal)
    {
        ["an honest server"] = () => new(Honest),
        [OddSender] = On(Txt, "example.org", q => q.Reply(0, HostileRecord.Text(q.Name, "v=spf1 exists:%{l}.users.example.org -all"))),
        ["a policy of 64 kB"] = On(Txt, "example.org", q => q.Reply(0, HostileRecord.Text(q.Name, "v=spf1 " + string.Concat(Enumerable.Repeat("ip4:198.51.100.1 ", 3750)) + "?all"))),
        ["hundreds of texts of 200 octets"] = On(Txt, "example.org", q => q.Reply(0, [.. Enumerable.Range(0, 300).Select(i => HostileRecord.Text(q.Name, $"{i} " + new string('x', 200)))])),
        ["a text of 300 strings"] = On(Txt, "example.org", q => q.Reply(0, HostileRecord.Text(q.Name, "v=spf1 a:mail.example.org ?all".PadRight(300), 1))),
        ["a text without strings"] = On(Txt, "example.org", q => q.Reply(0, new HostileRecord(q.Name, Txt, []))),
        ["a text whose string is longer than its record"] = On(Txt, "example.org", q => q.Reply(0, new HostileRecord(q.Name, Txt, [200, 65]))),
        ["a cut answer and no TCP"] = On(Txt, "example.org", Cut, TcpManner.Refuse),
        ["a cut answer and TCP that says nothing"] = On(Txt, "example.org", Cut, TcpManner.Hold),
        ["a cut answer and TCP that breaks off"] = On(Txt, "example.org", Cut, TcpManner.Break),
        ["a cut answer over TCP too"] = On(Txt, "example.org", Cut),
        ["an alias of itself"] = On(A, "mail.example.org", q => q.Reply(0, HostileRecord.Alias(q.Name, q.Name))),
        ["two aliases in a circle"] = On(A, "mail.example.org", q => q.Reply(0, HostileRecord.Alias(q.Name, "b.example.org"), HostileRecord.Alias("b.example.org", q.Name))),
        ["a circle that does not hold the name"] = On(A, "mail.example.org", q => q.Reply(0, HostileRecord.Alias(q.Name, "b.example.org"), HostileRecord.Alias("b.example.org", "c.example.org"), HostileRecord.Alias("c.example.org", "b.example.org"))),
        ["an endless row of aliases, one an answer"] = () => new(q => q.Type is A or Txt && q.Name.EndsWith("example.org", StringComparison.Ordinal) ? q.Reply(0, HostileRecord.Alias(q.Name, $"c{q.Name.Length}.{q.Name}")) : Honest(q)),
        ["twelve hundred aliases in one answer"] = On(A, "mail.example.org", q => q.Reply(0, [HostileRecord.Alias(q.Name, "c0.example.org"), .. Enumerable.Range(0, 1200).Select(i => HostileRecord.Alias($"c{i}.example.org", $"c{i + 1}.example.org"))])),
        ["an alias to a name of odd octets"] = On(A, "mail.example.org", q => q.Reply(0, HostileRecord.Alias(q.Name, "\0\xff\x1b[31m.example.org"))),
        ["as many PTR names as a message holds"] = On(Ptr, Pointer, q => q.Reply(0, [.. Enumerable.Range(0, 10_000).Select(i => HostileRecord.Pointer(q.Name, $"n{i}"))])),
        ["PTR names of odd octets"] = On(Ptr, Pointer, q => q.Reply(0, HostileRecord.Pointer(q.Name, "\0\xff\x1b[31m;\\.example.org"), HostileRecord.Pointer(q.Name, "a b\n.example.org"))),
        ["a PTR name that is the root"] = On(Ptr, Pointer, q => q.Reply(0, new HostileRecord(q.Name, Ptr, [0]))),
        ["an address of three octets"] = On(A, "mail.example.org", q => q.Reply(0, new HostileRecord(q.Name, A, [192, 0, 2]))),
        ["an address of sixteen octets"] = On(A, "mail.example.org", q => q.Reply(0, new HostileRecord(q.Name, A, new byte[16]))),
        ["a data length beyond the end"] = On(A, "mail.example.org", q => q.ReplyWithRaw(0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0xFF, 0xFF, 1)),
        ["a name that points to itself"] = On(A, "mail.example.org", q => q.ReplyWithRaw(0xC0, (byte)q.End, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1)),
        ["two names that point to each other"] = On(A, "mail.example.org", q => q.ReplyWithRaw(0xC0, (byte)(q.End + 2), 0xC0, (byte)q.End, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1)),
        ["a name that points beyond the end"] = On(A, "mail.example.org", q => q.ReplyWithRaw(0xFF, 0xFF, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1)),
        ["a label of a kind that does not exist"] = On(A, "mail.example.org", q => q.ReplyWithRaw(0x80, 1, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1)),
        ["records that were not asked for"] = On(A, "mail.example.org", q => q.Reply(0, HostileRecord.A("www.example.net", "192.0.2.1"), HostileRecord.Text("example.org", "v=spf1 -all"))),
        ["times of 0"] = On(A, "mail.example.org", q => q.Reply(0, HostileRecord.A(q.Name, "192.0.2.1", 0))),
        ["times of 2^31"] = On(A, "mail.example.org", q => q.Reply(0, HostileRecord.A(q.Name, "192.0.2.1", 0x8000_0000))),
        ["times of 2^32 - 1"] = On(Txt, "example.org", q => q.Reply(0, HostileRecord.Text(q.Name, "v=spf1 a:mail.example.org -all", seconds: uint.MaxValue))),
        ["a policy that includes without end"] = () => new(q => q.Type is Txt && q.Name.EndsWith("example.org", StringComparison.Ordinal)
            ? q.Reply(0, HostileRecord.Text(q.Name, "v=spf1 " + string.Concat(Enumerable.Range(0, 60).Select(i => $"include:i{i}.{q.Name[^Math.Min(q.Name.Length, 60)..].TrimStart('.')} ")) + "-all")) : Honest(q)),
        ["a policy of a thousand mail exchangers"] = () => new(q => q switch
        {
            { Type: Txt, Name: "example.org" } => q.Reply(0, HostileRecord.Text(q.Name, "v=spf1 " + string.Concat(Enumerable.Range(0, 30).Select(i => $"mx:m{i}.example.org ")) + "-all")),
            { Type: Mx } => q.Reply(0, [.. Enumerable.Range(0, 1000).Select(i => HostileRecord.Mx(q.Name, $"h{i}.example.org"))]),
            _ => Honest(q),
        }),
        ["a zone that never answers"] = On(Txt, "example.org", _ => null),
        ["a zone that the server refuses"] = On(Txt, "example.org", q => q.Reply(5)),
        ["another question answered"] = On(Txt, "example.org", q => Spoil(q.Reply(3), 13)),
    };

    /// <summary>The server as a whole is of no use.</summary>
    public static IReadOnlyDictionary<string, Func<HostileDns?>> OfServers { get; } = new Dictionary<string, Func<HostileDns?>>(StringComparer.Ordinal)
    {
        ["nothing listens"] = () => null,
        ["silence"] = () => new(_ => null),
        ["answers after 20 s"] = () => new(Honest, delay: TimeSpan.FromSeconds(20)),
        ["FORMERR"] = () => new(q => q.Reply(1)),
        ["SERVFAIL"] = () => new(q => q.Reply(2)),
        ["NOTIMP"] = () => new(q => q.Reply(4)),
        ["REFUSED"] = () => new(q => q.Reply(5)),
        ["an error that nobody knows"] = () => new(q => q.Reply(14)),
        ["empty packets"] = () => new(_ => []),
        ["one octet"] = () => new(q => q.Packet[..1]),
        ["a header alone"] = () => new(q => [.. q.Reply(0)[..12]]),
        ["noise"] = () => new(q => Noise(q, 0)),
        ["noise behind a good header"] = () => new(q => q.ReplyWithRaw(Noise(q, 1)[..400])),
        ["noise counted as 65,535 records"] = () => new(q => Spoil([.. q.Reply(0), .. Noise(q, 2)[..300]], 6, 0xFF)),
        ["another id"] = () => new(q => Spoil(q.Reply(3), 0)),
        ["another question, which does not exist"] = () => new(q => Spoil(q.Reply(3), 13)),
        ["no question, which does not exist"] = () => new(q => [q.Packet[0], q.Packet[1], 0x85, 0x83, 0, 0, 0, 0, 0, 0, 0, 0]),
        ["every answer cut and no TCP"] = () => new(Cut, TcpManner.Refuse),
        ["a referral to nowhere"] = () => new(Referral),
    };

    private static Func<HostileDns?> On(int type, string name, Func<HostileQuestion, byte[]?> bad, TcpManner manner = TcpManner.Answer) =>
        () => new(q => q.Type == type && string.Equals(q.Name, name, StringComparison.Ordinal) ? bad(q) : Honest(q), manner);

    private static byte[] Honest(HostileQuestion q) => q switch
    {
        { Type: Ptr, Name: Pointer } => q.Reply(0, HostileRecord.Pointer(q.Name, "mail.example.org")),
        { Type: A, Name: "mail.example.org" } => q.Reply(0, HostileRecord.A(q.Name, "192.0.2.1")),
        { Type: A, Name: "o'brien.users.example.org" } => q.Reply(0, HostileRecord.A(q.Name, "127.0.0.2")),
        { Type: Txt, Name: "example.org" } => q.Reply(0, HostileRecord.Text(q.Name, "v=spf1 a:mail.example.org -all")),
        { Name: "mail.example.org" or "example.org" } => q.Reply(),
        _ => q.Reply(3),
    };

    private static byte[] Cut(HostileQuestion q) => Spoil(q.Reply(), 2, 0x02);

    private static byte[] Referral(HostileQuestion q)
    {
        byte[] reply = q.Reply(0, new HostileRecord("org", 2, HostileQuestion.Encode("ns.example.net")));
        (reply[2], reply[3], reply[7], reply[9]) = (0x81, 0, 0, 1);
        return reply;
    }

    /// <summary>The packet with bits of one octet turned.</summary>
    private static byte[] Spoil(byte[] packet, int at, byte bits = 0x01)
    {
        packet[at] ^= bits;
        return packet;
    }

    /// <summary>Octets that look like chance and are the same in every run; the first two are the question's id.</summary>
    private static byte[] Noise(HostileQuestion q, uint seed)
    {
        var noise = new byte[500];
        var state = (uint)q.Name.Length + (seed * 7919) + 1;
        for (var i = 2; i < noise.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            noise[i] = (byte)(state >> 24);
        }

        (noise[0], noise[1]) = (q.Packet[0], q.Packet[1]);
        return noise;
    }
}
