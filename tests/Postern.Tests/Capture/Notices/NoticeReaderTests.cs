using System.Text;
using FsCheck.Xunit;
using Postern.Capture.Inputs;
using Postern.Capture.Notices;
using Postern.Facts;
using static Postern.Tests.Capture.Notices.NoticeSupport;

namespace Postern.Tests.Capture.Notices;

public class NoticeReaderTests
{
    private const string Separator = "From double-bounce@mx.example.org  Wed Nov 25 01:23:12 2026\n";

    private static readonly byte[] s_mailbox = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Cases", "Notices", "postfix-3.7.mbox"));

    [Fact]
    public void A_real_mailbox_gives_its_notices_and_skips_a_forged_one_and_other_mail()
    {
        var (notices, counts) = Read(s_mailbox);
        counts.ShouldBe(new NoticeCounts(6, 1, 0, 1));
        notices.Select(n => n.Client.ToString()).ShouldBe(["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.1", "192.0.2.1", "192.0.2.1"]);
        notices.Select(n => n.Ending).ShouldBe([SessionEnd.LostConnection, SessionEnd.Closed, SessionEnd.Closed, SessionEnd.Timeout, SessionEnd.Closed, SessionEnd.Closed]);
        notices.ShouldAllBe(n => n.ServerName == "mx.example.org" && n.HostName == null && n.Time.IsKnown);
        Lines(notices[0]).ShouldBe([">220 mx.example.org ESMTP Postfix", "<.", ">500 5.5.2 Error: command not recognized", "<", ">500 5.5.2 Error: bad syntax"]);
    }

    [Fact]
    public void What_a_client_wrote_to_look_like_a_transcript_stays_its_own_words()
    {
        var lines = Lines(Read(s_mailbox).Notices[2]);
        lines.Where(l => l.StartsWith('<')).Select(l => l[..Math.Min(l.Length, 34)]).ShouldBe(
            ["<EHLO bot.example", "<FOO Out: 220 evil [9.9.9.9] word ", "<Session aborted, reason: timeout", "<Transcript of session follows.", "< Out: 250 x"]);
        lines.ShouldNotContain(l => l.StartsWith(">220 evil", StringComparison.Ordinal));
    }

    [Fact]
    public void Passwords_are_not_handed_on()
    {
        var lines = Lines(Read(s_mailbox).Notices[4]);
        lines.ShouldContain(l => l == "<AUTH PLAIN");
        lines.ShouldContain(l => l == "<AUTH LOGIN");
        lines.ShouldNotContain(l => l.Contains("AHVz", StringComparison.Ordinal) || l.Contains("dXNl", StringComparison.Ordinal));
    }

    [Fact]
    public void Answers_to_a_challenge_are_secrets_too()
    {
        var (notices, _) = Read("Transcript of session follows.\n\n Out: 220 mx.example.org\n In:  AUTH LOGIN\n Out: 334 VXNlcm5hbWU6\n In:  dXNlcg==\n"
            + " Out: 334 UGFzc3dvcmQ6\n In:  c2VjcmV0\n Out: 535 5.7.8 no\n In:  AUTH DIGEST-MD5X c2VjcmV0\n Out: 503 no\n In:  c2VjcmV0c2VjcmV0\n Out: 500 no\n In:  STARTTLS\n");
        Lines(notices.ShouldHaveSingleItem()).ShouldBe(
            [">220 mx.example.org", "<AUTH LOGIN", ">334", ">334", ">535 5.7.8 no", "<AUTH", ">503 no", ">500 no", "<STARTTLS"]);
    }

    [Fact]
    public void A_single_message_tells_client_name_and_time()
    {
        var (notices, counts) = Read(Real);
        counts.ShouldBe(new NoticeCounts(1, 0, 0, 0));
        notices[0].Client.ToString().ShouldBe("198.51.100.7");
        notices[0].HostName.ShouldBe("abuser.example");
        notices[0].Time.ToDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 11, 25, 2, 23, 12, TimeSpan.FromHours(1)));
    }

    public static TheoryData<string, string, bool> Headers => new()
    {
        { "older Postfix", Made + Rest.Replace("Mail Delivery System <MAILER-DAEMON@mx.example.org>", "MAILER-DAEMON@mx.example.org (Mail Delivery System)", StringComparison.Ordinal) + Subject, true },
        { "into the mailbox by LMTP", "Received: from mx.example.org\n\tby mx.example.org with LMTP\n\tid abc; Wed, 25 Nov 2026 01:23:12 +0000\n" + Made + Rest + Subject, true },
        { "into the mailbox by Cyrus", "Received: from mx.example.org ([unix socket])\n\t by mx.example.org (Cyrus 3.6.1) with LMTPA;\n\t Wed, 25 Nov 2026 01:23:12 +0000\n" + Made + Rest + Subject, true },
        { "another host's name in LMTP", "Received: from other.example\n\tby mx.example.org with LMTP\n\tid abc; Wed, 25 Nov 2026 01:23:12 +0000\n" + Made + Rest + Subject, false },
        { "LMTP over TCP, where anybody connects", "Received: from mx.example.org ([127.0.0.1])\n\tby mx.example.org with LMTP\n\tid abc; Wed, 25 Nov 2026 01:23:12 +0000\n" + Made + Rest + Subject, false },
        { "over the loopback, as any local user or tunnel can", "Received: from localhost (localhost [127.0.0.1])\n\tby mx.example.org (Postfix) with ESMTP id 1; Wed, 25 Nov 2026 01:23:12 +0000\n" + Made + Rest + Subject, false },
        { "fetched from another host", "Received: from pop.example.org [203.0.113.1]\n\tby mx.example.org with POP3 (fetchmail-6.4.37)\n\tfor <root@localhost> (single-drop); Wed, 25 Nov 2026 01:23:12 +0000\n" + Made + Rest + Subject, false },
        { "folded subject", Made + Rest + Subject.Replace("from abuser", "from\n abuser", StringComparison.Ordinal), true },
        { "encoded subject", Made + Rest + "Subject: =?utf-8?Q?Postfix_SMTP_server=3A_errors_from_knocker=2Eexample=5B198=2E51=2E100=2E7=5D?=\n", true },
        { "port in the subject", Made + Rest + Subject.Replace("]", "]:4711", StringComparison.Ordinal), true },
        { "another mail_name", Made.Replace("(Postfix)", "(Mail X)", StringComparison.Ordinal) + Rest + Subject.Replace("Postfix", "Mail X", StringComparison.Ordinal), true },
        { "from a stranger", "Received: from mx.example.org (unknown [203.0.113.1])\n\tby mx.example.org (Postfix) with ESMTP id 1\n\tfor <postmaster@example.org>; Wed, 25 Nov 2026 01:23:12 +0000\n" + Made + Rest + Subject, false },
        { "from a stranger that greets as localhost", "Received: from localhost?[127.0.0.1] (unknown [203.0.113.1])\n\tby mx.example.org (Postfix) with ESMTP id 1; Wed, 25 Nov 2026 01:23:12 +0000\n" + Made + Rest + Subject, false },
        { "stranger's field below", Made + "Received: from a (a [203.0.113.1]) by b (Postfix) with SMTP id 2; Wed, 25 Nov 2026 01:23:12 +0000\n" + Rest + Subject, false },
        { "from a local user", Made.Replace("(Postfix)", "(Postfix, from userid 1000)", StringComparison.Ordinal) + Rest + Subject, false },
        { "from somebody", Made + Rest.Replace("MAILER-DAEMON", "bob", StringComparison.Ordinal) + Subject, false },
        { "no Received at all", "Message-Id: <1@example.org>\n" + Rest + Subject, false },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_notice_counts_where_the_server_itself_made_it(string what, string header, bool counts)
    {
        var expected = counts ? new NoticeCounts(1, 0, 0, 0) : new NoticeCounts(0, 1, 0, 0);
        Read(header + "\n" + Body).Counts.ShouldBe(expected, what);
        Read(Separator + header + "\n" + Body).Counts.ShouldBe(expected, what);
        Read((Separator + header + "\n" + Body).ReplaceLineEndings("\r\n")).Counts.ShouldBe(expected, what);
    }

    [Theory]
    [InlineData("base64")]
    [InlineData("quoted-printable")]
    public void Encoded_bodies_are_decoded(string encoding)
    {
        var body = string.Equals(encoding, "base64", StringComparison.Ordinal)
            ? Convert.ToBase64String(Encoding.ASCII.GetBytes(Body), Base64FormattingOptions.InsertLineBreaks)
            : Body.Replace(" Out", "=20Out", StringComparison.Ordinal).Replace(" command", " com=\nmand", StringComparison.Ordinal);
        var (notices, _) = Read(Made + Rest + Subject + $"MIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: {encoding}\n\n{body}");
        Lines(notices.ShouldHaveSingleItem()).ShouldBe([">220 mx.example.org ESMTP Postfix", "<.", ">502 5.5.2 Error: command not recognized", "<", ">500 5.5.2 Error: bad syntax"]);
    }

    private const string Colleague = "Received: from a.example (a.example [203.0.113.5]) by mx.example.org (Postfix) with ESMTP id 1; Wed, 25 Nov 2026 01:23:12 +0000\n"
        + "From: Colleague <c@a.example>\nSubject: Fwd: look\nMIME-Version: 1.0\n";

    [Fact]
    public void A_notice_that_a_chosen_message_forwards_counts_attached_or_quoted()
    {
        var attached = Colleague + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee below\n--b\nContent-Type: message/rfc822\n\n" + Real + "\n--b--\n";
        Read(attached).Notices.ShouldHaveSingleItem().Client.ToString().ShouldBe("198.51.100.7");

        var quoted = Colleague + "Content-Type: text/plain\n\nlook:\n\n" + string.Concat((Subject + "\n" + Body).Split('\n').Select(l => "> " + l + "\n"));
        var notice = Read(quoted).Notices.ShouldHaveSingleItem();
        notice.Client.ToString().ShouldBe("198.51.100.7");
        notice.Dialogue.Count.ShouldBe(5);

        // In a mailbox anybody can have put them.
        Read(Separator + attached + "\n" + Separator + quoted).Counts.ShouldBe(new NoticeCounts(0, 0, 0, 2));
    }

    [Fact]
    public void Bad_separators_quoted_ones_and_endless_lines_do_not_hide_a_notice()
    {
        var other = "From: a@b.example\nSubject: x\n\nhello\n\nFrom here on it is prose.\n>From quoted Wed Nov 25 01:23:12 2026\n" + new string('x', 3_000_000) + "\n";
        Read(Separator + other + Separator + Real + "\nFrom nobody\n" + Real + "\n" + Separator + other + "\n" + Separator + Real)
            .Counts.ShouldBe(new NoticeCounts(3, 0, 0, 2));
    }

    [Fact]
    public void A_maildir_gives_new_and_read_messages_and_counts_what_it_cannot_open()
    {
        var folder = Directory.CreateTempSubdirectory("postern-maildir");
        try
        {
            foreach (var name in new[] { "cur", "new" })
            {
                File.WriteAllText(Path.Combine(folder.CreateSubdirectory(name).FullName, "1.x:2,S"), Real);
            }

            File.WriteAllText(Path.Combine(folder.FullName, "new", "2.x"), "From: a@b.example\n\nhello\n");
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "new", "3.x"), "/nowhere");
            InputOpener.TryOpen(folder.FullName, null, out var input, out _).ShouldBeTrue();
            Read(input!).Counts.ShouldBe(new NoticeCounts(2, 0, 1, 1));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_dialogue_is_bounded()
    {
        var (notices, _) = Read(" Out: 220 mx.example.org\n" + string.Concat(Enumerable.Repeat(" In:  " + new string('a', 3000) + "\n Out: 500 no\n", 100)));
        notices.ShouldHaveSingleItem().Dialogue.Count.ShouldBe(64);
        notices[0].Dialogue.Max(l => l.Text.Length).ShouldBe(512);
    }

    [Property(MaxTest = 300)]
    public void No_damage_to_a_mailbox_is_an_exception(int at, byte[] bytes, int cut)
    {
        var mailbox = s_mailbox.AsSpan().ToArray();
        foreach (var b in bytes ?? [])
        {
            at = (int)((uint)(at * 31 + b) % mailbox.Length);
            mailbox[at] = b;
        }

        using var stream = new MemoryStream(mailbox[..(int)((uint)cut % mailbox.Length)]);
        using var input = new OpenedInput("-", InputKind.Mbox, stream, null, null, ownsRaw: false);
        Read(input).Counts.Read.ShouldBeLessThanOrEqualTo(8);
        stream.Position = 0;
        using var single = new OpenedInput("-", InputKind.Message, stream, null, null, ownsRaw: false);
        Read(single).Counts.Read.ShouldBeLessThanOrEqualTo(8);
    }
}
