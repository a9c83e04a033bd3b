using System.Text;
using MimeKit;
using Postern.Capture.Notices;
using Postern.Cli.Notifications.Mail;
using Postern.Cli.Notifications.Telling;

namespace Postern.Tests.Notifications;

/// <summary>Postern's own mail is correct, harmless to read, and no evidence against anybody.</summary>
public sealed class MailTests
{
    public static TheoryData<string> Tags => ["en", "ja"];

    [Theory]
    [MemberData(nameof(Tags))]
    public void A_mail_is_correct_in_every_language(string tag)
    {
        var bytes = Mail(tag, Happenings.Takeover(), Happenings.Ban());
        bytes.ShouldAllBe(letter => letter < 128);
        bytes.ShouldNotContain((byte)'\r');
        Encoding.ASCII.GetString(bytes).Split('\n').ShouldAllBe(line => line.Length <= 998);

        using var message = MimeMessage.Load(new MemoryStream(bytes), TestContext.Current.CancellationToken);
        message.From.Mailboxes.Single().Address.ShouldBe("postern@example.org");
        message.To.Mailboxes.Select(to => to.Address).ShouldBe(["ann@example.org"]);
        message.Date.ShouldBe(Happenings.Now);
        message.MessageId!.ShouldEndWith("@example.org");
        message.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        message.Headers["MIME-Version"].ShouldBe("1.0");
        message.Headers.Select(header => header.Field).ShouldBeUnique(StringComparer.OrdinalIgnoreCase);
        message.Subject!.ShouldContain("mx.example.org");
        message.Subject!.ShouldContain(tag is "ja" ? "アカウントの乗っ取り" : "account takeover");
        var text = message.TextBody!.ReplaceLineEndings("\n");
        text.Split('\n').Length.ShouldBe(3);
        text.ShouldContain("203.0.113.9/32");
        text.ShouldContain(@"bob\r\nBcc: victim@example.net");
        text.Any(letter => letter != '\n' && (char.IsControl(letter) || letter == '\u202E')).ShouldBeFalse();
    }

    [Fact]
    public void The_subject_never_holds_a_clients_words() =>
        new HappeningText("en").Title([Happenings.Takeover()], 0, "mx.example.org").ShouldBe("Postern on mx.example.org: account takeover");

    // As Postfix stores it: pickup's Received field on top, which vouches for every notice.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_the_postmasters_mailbox_it_is_no_notice(bool isChosen)
    {
        // The summary of a day has no text of a client's that is not escaped already.
        foreach (var kind in Enum.GetValues<HappeningKind>().Where(kind => kind != HappeningKind.Digest))
        {
            var received = "Received: by mx.example.org (Postfix, from userid 110)\n\tid 4Xy; Wed, 25 Nov 2026 06:00:00 +0000 (UTC)\n"u8;
            var mail = Mail("en", Happenings.Takeover() with { Kind = kind, Detail = "In:  EHLO x\nIn:  .\nOut: 502 5.5.2 Error: command not recognized" });
            NoticeMessage.Read((byte[])[.. received, .. mail], isChosen).Notices.ShouldBeEmpty($"{kind}");
        }
    }

    private static byte[] Mail(string tag, params Happening[] all)
    {
        var text = new HappeningText(tag);
        return new MailWriter("postern@example.org", "mx.example.org").Write(["ann@example.org"], text.Title(all, 0, "mx.example.org"), MailWriter.Text(text.Body(all, 0)), Happenings.Now);
    }
}
