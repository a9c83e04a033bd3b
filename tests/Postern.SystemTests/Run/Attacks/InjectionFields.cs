using System.Text;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>A place where Postfix takes what a client writes, and may log it.</summary>
/// <param name="Name">A word for messages.</param>
/// <param name="Lines">What the client says, line by line: <c>{0}</c> are its words, <c>{64}</c> the same in base64.</param>
internal sealed record InjectionField(string Name, params string[] Lines)
{
    private const string Hello = "EHLO a.example";
    private const string Sender = "MAIL FROM:<a@b.example>";
    private const string Gone = "RCPT TO:<gone@example.org>";

    /// <summary>Those that smtpd and cleanup take.</summary>
    public static IReadOnlyList<InjectionField> OfSmtpd { get; } =
    [
        new("HELO", "HELO {0}", Sender, Gone), new("EHLO", "EHLO {0}", Sender, Gone),
        new("sender", Hello, "MAIL FROM:<{0}>", Gone), new("quoted sender", Hello, "MAIL FROM:<\"{0}\"@b.example>", Gone), new("sender without brackets", Hello, "MAIL FROM:{0}", Gone),
        new("sender's domain", Hello, "MAIL FROM:<a@{0}>", Gone), new("sender's route", Hello, "MAIL FROM:<@{0}:a@b.example>", Gone), new("parameter of MAIL", Hello, Sender + " {0}"),
        new("SIZE", Hello, Sender + " SIZE={0}"), new("BODY", Hello, Sender + " BODY={0}"), new("AUTH of MAIL", Hello, Sender + " AUTH={0}"), new("ENVID", Hello, Sender + " ENVID={0}"),
        new("recipient", Hello, Sender, "RCPT TO:<{0}>"), new("quoted recipient", Hello, Sender, "RCPT TO:<\"{0}\"@example.org>"), new("recipient elsewhere", Hello, Sender, "RCPT TO:<\"{0}\"@elsewhere.example>"),
        new("recipient's domain", Hello, Sender, "RCPT TO:<alice@{0}>"), new("NOTIFY", Hello, Sender, Gone + " NOTIFY={0}"), new("ORCPT", Hello, Sender, Gone + " ORCPT=rfc822;{0}"),
        new("user of LOGIN", Hello, "AUTH LOGIN", "{64}", "cGFzc3dvcmQ="), new("user of PLAIN", Hello, "AUTH PLAIN {064}"), new("mechanism", Hello, "AUTH {0}"), new("response to AUTH", Hello, "AUTH PLAIN", "{0}"),
        new("command", Hello, "{0}"), new("NOOP", Hello, "NOOP {0}"), new("VRFY", Hello, "VRFY {0}"), new("ETRN", Hello, "ETRN {0}"), new("RSET", Hello, "RSET {0}"), new("DATA", Hello, Sender, "RCPT TO:<alice@example.org>", "DATA {0}"),
        new("BDAT", Hello, Sender, "RCPT TO:<alice@example.org>", "BDAT {0}"), new("XCLIENT", Hello, "XCLIENT ADDR={0}"), new("XFORWARD", Hello, "XFORWARD NAME={0}"), new("STARTTLS", Hello, "STARTTLS {0}"),
        new("Subject", Hello, Sender, "RCPT TO:<alice@example.org>", "DATA", "Subject: {0}\r\n\r\nhello\r\n."), new("Message-ID", Hello, Sender, "RCPT TO:<alice@example.org>", "DATA", "Message-ID: <{0}>\r\n\r\nhello\r\n."),
        new("field of MIME", Hello, Sender, "RCPT TO:<alice@example.org>", "DATA", "Content-Type: text/plain; name=\"{0}\"\r\n\r\nhello\r\n."), new("body", Hello, Sender, "RCPT TO:<alice@example.org>", "DATA", "Subject: x\r\n\r\n{0}\r\n."),
    ];

    /// <summary>Those that postscreen takes.</summary>
    public static IReadOnlyList<InjectionField> OfPostscreen { get; } =
    [
        new("before the greeting", "^{0}"), new("HELO", "HELO {0}", Sender, Gone), new("EHLO", "EHLO {0}", Sender, Gone), new("sender", Hello, "MAIL FROM:<{0}>", Gone), new("quoted sender", Hello, "MAIL FROM:<\"{0}\"@b.example>", Gone),
        new("parameter of MAIL", Hello, Sender + " {0}", Gone), new("recipient", Hello, Sender, "RCPT TO:<{0}>"), new("quoted recipient", Hello, Sender, "RCPT TO:<\"{0}\"@example.org>"), new("command", Hello, "{0}"),
        new("header line", Hello, "Subject: {0}"), new("pipelined", Hello, "RSET\r\n{0}"), new("bare line end", Hello, "NOOP {0}\nNOOP"),
    ];

    /// <summary>Says it all in one session.</summary>
    public async Task SayAsync(Func<string, Task<Dialogue>> connect, string words)
    {
        string Filled(string line) => line.TrimStart('^').Replace("{064}", Encoded($"\0{words}\0password"), StringComparison.Ordinal).Replace("{64}", Encoded(words.Replace("\\n", "\n", StringComparison.Ordinal)), StringComparison.Ordinal).Replace("{0}", words, StringComparison.Ordinal);
        using var s = await connect(Lines[0].StartsWith('^') ? Filled(Lines[0]) + "\r\n" : "");
        if (await s.Hear() is "")
        {
            return;
        }

        foreach (var line in Lines.Where(line => !line.StartsWith('^')).Select(Filled))
        {
            if (await s.Ask(line) is "")
            {
                return;
            }
        }

        await s.Ask("QUIT");
    }

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.Latin1.GetBytes(text));
}
