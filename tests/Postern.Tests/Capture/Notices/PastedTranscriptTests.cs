using System.Text;
using FsCheck.Xunit;
using Postern.Capture.Notices;
using Postern.Facts;

namespace Postern.Tests.Capture.Notices;

public class PastedTranscriptTests
{
    private const string Question = "Transcript of session follows.\n\n Out: 220 hostname.tld ESMTP Postfix\n In:  .\n"
        + " Out: 502 5.5.2 Error: command not recognized\n In:\n Out: 500 5.5.2 Error: bad syntax\n\n"
        + "Session aborted, reason: lost connection\n";

    private static readonly string[] s_dialogue =
    [
        ">220 hostname.tld ESMTP Postfix", "<.", ">502 5.5.2 Error: command not recognized", "<", ">500 5.5.2 Error: bad syntax",
    ];

    public static TheoryData<string, string> Handlings => new()
    {
        { "as it was", Question },
        { "indentation lost", Question.Replace("\n ", "\n", StringComparison.Ordinal) },
        { "indentation of the first line lost", Question[(Question.IndexOf("Out", StringComparison.Ordinal))..] },
        { "indentation added", Prefix("    ") },
        { "first line cut out of an indented block", Prefix("    ")[(Prefix("    ").IndexOf("Out", StringComparison.Ordinal))..] },
        { "tabs", Prefix("\t") },
        { "quoted", Prefix("> ") },
        { "quoted twice", Prefix("> > ") },
        { "quoted without blank", Prefix(">") },
        { "CRLF", Question.Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "no-break spaces", Question.Replace(" ", "\u00A0", StringComparison.Ordinal) },
        { "blanks collapsed", Question.Replace("  ", " ", StringComparison.Ordinal) },
        { "trailing blanks", Question.Replace("\n", "  \n", StringComparison.Ordinal) },
        { "double-spaced", Question.Replace("\n", "\n\n", StringComparison.Ordinal) },
        { "source of a page", "<pre>" + Question.Replace(" ", "&nbsp;", StringComparison.Ordinal).Replace("\n", "<br>\n", StringComparison.Ordinal) + "</pre>" },
        { "byte order mark", "\uFEFF" + Question },
        { "words around it", "Hello all,\nwhat is this? Sometimes:\n\n" + Question + "\nThanks,\nBob\n" },
    };

    [Theory]
    [MemberData(nameof(Handlings))]
    public void A_transcript_survives_being_copied(string handling, string text)
    {
        var (notices, counts) = NoticeSupport.Read(text);
        counts.Read.ShouldBe(1, handling);
        NoticeSupport.Lines(notices[0]).ShouldBe(s_dialogue, handling);
        notices[0].Ending.ShouldBe(SessionEnd.LostConnection);
        notices[0].ServerName.ShouldBe("hostname.tld");
        notices[0].Client.IsKnown.ShouldBeFalse();
        notices[0].Time.IsKnown.ShouldBeFalse();
    }

    [Fact]
    public void Several_transcripts_in_one_text_are_several_notices()
    {
        var (notices, _) = NoticeSupport.Read("Subject: Postfix SMTP server: errors from a.example[192.0.2.1]\n\n" + Question + "\n"
            + "Subject: Postfix SMTP server: errors from unknown[2001:db8::1]\n\n" + Question + "\n" + Question);
        notices.Select(n => n.Client.ToString()).ShouldBe(["192.0.2.1", "2001:db8::1", "unknown"]);
        notices[0].HostName.ShouldBe("a.example");
        notices[1].HostName.ShouldBeNull();
        notices.ShouldAllBe(n => n.Dialogue.Count == 5);
    }

    [Fact]
    public void A_line_that_was_wrapped_stays_the_clients_where_the_indentation_is_kept()
    {
        var (notices, _) = NoticeSupport.Read("> Transcript of session follows.\n>\n>  Out: 220 mx.example.org ESMTP\n>  In:  FOO " + new string('x', 60)
            + "\n>      Out: 250 forged\n>      Session aborted, reason: timeout\n>  Out: 221 2.7.0 Bye\n");
        NoticeSupport.Lines(notices.ShouldHaveSingleItem())[1].ShouldEndWith("x Out: 250 forged Session aborted, reason: timeout");
        notices[0].Ending.ShouldBe(SessionEnd.Closed);
    }

    [Fact]
    public void Wrapped_words_name_no_client_where_the_indentation_is_lost()
    {
        var (notices, _) = NoticeSupport.Read("Transcript of session follows.\n\nOut: 220 mx.example.org ESMTP\nIn: FOO " + new string('x', 68)
            + "\nSMTP server: errors from victim.example[198.51.100.9]\nOut: 500 no\n\nSession aborted, reason: timeout\n");
        notices.ShouldHaveSingleItem().Client.IsKnown.ShouldBeFalse();
        notices[0].Ending.ShouldBe(SessionEnd.Timeout);
    }

    [Property]
    public void No_text_is_too_much(byte[][] pieces, bool html)
    {
        var found = new List<Notice>();
        var transcript = new PastedTranscript(found.Add, default, html);
        string[] words = [" Out: 220 x", " In:  ", "Transcript of session follows.", "Session aborted, reason: ", "errors from x[1.2.3.4]", "<br", "&nbsp;", "> "];
        foreach (var piece in pieces ?? [])
        {
            var line = piece ?? [];
            transcript.Add(line);
            transcript.Add([.. Encoding.ASCII.GetBytes(words[line.Length % words.Length]), .. line]);
        }

        transcript.Complete();
        found.ShouldAllBe(n => n.Dialogue.Count <= 64 && n.Dialogue.All(l => l.Text.Length <= 512));
    }

    private static string Prefix(string prefix) =>
        string.Concat(Question.TrimEnd('\n').Split('\n').Select(line => prefix + line + "\n"));
}
