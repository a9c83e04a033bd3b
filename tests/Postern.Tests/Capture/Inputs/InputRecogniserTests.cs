using System.Text;
using FsCheck.Xunit;
using Postern.Capture.Inputs;

namespace Postern.Tests.Capture.Inputs;

public class InputRecogniserTests
{
    [Theory]
    [InlineData("Nov 25 01:02:03 mx postfix/smtpd[12]: connect from unknown[192.0.2.1]")]
    [InlineData("Nov  5 01:02:03 mx postfix/smtpd[12]: connect from unknown[192.0.2.1]")]
    [InlineData("Nov 5 01:02:03 mx postfix/smtpd[12]: connect from unknown[192.0.2.1]")]
    [InlineData("<22>Nov 25 01:02:03 mx postfix/smtpd[12]: connect")]
    [InlineData("2026-11-25T01:02:03.123456+00:00 mx postfix/smtpd[1]: connect")]
    [InlineData("2026-11-25T01:02:03+0000 mx postfix/smtpd[1]: connect")]
    [InlineData("<22>1 2026-11-25T01:02:03Z mx postfix/smtpd 1 - - connect")]
    [InlineData("Nov 25 01:02:03.123456 mx postfix/smtpd[1]: connect")]
    [InlineData("Wed 2026-11-25 01:02:03 UTC mx postfix/smtpd[1]: connect")]
    [InlineData("-- Logs begin at Mon 2026-11-02 --\nNov 25 01:02:03 mx postfix/smtpd[12]: connect")]
    [InlineData("fix/smtpd[12]: disconnect from unknown[192.0.2.1]\nNov 25 01:02:03 mx postfix/smtpd[12]: connect\nNov 25 01:02:03 mx postfix/smtpd[12]: connect")]
    [InlineData("Nov 25 01:02:03 mx postfix/smtpd[12]: warning: non-SMTP command from unknown[192.0.2.1]: Transcript of session follows. Out: 220")]
    public void A_log_is_known_by_its_stamps(string text) => Recognise(text).ShouldBe(InputKind.Log);

    [Theory]
    [InlineData("{\"__REALTIME_TIMESTAMP\":\"1\",\"MESSAGE\":\"connect\"}\n", "JournalJson")]
    [InlineData("From double-bounce@mx.example.org  Wed Nov 25 01:23:12 2026\nReturn-Path: <>\n", "Mbox")]
    [InlineData("From - Wed Nov 25 01:23:12 2026\r\nReceived: by x\r\n", "Mbox")]
    [InlineData("Return-Path: <>\r\nReceived: by mx\r\n\tid 1\r\nSubject: x\r\n\r\nbody", "Message")]
    [InlineData("Transcript of session follows.\n\n Out: 220 x\n", "Transcript")]
    [InlineData("Subject: Postfix SMTP server: errors from a.example[192.0.2.1]\n\nTranscript of session follows.\n", "Transcript")]
    [InlineData("> > Out: 220 mx ESMTP\n> > In: .\n", "Transcript")]
    [InlineData("From the decider of Bob, at ten.\n", "Unknown")]
    [InlineData("hello\n", "Unknown")]
    [InlineData("", "Empty")]
    public void Each_kind_is_known_by_its_content(string text, string kind) => Recognise(text).ToString().ShouldBe(kind);

    [Fact]
    public void A_picture_is_named() =>
        KnownContent.Describe([0xFF, 0xD8, 0xFF, 0xE0, 0, 16]).ShouldBe("a JPEG picture");

    [Property]
    public void Any_bytes_have_a_kind(byte[] bytes) =>
        Enum.IsDefined(InputRecogniser.Recognise(bytes ?? [])).ShouldBeTrue();

    private static InputKind Recognise(string text) => InputRecogniser.Recognise(Encoding.UTF8.GetBytes(text));
}
