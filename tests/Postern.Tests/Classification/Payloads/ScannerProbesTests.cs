using Postern.Classification.Payloads;

namespace Postern.Tests.Classification.Payloads;

/// <summary>Every TCP probe of nmap's own list, as far as it is installed here.</summary>
public sealed class ScannerProbesTests
{
    private const string List = "/usr/share/nmap/nmap-service-probes";

    [Fact]
    public void No_probe_is_taken_for_a_lone_dot() =>
        Kinds().Where(pair => pair.Value.Kind == PayloadKind.LoneDot).Select(pair => pair.Key).ShouldBeEmpty();

    [Theory]
    [InlineData("GenericLines", "Blank", null)]
    [InlineData("GetRequest", "Http", "HTTP")]
    [InlineData("HTTPOptions", "Http", "HTTP")]
    [InlineData("FourOhFourRequest", "Http", "HTTP")]
    [InlineData("RTSPRequest", "Foreign", "RTSP")]
    [InlineData("SIPOptions", "Foreign", "SIP")]
    [InlineData("SSLSessionReq", "Tls", "TLS")]
    [InlineData("TLSSessionReq", "Tls", "TLS")]
    [InlineData("SSLv23SessionReq", "Tls", "SSL 2")]
    [InlineData("SMBProgNeg", "Foreign", "SMB")]
    [InlineData("TerminalServer", "Foreign", "RDP")]
    [InlineData("TerminalServerCookie", "Foreign", "RDP")]
    [InlineData("LDAPBindReq", "Foreign", "LDAP")]
    [InlineData("LDAPSearchReq", "Foreign", "LDAP")]
    [InlineData("Kerberos", "Foreign", "Kerberos")]
    [InlineData("X11Probe", "Foreign", "X11")]
    [InlineData("LPDString", "Foreign", "LPD")]
    [InlineData("DNSVersionBindReqTCP", "Foreign", "DNS")]
    [InlineData("DNSStatusRequestTCP", "Foreign", "DNS")]
    [InlineData("RPCCheck", "Foreign", "ONC RPC")]
    [InlineData("Socks5", "Foreign", "SOCKS")]
    [InlineData("Socks4", "Foreign", "SOCKS")]
    [InlineData("JavaRMI", "Foreign", "Java RMI")]
    [InlineData("oracle-tns", "Foreign", "Oracle TNS")]
    [InlineData("ms-sql-s", "Foreign", "TDS")]
    [InlineData("afp", "Foreign", "AFP")]
    [InlineData("giop", "Foreign", "CORBA")]
    [InlineData("WMSRequest", "Foreign", "MMS")]
    [InlineData("ibm-mqseries", "Foreign", "IBM MQ")]
    [InlineData("ajp", "Foreign", "AJP")]
    [InlineData("hp-pjl", "Foreign", "PJL")]
    [InlineData("NessusTPv12", "Foreign", "Nessus")]
    [InlineData("tn3270", "Foreign", "Telnet")]
    [InlineData("Help", "Smtp", "HELP")]
    public void A_probe_is_what_it_asks_for(string probe, string kind, string? protocol)
    {
        var kinds = Kinds();
        Assert.SkipUnless(kinds.ContainsKey(probe), "this list has no such probe");
        kinds[probe].Kind.ToString().ShouldBe(kind);
        kinds[probe].Name.ShouldBe(protocol);
    }

    [Fact]
    public void Two_blank_lines_are_known_as_the_generic_probe() => Kinds()["GenericLines"].Probe.ShouldBe("GenericLines");

    [Fact]
    public void A_probe_that_is_named_is_named_rightly() =>
        Kinds().Where(pair => pair.Value.Probe is { } name && !string.Equals(name, pair.Key, StringComparison.Ordinal)).Select(pair => $"{pair.Key} as {pair.Value.Probe}").ShouldBeEmpty();

    [Fact]
    public void Most_probes_are_known_by_their_protocol()
    {
        var kinds = Kinds();
        var unknown = kinds.Where(pair => pair.Value.Kind is PayloadKind.Garbage or PayloadKind.Unreadable).Select(pair => pair.Key).ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine($"{unknown.Length} of {kinds.Count}: {string.Join(' ', unknown)}");
        unknown.Length.ShouldBeLessThan(kinds.Count / 2);
    }

    private static Dictionary<string, Payload> Kinds()
    {
        Assert.SkipUnless(File.Exists(List), "nmap's list of probes is not installed");
        var kinds = new Dictionary<string, Payload>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(List, System.Text.Encoding.Latin1).Where(line => line.StartsWith("Probe TCP ", StringComparison.Ordinal)))
        {
            // Probe TCP NAME q|TEXT|, with whatever mark stands behind the q.
            var words = line.Split(' ', 4);
            var end = words[3].IndexOf(words[3][1], 2);
            var text = Unescape(words[3][2..end]);
            if (text.Length > 0)
            {
                kinds[words[2]] = PayloadRecogniser.Of(text);
            }
        }

        kinds.Count.ShouldBeGreaterThan(20);
        return kinds;
    }

    private static byte[] Unescape(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.Add((byte)text[i]);
                continue;
            }

            i++;
            if (text[i] == 'x')
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
                continue;
            }

            bytes.Add(text[i] switch { 'r' => 13, 'n' => 10, 't' => 9, '0' => 0, 'a' => 7, 'b' => 8, 'f' => 12, 'v' => 11, var c => (byte)c });
        }

        return [.. bytes];
    }
}
