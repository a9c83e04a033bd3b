using System.Text;
using Postern.Classification.Sessions;
using Postern.Facts;

namespace Postern.Tests.Classification.Sessions;

/// <summary>Sessions of one client that end in the same second each find their own notice.</summary>
public sealed class NoticeIndexTests
{
    private static readonly LogTime s_end = LogTime.From(new DateTimeOffset(2026, 11, 25, 2, 41, 21, TimeSpan.Zero));

    // As nmap's scripts leave them: a long session mails its transcript in two parts while two short ones end.
    private static readonly Notice[] s_notices =
    [
        Made("220 mx.example.org ESMTP", "<EHLO scanner", "250 Ok", "<HELP", "500 5.5.2 Error", "<QUIT", "221 Bye"),
        Made("220 mx.example.org ESMTP", "<EHLO scanner", "250 Ok", "<VRFY root", "<MAIL FROM:<a@example.org>", "250 Ok", "<RCPT TO:<b@example.org>", "554 Denied", "<QUIT", "221 Bye"),
        Made(["220 mx.example.org ESMTP", "<EHLO scanner", "250 Ok", .. Enumerable.Repeat("<MAIL FROM:<a@example.org>", 40), .. Enumerable.Repeat("250 Ok", 21)]),
        Made("<RCPT TO:<b@example.org>", "554 Denied", "<QUIT", "221 Bye"),
    ];

    [Fact]
    public void The_order_of_notices_and_of_sessions_does_not_matter()
    {
        SmtpSession[] sessions = [Ended(ehlo: 1, mail: 0, rcpt: 0), Ended(ehlo: 1, mail: 1, rcpt: 1), Ended(ehlo: 1, mail: 60, rcpt: 20)];
        var rounds = 0;
        foreach (var notices in Orders(s_notices))
        {
            foreach (var order in Orders(sessions))
            {
                var index = new NoticeIndex();
                notices.ForEach(index.Add);
                var completed = order.ToDictionary(session => session.Counts.Tried(SmtpVerb.Mail), session => index.Complete(session).Dialogue.Count);
                completed.ShouldBe(new Dictionary<int, int> { [0] = 7, [1] = 10, [60] = 68 }, ignoreOrder: true);
                index.Rest().ShouldBeEmpty();
                rounds++;
            }
        }

        rounds.ShouldBe(24 * 6);
    }

    [Fact]
    public void Equal_sessions_take_notices_in_one_order_whatever_the_order_of_the_files()
    {
        Notice[] notices = [Made("220 mx", "<ssh-2.0 b", "500 Error"), Made("220 mx", "<ssh-2.0 a", "500 Error")];
        foreach (var order in Orders(notices))
        {
            var index = new NoticeIndex();
            order.ForEach(index.Add);
            Encoding.ASCII.GetString(index.Complete(Ended(0, 0, 0, quit: 0)).Dialogue[1].Text.Span).ShouldBe("ssh-2.0 a");
        }
    }

    [Fact]
    public void Where_the_log_counts_no_commands_the_nearest_notice_is_taken()
    {
        var index = new NoticeIndex();
        index.Add(Made("220 mx", "<EHLO scanner", "250 Ok", "<QUIT", "221 Bye") with { Time = LogTime.From(new DateTimeOffset(2026, 11, 25, 2, 41, 27, TimeSpan.Zero)) });
        index.Add(Made("220 mx", "<QUIT", "221 Bye"));
        index.Complete(Ended(0, 0, 0) with { Counts = default }).Dialogue.Count.ShouldBe(3);
    }

    private static Notice Made(params string[] lines) => new()
    {
        Client = Client,
        Time = s_end,
        Dialogue = [.. lines.Select(line => new DialogueLine(line[0] == '<', Encoding.ASCII.GetBytes(line.TrimStart('<'))))],
    };

    private static SmtpSession Ended(int ehlo, int mail, int rcpt, int quit = 1)
    {
        var counts = default(CommandCounts);
        counts.Add(SmtpVerb.Ehlo, ehlo, ehlo);
        counts.Add(SmtpVerb.Mail, mail, mail);
        counts.Add(SmtpVerb.Rcpt, 0, rcpt);
        counts.Add(SmtpVerb.Quit, quit, quit);
        return new SmtpSession { Client = Client, Start = s_end, End = s_end, Counts = counts };
    }

    private static ClientAddress Client => ClientAddress.TryParse("192.0.2.11", out var client) ? client : throw new InvalidOperationException();

    private static IEnumerable<List<T>> Orders<T>(IReadOnlyList<T> items) => items.Count == 0
        ? [[]]
        : items.SelectMany((item, at) => Orders<T>([.. items.Take(at), .. items.Skip(at + 1)]).Select(rest => (List<T>)[item, .. rest]));
}
