using System.Text;
using Postern.Capture.Inputs;
using Postern.Capture.Notices;
using Postern.Facts;

namespace Postern.Tests.Capture.Notices;

/// <summary>Notices as Postfix makes them, and a short way to read them.</summary>
internal static class NoticeSupport
{
    public const string Body = "Transcript of session follows.\n\n Out: 220 mx.example.org ESMTP Postfix\n In:  .\n"
        + " Out: 502 5.5.2 Error: command not recognized\n In:\n Out: 500 5.5.2 Error: bad syntax\n\n"
        + "Session aborted, reason: lost connection\n\nFor other details, see the local mail logfile\n";

    public const string Made = "Received: by mx.example.org (Postfix)\n\tid 22669F6033; Wed, 25 Nov 2026 01:23:12 +0000 (UTC)\n";

    public const string Rest = "Date: Wed, 25 Nov 2026 02:23:12 +0100 (CET)\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.org>\n"
        + "To: Postmaster <postmaster@example.org>\n";

    public const string Subject = "Subject: Postfix SMTP server: errors from abuser.example[198.51.100.7]\n";

    public const string Real = Made + Rest + Subject + "\n" + Body;

    public static (List<Notice> Notices, NoticeCounts Counts) Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    public static (List<Notice> Notices, NoticeCounts Counts) Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        InputOpener.TryOpen("-", stream, out var input, out var error).ShouldBeTrue(error?.ToString());
        return Read(input!);
    }

    public static (List<Notice> Notices, NoticeCounts Counts) Read(OpenedInput input)
    {
        var notices = new List<Notice>();
        var counts = NoticeReader.Read(input, notices.Add, TestContext.Current.CancellationToken);
        return (notices, counts);
    }

    /// <summary>The dialogue as <c>&lt;</c> client and <c>&gt;</c> server lines.</summary>
    public static string[] Lines(Notice notice) =>
        [.. notice.Dialogue.Select(line => (line.FromClient ? "<" : ">") + Encoding.UTF8.GetString(line.Text.Span))];
}
