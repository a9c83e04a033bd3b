using System.Text;
using Postern.Classification.Payloads;

namespace Postern.Tests.Classification.Payloads;

public sealed class PayloadRecogniserTests
{
    [Theory]
    [InlineData(".", "LoneDot")]
    [InlineData(" . ", "LoneDot")]
    [InlineData(@".\r\n", "LoneDot")]
    [InlineData(@".\r\n\r\n", "LoneDot")]
    [InlineData("", "Blank")]
    [InlineData(@"\r\n", "Blank")]
    [InlineData("..", "Garbage")]
    [InlineData(".x", "Garbage")]
    [InlineData("XYZZY0", "Garbage")]
    [InlineData(@"\026\003\001\002\000\001", "Tls")]
    [InlineData("#026#003#001#002", "Tls")]
    [InlineData("GET / HTTP/1.1", "Http")]
    [InlineData("get /cgi-bin/x", "Http")]
    [InlineData("CONNECT mail.example.net:25 HTTP/1.1", "Http")]
    [InlineData("Host: 192.0.2.1:25", "Http")]
    [InlineData("User-Agent: x", "Http")]
    [InlineData("Subject: hello", "Header")]
    [InlineData("X-Mailer: x", "Header")]
    [InlineData("Received: from pc", "Header")]
    [InlineData("SSH-2.0-Go", "Foreign")]
    [InlineData("OPTIONS sip:nm SIP/2.0", "Foreign")]
    [InlineData(@"\003\000\000\023\016\340\000\000", "Foreign")]
    [InlineData(@"\000\000\000T\377SMBr\000", "Foreign")]
    [InlineData("EHLO spam", "Smtp")]
    [InlineData(@"@RSYNCD: 29\r\n", "Foreign")]
    [InlineData("MGLNDD_192.0.2.1_25", "Foreign")]
    [InlineData("LHLO spam", "Foreign")]
    [InlineData(@"*1\r\n$4\r\nPING\r\n", "Foreign")]
    [InlineData("INFO", "Foreign")]
    [InlineData(@"stats\r\n", "Foreign")]
    [InlineData(@"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "Http")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"eth_x\"}", "Foreign")]
    [InlineData("information", "Garbage")]
    [InlineData("LHLOX", "Garbage")]
    [InlineData("rcpt to:<a@example.org>", "Smtp")]
    [InlineData("QUIT", "Smtp")]
    [InlineData("QUITE", "Garbage")]
    [InlineData("????", "Tls")]
    [InlineData("?????????", "Unreadable")]
    public void Text_of_a_log_is_recognised_by_its_form(string text, string kind) =>
        PayloadRecogniser.OfLogText(Encoding.Latin1.GetBytes(text)).Kind.ToString().ShouldBe(kind);

    [Fact]
    public void Two_line_ends_are_the_generic_probe_and_one_is_not()
    {
        PayloadRecogniser.Of("\r\n\r\n"u8).Probe.ShouldBe("GenericLines");
        PayloadRecogniser.Of("\r\n"u8).Probe.ShouldBeNull();
    }

    [Theory]
    [InlineData(@"a\000b", "a\0b")]
    [InlineData(@"\r\n\t\a\b\f\v\\", "\r\n\t\a\b\f\v\\")]
    [InlineData(@"\", @"\")]
    [InlineData(@"\9", @"\9")]
    [InlineData(@"\400", @"\400")]
    [InlineData("#011x", "\tx")]
    [InlineData("#101", "#101")]
    [InlineData(@"\03", @"\03")]
    public void Escapes_are_undone_and_what_is_none_stays(string logged, string sent)
    {
        var into = new byte[logged.Length];
        var length = LogText.Unescape(Encoding.Latin1.GetBytes(logged), into);
        Encoding.Latin1.GetString(into, 0, length).ShouldBe(sent);
    }

    [FsCheck.Xunit.Property]
    public void Only_a_line_of_a_dot_is_a_lone_dot(byte[] bytes)
    {
        var isDot = PayloadRecogniser.Of(bytes).Kind == PayloadKind.LoneDot;
        var text = Encoding.Latin1.GetString(bytes).Trim('\r', '\n', ' ', '\t');
        isDot.ShouldBe(text is "." || text.StartsWith(".\n", StringComparison.Ordinal) || text.StartsWith(".\r\n", StringComparison.Ordinal));
    }

    [FsCheck.Xunit.Property]
    public void Any_bytes_have_a_kind(byte[] bytes) => Enum.IsDefined(PayloadRecogniser.OfLogText(bytes).Kind).ShouldBeTrue();
}
