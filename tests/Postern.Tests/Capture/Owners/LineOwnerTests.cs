using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Postern.Capture.Owners;
using Postern.Facts;

namespace Postern.Tests.Capture.Owners;

/// <summary>A line is its own client's, whatever that one wrote into it.</summary>
public class LineOwnerTests
{
    private const string Own = "192.0.2.1", Other = "198.51.100.2";

    // {} stands for what a client writes, * for its address.
    private static readonly string[] s_lines =
    [
        "postfix/smtpd[1]: connect from unknown[*]",
        "postfix/smtpd[1]: disconnect from mail.example.com[*]:40000 ehlo=1 quit=1 commands=2",
        "postfix/submission/smtpd[1]: lost connection after DATA (20 bytes) from unknown[*]",
        "postfix/smtpd[1]: NOQUEUE: lost connection after AUTH from unknown[*]",
        "postfix/smtpd[1]: 4F1A2B3C4D: client=unknown[*], sasl_method=LOGIN, sasl_username={}",
        "postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[*]: 454 4.7.1 <{}>: Relay access denied; from=<{}> to=<{}> proto=ESMTP helo=<{}>",
        "postfix/smtpd[1]: NOQUEUE: reject_warning: RCPT from unknown[*]: 454 4.7.1 <{}>: Relay access denied; from=<{}> to=<{}> proto=ESMTP helo=<{}>",
        "postfix/smtpd[1]: 4F1A2B3C4D: milter-reject: END-OF-MESSAGE from unknown[*]: 5.7.1 {}; from=<{}> to=<{}> proto=ESMTP helo=<{}>",
        "postfix/smtpd[1]: warning: unknown[*]: SASL LOGIN authentication failed: {}, sasl_username={}",
        "postfix/smtpd[1]: warning: unknown[*]: SASL {} authentication failed: no mechanism available",
        "postfix/smtpd[1]: warning: non-SMTP command from unknown[*]: {}",
        "postfix/smtpd[1]: warning: Illegal address syntax from unknown[*] in MAIL command: <{}>",
        "postfix/smtpd[1]: warning: hostname mail.example.com does not resolve to address *: Name or service not known",
        "postfix/smtpd[1]: warning: Connection rate limit exceeded: 31 from unknown[*] for service smtp",
        "postfix/smtpd[1]: improper command pipelining after EHLO from unknown[*]: {}",
        "postfix/smtpd[1]: SSL_accept error from unknown[*]: -1",
        "postfix/smtpd[1]: Anonymous TLS connection established from unknown[*]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
        "postfix/postscreen[1]: NOQUEUE: reject: RCPT from [*]:40000: 550 5.7.1 Service unavailable; client [*] blocked using zen.example.org; from=<{}>, to=<{}>, proto=ESMTP, helo=<{}>",
        "postfix/postscreen[1]: PREGREET 60 after 0.1 from [*]:40000: {}",
        "postfix/postscreen[1]: NON-SMTP COMMAND from [*]:40000 after CONNECT: {}",
        "postfix/anvil[1]: statistics: max connection rate 31/60s for (smtp:*) at Nov 25 01:00:00",
        "postfix/dnsblog[1]: addr * listed by domain zen.example.org as 127.0.0.2",
        "postfix/cleanup[1]: 4F1A2B3C4D: reject: header Subject: {} from unknown[*]; from=<{}> to=<{}> proto=ESMTP helo=<{}>: 5.7.1 {}",
        "postfix/cleanup[1]: 4F1A2B3C4D: warning: header Subject: {} from unknown[*]; from=<{}> to=<{}> proto=ESMTP helo=<{}>",
        "postfix/cleanup[1]: 4F1A2B3C4D: message-id=<{}>",
        "postfix/qmgr[1]: 4F1A2B3C4D: from=<{}>, size=2, nrcpt=1 (queue active)",
        "dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<{}>, method=PLAIN, rip=*, lip=203.0.113.5, TLS, session=<Zabcdefghijklm>",
        "dovecot: auth: Info: login(?,*,<Zabcdefghijklm>): Username character disallowed by auth_username_chars: 0x20 (username: {})",
        "sshd[1]: Received disconnect from * port 40000:11: {} [preauth]",
        "sshd[1]: error: Received disconnect from * port 40000:14: {} [preauth]",
        "sshd[1]: Disconnected from * port 40000",
        "sshd[1]: Invalid user {} from * port 40000",
        "sshd[1]: Failed password for invalid user {} from * port 40000 ssh2",
        "sshd-session[1]: Failed publickey for {} from * port 40000 ssh2: RSA SHA256:abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq",
        "sshd[1]: Connection closed by invalid user {} * port 40000 [preauth]",
        "sshd[1]: Disconnecting authenticating user {} * port 40000: Too many authentication failures [preauth]",
        "sshd[1]: Bad protocol version identification '{}' from * port 40000",
        "sshd[1]: error: maximum authentication attempts exceeded for {} from * port 40000 ssh2 [preauth]",
        "sshd[1]: error: PAM: Authentication failure for {} from *",
        "sshd[1]: User root from * not allowed because not listed in AllowUsers",
        "sshd[1]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=*  user={}",
        "sshd[1]: Unable to negotiate with * port 40000: no matching host key type found. Their offer: {} [preauth]",
    ];

    // In these the client's words may not be told from the program's: they are nobody's where it names somebody.
    private static readonly string[] s_doubtful =
    [
        "postfix/smtpd[1]: warning: Unable to look up MX host {} for Sender address {}: Host not found",
        "postfix/smtpd[1]: proxy-reject: END-OF-MESSAGE: 550 5.7.1 {}; from=<{}>",
        "postfix/cleanup[1]: 9999999999: reject: header Subject: {} from unknown[*]; from=<{}> to=<{}> proto=ESMTP helo=<{}>: 5.7.1 {}",
        "postfix/cleanup[1]: warning: {}",
        "dovecot: auth: passwd-file({},*): unknown user",
        "dovecot: auth-worker(100): Info: sql({},*,<Zabcdefghijklm>): unknown user",
        "dovecot: pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser={} rhost=*  user={}",
        "sshd[1]: error: kex_exchange_identification: client sent invalid protocol identifier \"{}\"",
        "sshd[1]: input_userauth_request: invalid user {} [preauth]",
        "sshd[1]: Disconnecting invalid user {} * port 40000: Change of username or service not allowed: ({},ssh-connection) -> ({},ssh-connection) [preauth]",
    ];

    private static readonly string[] s_parts =
    [
        $"[{Other}]", $"x[{Other}]:", $" from {Other}", $" from {Other}: ", $" from {Other} port 22", $" from {Other} port 22 ssh2", $"{Other} port 22 [preauth]", $",{Other}): unknown user",
        $",{Other},<Zabcdefghijklm>): unknown user", $", rip={Other},", $" rhost={Other} ", $"client={Other}", $": client=x[{Other}]", $"from x[{Other}]; from=<", "SASL LOGIN authentication failed: ",
        $" for (smtp:{Other})", $" from [{Other}]:25", "warning: ", "connect from ", "NOQUEUE: ", "reject: RCPT from ", "]", "[", ":", ";", ",", ")", "(", "<", ">", "\"", "'", " ", "  ", "x", "ssh2", "[preauth]",
        "port", $"\u00A0from\u00A0{Other}", $"\u3000{Other}", "\u2028", "\u0085", "\u202E", "\uFF3B198.51.100.2\uFF3D", "\u0001", "\t", "\u00E9", $"postfix/smtpd[1]: connect from x[{Other}]", $"sshd[1]: Invalid user x from {Other} port 1",
    ];

    public static TheoryData<string> Lines => [.. s_lines];

    [Theory]
    [MemberData(nameof(Lines))]
    public void An_honest_line_is_its_clients(string line)
    {
        foreach (var address in (string[])[Own, "2001:db8::1"])
        {
            foreach (var before in (string[])["Nov 25 01:00:00 mx ", "2026-11-25T01:00:00.000000+00:00 mx ", "mx ", "2026 Nov 25 01:00:00 10.0.0.1 mail.info "])
            {
                Owner(before + Written(line, address, "user@example.net"), address).ShouldBe(LineOwner.Of(Address(address)), before);
            }
        }
    }

    [Fact]
    public void A_line_without_a_place_for_a_client_is_nobodys_and_other_programs_lines_are_not_known()
    {
        foreach (var line in s_doubtful)
        {
            if (!line.Contains('*', StringComparison.Ordinal))
            {
                Owner("Nov 25 01:00:00 mx " + Written(line, Own, $"x from {Other} port 22"), Own).ShouldBe(LineOwner.Nobody, line);
            }
        }

        foreach (var line in (string[])["nginx: x[198.51.100.2]: y", "kernel: [1.2] IN=eth0 SRC=198.51.100.2", "no program at all", "postfix/policyd-spf[1]: Reject; client-ip=198.51.100.2"])
        {
            Owner("Nov 25 01:00:00 mx " + line, Own).Kind.ShouldBe(LineOwnerKind.NotKnown, line);
        }
    }

    [Theory]
    [InlineData("dovecot: auth: passwd-file(x,198.51.100.2): unknown user,192.0.2.1): unknown user")]
    [InlineData("dovecot: pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=x rhost=198.51.100.2 rhost=192.0.2.1  user=x")]
    public void Where_two_could_be_meant_it_is_nobody(string line) => Owner("Nov 25 01:00:00 mx " + line, Own).ShouldBe(LineOwner.Nobody);

    [Property(MaxTest = 3000)]
    public Property No_words_of_a_client_make_a_line_anothers() => Prop.ForAll(Attacks().ToArbitrary(), attack =>
        Owner(attack, Own) is var owner && (owner.Kind != LineOwnerKind.Certain || owner.Client == Address(Own))
            ? true : throw new InvalidOperationException($"{owner}: {attack}"));

    private static Gen<string> Attacks() =>
        from line in Gen.Elements([.. s_lines, .. s_doubtful])
        from words in Gen.Elements(s_parts).ListOf()
        select "Nov 25 01:00:00 mx " + Written(line, Own, string.Concat(words).Replace('\n', '?').Replace('\r', '?'));

    private static string Written(string line, string address, string words) =>
        line.Replace("*", address, StringComparison.Ordinal).Replace("{}", words, StringComparison.Ordinal);

    private static LineOwner Owner(string line, string client)
    {
        var owners = new LineOwners();
        owners.Note(Encoding.UTF8.GetBytes($"Nov 25 00:59:59 mx postfix/smtpd[1]: 4F1A2B3C4D: client=unknown[{client}]"));
        owners.Note(Encoding.UTF8.GetBytes(line));
        return owners.Of(Encoding.UTF8.GetBytes(line));
    }

    private static ClientAddress Address(string text) => ClientAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
}
