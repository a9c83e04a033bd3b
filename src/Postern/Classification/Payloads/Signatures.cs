using System.Text;

namespace Postern.Classification.Payloads;

/// <summary>
/// The table of protocols that are spoken to mail ports. The first row that fits decides. Sources: RFC 8446 (TLS), RFC 9112
/// and 9113 (HTTP), RFC 4253 (SSH), MS-RDPBCGR and RFC 1006 (RDP), MS-CIFS and MS-SMB2 (SMB), RFC 3261 (SIP), RFC 2326
/// (RTSP), RFC 1928 and SOCKS 4 (SOCKS), and the names of probes in nmap-service-probes.
/// </summary>
internal static class Signatures
{
    /// <summary>All rows.</summary>
    public static Signature[] Rows { get; } =
    [
        // TLS: a record of type handshake, version 3.x, then a ClientHello; SSL 2: its own hello.
        Bytes([0x16, 0x03], PayloadKind.Tls, "TLS"),
        Masked([0x80, 0x00, 0x01, 0x00, 0x02], [0x80, 0x00, 0xFF, 0xFF, 0xFF], PayloadKind.Tls, "SSL 2"),
        Masked([0x80, 0x00, 0x01, 0x03, 0x00], [0x80, 0x00, 0xFF, 0xFF, 0xFC], PayloadKind.Tls, "SSL 2"),

        Text("GET /nice%20ports%2C/Tri%6Eity.txt%2ebak", PayloadKind.Http, "HTTP", "FourOhFourRequest"),
        Text("GET / HTTP/1.0\r\n\r\n", PayloadKind.Http, "HTTP", "GetRequest"),
        Text("OPTIONS / HTTP/1.0\r\n\r\n", PayloadKind.Http, "HTTP", "HTTPOptions"),
        Text("PRI * HTTP/2", PayloadKind.Http, "HTTP/2"),
        Text("OPTIONS / RTSP/1.0", PayloadKind.Foreign, "RTSP", "RTSPRequest"),
        Text("DESCRIBE rtsp:", PayloadKind.Foreign, "RTSP"),
        Text("OPTIONS rtsp:", PayloadKind.Foreign, "RTSP"),

        Text("OPTIONS sip:nm SIP/2.0", PayloadKind.Foreign, "SIP", "SIPOptions"),
        Text("OPTIONS sip:", PayloadKind.Foreign, "SIP"),
        Text("REGISTER sip:", PayloadKind.Foreign, "SIP"),
        Text("INVITE sip:", PayloadKind.Foreign, "SIP"),
        Text("Via: SIP/2.0", PayloadKind.Foreign, "SIP"),

        Text("SSH-", PayloadKind.Foreign, "SSH"),
        Text("Cookie: mstshash=", PayloadKind.Foreign, "RDP"),
        Masked([3, 0, 0, 0x0B, 0x06, 0xE0], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], PayloadKind.Foreign, "RDP", "TerminalServer"),
        Masked([3, 0, 0, 0x2A, 0x25, 0xE0], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], PayloadKind.Foreign, "RDP", "TerminalServerCookie"),
        // TPKT with an X.224 connection request.
        Masked([3, 0, 0, 0, 0, 0xE0], [0xFF, 0xFF, 0, 0, 0, 0xFF], PayloadKind.Foreign, "RDP"),
        Masked([0, 0, 0, 0, 0xFF, (byte)'S', (byte)'M', (byte)'B', (byte)'r'], [0xFF, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], PayloadKind.Foreign, "SMB", "SMBProgNeg"),
        Masked([0, 0, 0, 0, 0xFE, (byte)'S', (byte)'M', (byte)'B'], [0xFF, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], PayloadKind.Foreign, "SMB"),

        Masked([5, 0, 0], [0xFF, 0xF0, 0xFC], PayloadKind.Foreign, "SOCKS"),
        Masked([4, 1], [0xFF, 0xFF], PayloadKind.Foreign, "SOCKS"),
        Masked([4, 2], [0xFF, 0xFF], PayloadKind.Foreign, "SOCKS"),

        Bytes([0x80, 0, 0, 0x28, 0x72, 0xFE, 0x1D, 0x13], PayloadKind.Foreign, "ONC RPC", "RPCCheck"),
        Bytes([0, 0x1E, 0, 6, 1, 0, 0, 1], PayloadKind.Foreign, "DNS", "DNSVersionBindReqTCP"),
        Bytes([0, 0x0C, 0, 0, 0x10, 0, 0, 0], PayloadKind.Foreign, "DNS", "DNSStatusRequestTCP"),
        Bytes([0, 0, 0, 0x71, 0x6A, 0x81], PayloadKind.Foreign, "Kerberos", "Kerberos"),
        Masked([0x6C, 0, 0x0B, 0], [0xFF, 0xFF, 0xFF, 0xFF], PayloadKind.Foreign, "X11", "X11Probe"),
        Bytes([1, (byte)'d', (byte)'e', (byte)'f', (byte)'a', (byte)'u', (byte)'l', (byte)'t', (byte)'\n'], PayloadKind.Foreign, "LPD", "LPDString"),
        Masked([0x30, 0, 2, 1], [0xFF, 0, 0xFF, 0xFF], PayloadKind.Foreign, "LDAP", "LDAPBindReq"),
        Masked([0x30, 0x84, 0, 0, 0, 0, 2, 1], [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF], PayloadKind.Foreign, "LDAP", "LDAPSearchReq"),
        Bytes([0x12, 1, 0], PayloadKind.Foreign, "TDS", "ms-sql-s"),
        Bytes([(byte)'J', (byte)'R', (byte)'M', (byte)'I', 0], PayloadKind.Foreign, "Java RMI", "JavaRMI"),
        Text("GIOP", PayloadKind.Foreign, "CORBA", "giop"),
        Bytes([0x3A, 0, 0, 0], PayloadKind.Foreign, "Notes RPC", "NotesRPC"),
        Bytes([1, 0, 0, 0xFD, 0xCE, 0xFA, 0x0B, 0xB0], PayloadKind.Foreign, "MMS", "WMSRequest"),
        Bytes([(byte)'T', (byte)'S', (byte)'H', (byte)' ', 0, 0], PayloadKind.Foreign, "IBM MQ", "ibm-mqseries"),
        Bytes([0x12, 0x34, 0], PayloadKind.Foreign, "AJP"),
        Text("\u001B%-12345X@PJL", PayloadKind.Foreign, "PJL"),
        Text("< NTP/1.", PayloadKind.Foreign, "Nessus"),
        Bytes([0xFF, 0xFB], PayloadKind.Foreign, "Telnet"),
        Bytes([0xFF, 0xFD], PayloadKind.Foreign, "Telnet"),
        Text("TNMP", PayloadKind.Foreign, "LANDesk", "LANDesk-RC"),
        Bytes([0, 3, 0, 1, 0, 0, 0, 0], PayloadKind.Foreign, "AFP", "afp"),
        Masked([0, 0x5A, 0, 0, 1], [0xFF, 0xFF, 0, 0, 0xFF], PayloadKind.Foreign, "Oracle TNS", "oracle-tns"),
        Text("LHLO ", PayloadKind.Foreign, "LMTP"),
        Text("@RSYNCD:", PayloadKind.Foreign, "rsync"),
        Text("MGLNDD_", PayloadKind.Foreign, "MGLNDD (internet scan)"),
        Text("*1\r\n$", PayloadKind.Foreign, "Redis"),
        Text("*2\r\n$", PayloadKind.Foreign, "Redis"),
        Text("*3\r\n$", PayloadKind.Foreign, "Redis"),
        Text("PING\r\n", PayloadKind.Foreign, "Redis"),
        Text("INFO\r\n", PayloadKind.Foreign, "Redis"),
        Text("SYNC\r\n", PayloadKind.Foreign, "Redis"),
        Text("version\r\n", PayloadKind.Foreign, "memcached"),
        Text("gets ", PayloadKind.Foreign, "memcached"),
        Text("stats ", PayloadKind.Foreign, "memcached"),
        Text("ANNOUNCE rtsp:", PayloadKind.Foreign, "RTSP"),
        Text("SETUP rtsp:", PayloadKind.Foreign, "RTSP"),
        Text("CAPABILITY\r\n", PayloadKind.Foreign, "IMAP"),
        Text("AMQP", PayloadKind.Foreign, "AMQP"),
        Text("CONNECTED\r\n", PayloadKind.Foreign, "STOMP"),
        Masked([0x10, 0, 0, 6, (byte)'M', (byte)'Q', (byte)'I', (byte)'s', (byte)'d', (byte)'p'], [0xFF, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], PayloadKind.Foreign, "MQTT"),
        Text("stats\r\n", PayloadKind.Foreign, "memcached"),
        Text("CNXN", PayloadKind.Foreign, "ADB"),
        Masked([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xD4, 7, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], PayloadKind.Foreign, "MongoDB"),
        Masked([0x10, 0, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T'], [0xFF, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], PayloadKind.Foreign, "MQTT"),
        Text("\u0013BitTorrent protocol", PayloadKind.Foreign, "BitTorrent"),
        Text("{\"method\":\"login\"", PayloadKind.Foreign, "Stratum"),
        Text("{\"id\":1,\"jsonrpc\"", PayloadKind.Foreign, "Stratum"),
        Text("{\"id\":1,\"method\":\"mining.", PayloadKind.Foreign, "Stratum"),
        Text("{\"jsonrpc\"", PayloadKind.Foreign, "JSON-RPC"),
        Text("{\"method\"", PayloadKind.Foreign, "JSON-RPC"),
        Text("{\"id\"", PayloadKind.Foreign, "JSON-RPC"),
        Text("{\"id\": 1, \"method\": \"mining.", PayloadKind.Foreign, "Stratum"),
        Text("NICK ", PayloadKind.Foreign, "IRC"),
        Text("USER ", PayloadKind.Foreign, "FTP or IRC"),
        Text("<?xml", PayloadKind.Foreign, "XML"),
        Text("<stream:stream", PayloadKind.Foreign, "XMPP"),
        Text("a001 ", PayloadKind.Foreign, "IMAP"),
        Text("HELP\r\n", PayloadKind.Smtp, "HELP", "Help"),
    ];

    private static Signature Bytes(byte[] start, PayloadKind kind, string name, string? probe = null) => new(start, [], kind, name, probe);

    private static Signature Masked(byte[] start, byte[] mask, PayloadKind kind, string name, string? probe = null) => new(start, mask, kind, name, probe);

    private static Signature Text(string start, PayloadKind kind, string name, string? probe = null) =>
        new(Encoding.ASCII.GetBytes(start), [], kind, name, probe);
}
