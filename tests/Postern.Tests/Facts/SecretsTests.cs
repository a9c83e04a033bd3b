using System.Text;
using FsCheck.Xunit;
using Postern.Facts;

namespace Postern.Tests.Facts;

/// <summary>Nothing that may be a password is kept of what clients write.</summary>
public class SecretsTests
{
    [Theory]
    [InlineData("PASS hunter2", "PASS ***")]
    [InlineData("pass  hunter2 and more", "pass  ***")]
    [InlineData("USER bob", "USER bob")]
    [InlineData("USER bob hunter2", "USER bob ***")]
    [InlineData(@"USER bob\r\nPASS hunter2\r\n", @"USER bob\r\nPASS ***\r\n")]
    [InlineData(@"USER bob\015\012PASS hunter2\015\012", @"USER bob\015\012PASS ***\015\012")]
    [InlineData("USER bob#015#012PASS hunter2", "USER bob#015#012PASS ***")]
    [InlineData("a1 LOGIN bob hunter2", "a1 LOGIN ***")]
    [InlineData("LOGIN bob hunter2", "LOGIN ***")]
    [InlineData("a1 AUTHENTICATE PLAIN AGJvYgBodW50ZXIy", "a1 AUTHENTICATE PLAIN ***")]
    [InlineData("AUTH PLAIN AGJvYgBodW50ZXIy", "AUTH PLAIN ***")]
    [InlineData("AUTH LOGIN", "AUTH LOGIN")]
    [InlineData("AUTH hunter2", "AUTH ***")]
    [InlineData("Authorization: Basic Ym9iOmh1bnRlcjI=", "Authorization: ***")]
    [InlineData("proxy-authorization: Bearer hunter2", "proxy-authorization: ***")]
    [InlineData(@"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic Ym9iOmh1bnRlcjI=\r\nAccept: */*", @"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: ***\r\nAccept: */*")]
    [InlineData("SSH-2.0-OpenSSH_9.2", "SSH-2.0-OpenSSH_9.2")]
    [InlineData(".", ".")]
    [InlineData("", "")]
    public void A_clients_words_lose_their_secrets(string text, string kept)
    {
        Removed(text).ShouldBe(kept);
        Removed(kept).ShouldBe(kept);
    }

    [Theory]
    [InlineData("mx postfix/smtpd[1]: warning: non-SMTP command from unknown[192.0.2.1]: Authorization: Basic Ym9iOmh1bnRlcjI=", "mx postfix/smtpd[1]: warning: non-SMTP command from unknown[192.0.2.1]: Authorization: ***")]
    [InlineData(@"mx postfix/smtpd[1]: improper command pipelining after CONNECT from unknown[192.0.2.1]: USER bob\r\nPASS hunter2\r\n", @"mx postfix/smtpd[1]: improper command pipelining after CONNECT from unknown[192.0.2.1]: USER bob\r\nPASS ***\r\n")]
    [InlineData("mx postfix/smtpd[1]: improper command pipelining after AUTH from unknown[192.0.2.1]: Ym9i", "mx postfix/smtpd[1]: improper command pipelining after AUTH from unknown[192.0.2.1]: ***")]
    [InlineData("mx postfix/postscreen[1]: PREGREET 14 after 0.1 from [192.0.2.1]:40000: PASS hunter2", "mx postfix/postscreen[1]: PREGREET 14 after 0.1 from [192.0.2.1]:40000: PASS ***")]
    [InlineData("mx postfix/postscreen[1]: PASS NEW [192.0.2.1]:40000", "mx postfix/postscreen[1]: PASS NEW [192.0.2.1]:40000")]
    [InlineData("mx postfix/smtpd[1]: warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: UGFzc3dvcmQ6", "mx postfix/smtpd[1]: warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: UGFzc3dvcmQ6")]
    [InlineData("mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.1.1 <x@y.example>: User unknown in local recipient table; from=<>", "mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.1.1 <x@y.example>: User unknown in local recipient table; from=<>")]
    public void A_line_of_a_log_loses_what_the_client_wrote_and_nothing_else(string line, string kept) =>
        Encoding.UTF8.GetString(Secrets.RemoveFromLine(Encoding.UTF8.GetBytes(line)).Span).ShouldBe(kept);

    [Property(MaxTest = 500)]
    public bool Whatever_stands_around_it_no_password_is_left(byte[] before, byte[] after) =>
        !Removed(Encoding.Latin1.GetString(before ?? []) + "\r\nPASS hunter2 " + Encoding.Latin1.GetString(after ?? []).Replace("hunter2", "", StringComparison.Ordinal)).Contains("hunter2", StringComparison.Ordinal);

    private static string Removed(string text) => Encoding.UTF8.GetString(Secrets.Remove(Encoding.UTF8.GetBytes(text)).Span);
}
