using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Postern.Capture.Notices;
using static Postern.Tests.Capture.Notices.NoticeSupport;

namespace Postern.Tests.Capture.Notices;

/// <summary>A client that greets by any text whatever does not make its mail a notice of the server's own.</summary>
public class ForgedNoticeTests
{
    private const string Separator = "From double-bounce@mx.example.org  Wed Nov 25 01:23:12 2026\n";

    // Blanks and line ends of Unicode, controls, marks of direction, and letters that look like ASCII's.
    private static readonly string[] s_odd =
    [
        "\u0085", "\u00A0", "\u1680", "\u180E", "\u2000", "\u2003", "\u200A", "\u200B", "\u200E", "\u2028", "\u2029", "\u202E", "\u202F", "\u205F", "\u2060",
        "\u3000", "\uFEFF", "\u00AD", "\u000B", "\u000C", "\u001C", "\u001F", "\u007F", "\u0001", "\r", "\uFF08", "\uFF3B", "\uFF1B", "\u0456", "\u0455", "?", "_", "=",
    ];

    private static readonly string[] s_words =
    [
        "by", "from", "with", "LMTP", "LMTPA", "id", "mx.example.org", "(Postfix)", "ABCDEF1234;", "IMAP", "POP3", "[127.0.0.1]", "[unix", "socket]", "([unix", "(localhost",
        "localhost", "=?utf-8?Q?a=20by=20b=20with=20LMTP?=", "=?utf-8?B?YSBieSBiIHdpdGggTE1UUA==?=", "Wed,", "\u0432\u0443",
    ];

    public static TheoryData<string> Blanks => [.. s_odd];

    [Theory]
    [MemberData(nameof(Blanks))]
    public void No_blank_but_ASCIIs_parts_the_words_of_a_greeting(string blank)
    {
        foreach (var words in (string[])["a by b with LMTP", "by mx.example.org (Postfix) id ABCDEF1234;", "mx.example.org ([unix socket]) by mx.example.org with LMTP"])
        {
            Forge(words.Replace(" ", blank, StringComparison.Ordinal)).ShouldBe(new NoticeCounts(0, 1, 0, 0), words);
        }
    }

    [Property(MaxTest = 500)]
    public Property No_greeting_makes_a_senders_mail_a_notice() => Prop.ForAll(Greetings(), greeting =>
        Forge(greeting) is { Read: 0 } ? true : throw new InvalidOperationException($"believed: {greeting}"));

    [Property(MaxTest = 500)]
    public Property No_text_in_the_place_of_a_trace_makes_it_one_either() => Prop.ForAll(Greetings(), text =>
        ReceivedField.Read(Encoding.UTF8.GetBytes($" from {text} (unknown [203.0.113.1])\r\n\tby mx.example.org (Postfix) with ESMTP id 1"), "Postfix").Kind == ReceivedKind.Other);

    [Fact]
    public void A_pasted_transcript_is_of_the_client_of_its_subject_whatever_the_client_wrote()
    {
        // The indentation is lost, the client's line was wrapped, and what it is wide by vanishes when it is made plain.
        foreach (var filling in (string[])[new string('\u200B', 25), new string('\u00A0', 38), new string('\u2010', 25), new string('a', 72)])
        {
            var pasted = "Subject: Postfix SMTP server: errors from unknown[192.0.2.1]\n\nTranscript of session follows.\n\nOut: 220 mx.example.org ESMTP\n"
                + $"In:  x{filling}\nPostfix SMTP server: errors from unknown[198.51.100.2]\nOut: 500 5.5.2 Error: command not recognized\n";
            Read(pasted).Notices.Select(notice => notice.Client.ToString()).ShouldBe(["192.0.2.1"], filling);
        }
    }

    private static NoticeCounts Forge(string greeting) =>
        Read(Separator + $"Received: from {greeting} (unknown [203.0.113.1])\n\tby mx.example.org (Postfix) with ESMTP id 5A5A5A5A5A\n"
            + "\tfor <postmaster@example.org>; Wed, 25 Nov 2026 01:23:12 +0000 (UTC)\n" + Made + Rest + Subject + "\n" + Body).Counts;

    // As Postfix logs a HELO name: without ASCII's blanks and line feeds, and with nothing else missing.
    private static Arbitrary<string> Greetings() =>
        Gen.Elements([.. s_words, .. s_odd, .. s_odd]).ListOf()
            .Select(parts => string.Concat(parts).Replace(' ', '?').Replace('\n', '?').Replace('\t', '?'))
            .Where(text => text.Length is > 0 and < 400)
            .ToArbitrary();
}
