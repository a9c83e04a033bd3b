using System.Buffers;

namespace Postern.Fail2Ban.Lint;

/// <summary>What a client can write at a place of a daemon's line.</summary>
internal enum ClientText : byte
{
    /// <summary>Any printable ASCII but the quotation mark and the backslash, which most daemons escape.</summary>
    Any,
    /// <summary>The same, with a question mark for each blank, as Postfix logs a HELO name.</summary>
    Helo,
    /// <summary>The same without blanks, as in a request's path.</summary>
    Path,
    /// <summary>Any, of which the daemon logs a hundred characters.</summary>
    Hundred,
    /// <summary>Letters, digits and <c>._@-</c>.</summary>
    Name,
}

/// <summary>A line of a daemon, <c>{}</c> standing for what the client 192.0.2.1 writes.</summary>
internal sealed record DaemonLine(string Daemon, ClientText Kind, string Text)
{
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-");

    /// <summary>The line with this text in it; null where a client cannot write that there.</summary>
    public string? Write(string text)
    {
        foreach (var c in text)
        {
            if (c is < ' ' or > '~' or '"' or '\\')
            {
                return null;
            }
        }

        switch (Kind)
        {
            case ClientText.Helo:
                text = text.Replace(' ', '?');
                break;
            case ClientText.Path when text.Contains(' ', StringComparison.Ordinal):
            case ClientText.Name when text.AsSpan().IndexOfAnyExcept(s_nameCharacters) >= 0:
            case ClientText.Hundred when text.Length > 98:
                return null;
        }

        return Text.Replace("{}", text, StringComparison.Ordinal);
    }
}

/// <summary>
/// Lines of well-known daemons with a client's words in them, as their sources write them: Postfix 3.7 (smtpd/smtpd.c,
/// smtpd_check.c, smtpd_sasl_glue.c, cleanup/cleanup_message.c, postscreen/postscreen_early.c), Dovecot 2.3
/// (login-common/client-common.c), OpenSSH 9 (auth.c, packet.c), and the logs of web and file servers.
/// </summary>
internal static class DaemonLines
{
    // Daemon, kind of text, line.
    private const string Table = """
        postfix|Any|Nov 25 01:00:00 mx postfix/smtpd[100]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 454 4.7.1 <user@example.net>: Relay access denied; from=<"{}"@example.com> to=<user@example.net> proto=ESMTP helo=<mx.example.com>
        postfix|Any|Nov 25 01:00:00 mx postfix/smtpd[100]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 450 4.1.8 <"{}"@example.com>: Sender address rejected: Domain not found; from=<"{}"@example.com> to=<user@example.net> proto=ESMTP helo=<mx.example.com>
        postfix|Any|Nov 25 01:00:00 mx postfix/smtpd[100]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.1.1 <"{}"@example.net>: Recipient address rejected: User unknown in local recipient table; from=<a@example.com> to=<"{}"@example.net> proto=ESMTP helo=<mx.example.com>
        postfix|Any|Nov 25 01:00:00 mx postfix/smtpd[100]: 4F1A2B3C4D: client=unknown[192.0.2.1], sasl_method=LOGIN, sasl_username={}
        postfix|Any|Nov 25 01:00:00 mx postfix/smtpd[100]: warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: authentication failure, sasl_username={}
        postfix|Any|Nov 25 01:00:00 mx postfix/smtpd[100]: warning: Illegal address syntax from unknown[192.0.2.1] in MAIL command: <{}>
        postfix|Hundred|Nov 25 01:00:00 mx postfix/smtpd[100]: warning: non-SMTP command from unknown[192.0.2.1]: . {}
        postfix|Hundred|Nov 25 01:00:00 mx postfix/smtpd[100]: improper command pipelining after CONNECT from unknown[192.0.2.1]: {}
        postfix|Helo|Nov 25 01:00:00 mx postfix/smtpd[100]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 454 4.7.1 <user@example.net>: Relay access denied; from=<a@example.com> to=<user@example.net> proto=ESMTP helo=<{}>
        postfix|Any|Nov 25 01:00:00 mx postfix/cleanup[100]: 4F1A2B3C4D: reject: header Subject: {} from unknown[192.0.2.1]; from=<a@example.com> to=<user@example.net> proto=ESMTP helo=<mx.example.com>: 5.7.1 no such subjects
        postfix|Any|Nov 25 01:00:00 mx postfix/cleanup[100]: 4F1A2B3C4D: reject: body {} from unknown[192.0.2.1]; from=<a@example.com> to=<user@example.net> proto=ESMTP helo=<mx.example.com>: 5.7.1 no such texts
        postfix|Any|Nov 25 01:00:00 mx postfix/postscreen[100]: NOQUEUE: reject: RCPT from [192.0.2.1]:40000: 550 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.example.org; from=<"{}"@example.com>, to=<user@example.net>, proto=ESMTP, helo=<mx.example.com>
        postfix|Hundred|Nov 25 01:00:00 mx postfix/postscreen[100]: PREGREET 60 after 0.1 from [192.0.2.1]:40000: {}\r\n
        postfix|Hundred|Nov 25 01:00:00 mx postfix/postscreen[100]: NON-SMTP COMMAND from [192.0.2.1]:40000 after CONNECT: . {}
        dovecot|Any|Nov 25 01:00:00 mx dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<{}>, method=PLAIN, rip=192.0.2.1, lip=198.51.100.2, TLS, session=<Zabcdefghijklm>
        dovecot|Any|Nov 25 01:00:00 mx dovecot: imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<{}>, method=PLAIN, rip=192.0.2.1, lip=198.51.100.2
        dovecot|Any|Nov 25 01:00:00 mx dovecot: auth: Info: login(?,192.0.2.1,<Zabcdefghijklm>): Username character disallowed by auth_username_chars: 0x20 (username: {})
        dovecot|Any|Nov 25 01:00:00 mx dovecot: auth: passwd-file({},192.0.2.1): unknown user
        dovecot|Any|Nov 25 01:00:00 mx dovecot: auth-worker(100): Info: sql({},192.0.2.1,<Zabcdefghijklm>): unknown user
        dovecot|Name|Nov 25 01:00:00 mx dovecot: auth-worker(100): Info: sql({},192.0.2.1,<Zabcdefghijklm>): unknown user
        dovecot|Name|Nov 25 01:00:00 mx dovecot: auth: pam({},192.0.2.1): pam_authenticate() failed: Authentication failure (password mismatch?)
        sshd|Any|Nov 25 01:00:00 mx sshd[100]: Invalid user {} from 192.0.2.1 port 40000
        sshd|Any|Nov 25 01:00:00 mx sshd[100]: Failed password for invalid user {} from 192.0.2.1 port 40000 ssh2
        sshd|Any|Nov 25 01:00:00 mx sshd[100]: Failed none for invalid user {} from 192.0.2.1 port 40000 ssh2
        sshd|Any|Nov 25 01:00:00 mx sshd[100]: Connection closed by invalid user {} 192.0.2.1 port 40000 [preauth]
        sshd|Any|Nov 25 01:00:00 mx sshd[100]: Disconnected from invalid user {} 192.0.2.1 port 40000 [preauth]
        sshd|Any|Nov 25 01:00:00 mx sshd[100]: Received disconnect from 192.0.2.1 port 40000:11: {} [preauth]
        sshd|Any|Nov 25 01:00:00 mx sshd[100]: error: Received disconnect from 192.0.2.1 port 40000:14: {} [preauth]
        sshd|Any|Nov 25 01:00:00 mx sshd[100]: Bad protocol version identification '{}' from 192.0.2.1 port 40000
        sshd|Any|Nov 25 01:00:00 mx sshd[100]: error: kex_exchange_identification: client sent invalid protocol identifier "{}"
        exim|Helo|2026-11-25 01:00:00 H=({}) [192.0.2.1] F=<a@example.com> rejected RCPT <user@example.net>: relay not permitted
        exim|Any|2026-11-25 01:00:00 H=(mx.example.com) [192.0.2.1] F=<"{}"@example.com> rejected RCPT <"{}"@example.net>: Unrouteable address
        exim|Any|2026-11-25 01:00:00 login authenticator failed for (mx.example.com) [192.0.2.1]: 535 Incorrect authentication data (set_id={})
        apache|Path|192.0.2.1 - - [25/Nov/2026:01:00:00 +0000] "GET /{} HTTP/1.1" 404 196 "-" "-"
        apache|Any|192.0.2.1 - - [25/Nov/2026:01:00:00 +0000] "GET / HTTP/1.1" 404 196 "-" "{}"
        apache|Any|192.0.2.1 - - [25/Nov/2026:01:00:00 +0000] "GET / HTTP/1.1" 404 196 "{}" "-"
        apache|Any|192.0.2.1 - {} [25/Nov/2026:01:00:00 +0000] "GET / HTTP/1.1" 401 196 "-" "-"
        apache|Any|[Wed Nov 25 01:00:00.000000 2026] [auth_basic:error] [pid 100] [client 192.0.2.1:40000] AH01618: user {} not found: /
        apache|Any|[Wed Nov 25 01:00:00.000000 2026] [core:info] [pid 100] [client 192.0.2.1:40000] AH00128: File does not exist: /var/www/html/{}
        nginx|Path|192.0.2.1 - - [25/Nov/2026:01:00:00 +0000] "GET /{} HTTP/1.1" 404 196 "-" "-"
        nginx|Any|192.0.2.1 - - [25/Nov/2026:01:00:00 +0000] "GET / HTTP/1.1" 404 196 "-" "{}"
        nginx|Any|2026/11/25 01:00:00 [error] 100#100: *1 user "{}" was not found in "/etc/nginx/.htpasswd", client: 192.0.2.1, server: www.example.com, request: "GET / HTTP/1.1", host: "www.example.com"
        nginx|Any|2026/11/25 01:00:00 [error] 100#100: *1 open() "/var/www/{}" failed (2: No such file or directory), client: 192.0.2.1, server: www.example.com, request: "GET / HTTP/1.1", host: "www.example.com"
        vsftpd|Any|Wed Nov 25 01:00:00 2026 [pid 100] [{}] FAIL LOGIN: Client "192.0.2.1"
        proftpd|Any|Nov 25 01:00:00 mx proftpd[100]: mx (unknown[192.0.2.1]) - USER {}: no such user found from unknown [192.0.2.1] to 198.51.100.2:21
        pure-ftpd|Any|Nov 25 01:00:00 mx pure-ftpd: (?@192.0.2.1) [WARNING] Authentication failed for user [{}]
        pam_unix|Any|Nov 25 01:00:00 mx login: pam_unix(login:auth): authentication failure; logname= uid=0 euid=0 tty=tty1 ruser={} rhost=192.0.2.1  user=root
        pam_unix|Any|Nov 25 01:00:00 mx sshd[100]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user={}
        """;

    // Shorter words of an expression may stand in any daemon's lines.
    private const int ShortestQuote = 10;

    private static readonly DaemonLine[] s_lines = [.. Table.Split('\n').Select(Read)];

    /// <summary>The lines of the daemons that a filter is for, by its name, its expressions, or long texts in them.</summary>
    public static IEnumerable<DaemonLine> Of(LintSubject subject)
    {
        foreach (var daemon in s_lines.GroupBy(line => line.Daemon, StringComparer.Ordinal))
        {
            if (subject.Names(daemon.Key) || subject.Quotes(string.Join('\n', daemon.Select(line => line.Text)), ShortestQuote))
            {
                foreach (var line in daemon)
                {
                    yield return line;
                }
            }
        }
    }

    private static DaemonLine Read(string line)
    {
        var fields = line.Split('|', 3);
        return new DaemonLine(fields[0], Enum.Parse<ClientText>(fields[1]), fields[2].TrimEnd('\r'));
    }
}
