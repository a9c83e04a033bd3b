using System.Text;
using FsCheck.Xunit;
using Postern.Capture.Grammar;
using Postern.Facts;

namespace Postern.Tests.Capture.Grammar;

public sealed class LineGrammarTests
{
    [Fact]
    public void Every_line_of_the_cases_is_read_as_it_must_be()
    {
        var grammar = NewGrammar();
        var wrong = new List<string>();
        foreach (var item in GrammarCase.All)
        {
            SmtpEvent e = default;
            var read = grammar.Read(item.Bytes, ref e);
            if (item.Difference(read, e) is { } difference)
            {
                wrong.Add($"{item.Line}\n  => {item.Expected}\n  but {difference}");
            }
        }

        wrong.ShouldBeEmpty();
        GrammarCase.All.Count.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void A_carriage_return_at_the_end_changes_nothing()
    {
        var grammar = NewGrammar();
        foreach (var item in GrammarCase.All)
        {
            SmtpEvent e = default;
            var read = grammar.Read((byte[])[.. item.Bytes, (byte)'\r'], ref e);
            item.Difference(read, e).ShouldBeNull(item.Line);
        }
    }

    [Fact]
    public void A_line_cut_off_anywhere_names_no_other_client()
    {
        foreach (var item in GrammarCase.All)
        {
            var bytes = item.Bytes;
            for (var length = 0; length < bytes.Length; length++)
            {
                SmtpEvent e = default;
                if (NewGrammar().Read(bytes.AsMemory(0, length), ref e) == LineClass.Event && e.Client.IsKnown)
                {
                    item.Line[..Math.Min(length, item.Line.Length)].ShouldContain(Encoding.UTF8.GetString(e.HostName.Span));
                    item.Expected.ShouldContain(e.Client.ToString()[..4]);
                }
            }
        }
    }

    [Fact]
    public void Counts_of_a_disconnect_are_read_accepted_and_tried()
    {
        SmtpEvent e = default;
        NewGrammar().Read(
            "Nov 25 01:51:40 mx postfix/smtpd[1]: disconnect from unknown[192.0.2.1] ehlo=2 starttls=1 auth=0/3 mail=1 rcpt=0/999999999999 bdat=1 unknown=0/2 quit=1 commands=4/11"u8.ToArray(), ref e);
        (e.Counts.IsKnown, e.Counts.Accepted(SmtpVerb.Ehlo), e.Counts.Refused(SmtpVerb.Auth), e.Counts.Tried(SmtpVerb.Rcpt))
            .ShouldBe((true, 2, 3, 255));
        (e.Counts.Tried(SmtpVerb.Unknown), e.Counts.Accepted(SmtpVerb.Quit), e.Counts.Tried(SmtpVerb.All), e.Counts.Accepted(SmtpVerb.StartTls), e.Counts.Tried(SmtpVerb.Bdat))
            .ShouldBe((2, 1, 11, 1, 1));
    }

    [Fact]
    public void Conversations_differ_by_host_service_and_process()
    {
        string[] heads = ["a postfix/smtpd[1]", "b postfix/smtpd[1]", "a postfix/smtpd[2]", "a postfix/submission/smtpd[1]", "a postfix/smtpd[11]"];
        heads.Select(head => Read($"Nov 25 01:51:40 {head}: connect from unknown[192.0.2.1]").Conversation).Distinct().Count().ShouldBe(heads.Length);
        Read("Nov 25 01:51:40 a postfix/smtpd[1]: connect from unknown[192.0.2.1]").Conversation
            .ShouldBe(Read("2026-11-25T01:51:40Z a postfix/smtpd[1]: lost connection after CONNECT from unknown[192.0.2.1]").Conversation);
        Read("Nov 25 01:51:40 a postfix/postscreen[1]: PASS NEW [192.0.2.1]:1").Conversation
            .ShouldNotBe(Read("Nov 25 01:51:40 a postfix/postscreen[1]: PASS NEW [192.0.2.1]:2").Conversation);
    }

    [Fact]
    public void The_fields_of_a_journal_entry_may_come_in_any_order()
    {
        string[] fields = ["\"MESSAGE\":\"connect from unknown[192.0.2.1]\"", "\"_HOSTNAME\":\"mx\"", "\"SYSLOG_PID\":\"7\"", "\"SYSLOG_IDENTIFIER\":\"postfix/smtpd\"", "\"__REALTIME_TIMESTAMP\":\"1795571500000000\""];
        var first = Read("{" + string.Join(',', fields) + "}");
        var second = Read("{" + string.Join(',', fields.Reverse()) + "}");
        first.Conversation.ShouldNotBe(0UL);
        (second.Conversation, second.Client, second.Time).ShouldBe((first.Conversation, first.Client, first.Time));
    }

    [Theory]
    [InlineData("Mar 29 01:59:59", "2026-03-29T00:59:59Z")]
    [InlineData("Mar 29 03:00:00", "2026-03-29T01:00:00Z")]
    [InlineData("Oct 25 01:59:59", "2026-10-24T23:59:59Z")]
    [InlineData("Oct 25 03:00:00", "2026-10-25T02:00:00Z")]
    [InlineData("Jul  1 12:00:00", "2026-07-01T10:00:00Z")]
    [InlineData("Dec  1 12:00:00", "2026-12-01T11:00:00Z")]
    public void Stamps_without_offset_are_read_in_the_zone_of_the_machine(string stamp, string utc)
    {
        var grammar = new LineGrammar(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        grammar.StartAt(2026, 0);
        SmtpEvent e = default;
        grammar.Read(Encoding.ASCII.GetBytes(stamp + " mx postfix/smtpd[1]: connect from unknown[192.0.2.1]"), ref e);
        e.Time.ToDateTimeOffset().ShouldBe(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Property(MaxTest = 500)]
    public void No_bytes_can_break_the_grammar(byte[] bytes)
    {
        SmtpEvent e = default;
        NewGrammar().Read(bytes, ref e);
        NewGrammar().Read((byte[])[.. "Nov 25 01:51:40 mx postfix/smtpd[1]: "u8, .. bytes], ref e);
        NewGrammar().Read((byte[])[.. "<22>1 2026-11-25T01:51:40+01:00 mx postfix/smtpd "u8, .. bytes], ref e);
        NewGrammar().Read((byte[])[.. "{\"MESSAGE\":\""u8, .. bytes], ref e);
        NewGrammar().Read((byte[])[.. "Nov 25 01:51:40 mx postfix/postscreen[1]: PREGREET "u8, .. bytes], ref e).ShouldNotBe(LineClass.Foreign);
    }

    [Property(MaxTest = 60)]
    public void No_mutation_of_a_real_line_can_break_the_grammar(int seed)
    {
        var random = new Random(seed);
        var grammar = NewGrammar();
        foreach (var item in GrammarCase.All)
        {
            var bytes = item.Bytes.ToList();
            for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 2; changes--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, random.Next(Math.Min(12, bytes.Count - at)));
                        break;
                    case 2:
                        bytes.InsertRange(at, bytes.GetRange(0, random.Next(at + 1)));
                        break;
                    default:
                        bytes.Insert(at, "[]<>: 0=\"\\{}+/."u8[random.Next(15)]);
                        break;
                }
            }

            SmtpEvent e = default;
            if (grammar.Read(bytes.ToArray(), ref e) == LineClass.Event)
            {
                e.Kind.ShouldNotBe(SmtpEventKind.None);
                _ = e.Time.ToDateTimeOffset();
            }
        }
    }

    private static LineGrammar NewGrammar()
    {
        var grammar = new LineGrammar(TimeZoneInfo.Utc, MailReading.Outbound | MailReading.Relaying);
        grammar.StartAt(2026, 0);
        return grammar;
    }

    private static SmtpEvent Read(string line)
    {
        SmtpEvent e = default;
        NewGrammar().Read(Encoding.UTF8.GetBytes(line), ref e).ShouldBe(LineClass.Event, line);
        return e;
    }
}
