using System.Text;
using Postern.Capture.Grammar;
using Postern.Capture.Journal;
using Postern.Facts;

namespace Postern.Tests.Capture.Journal;

public sealed class JournalCutterTests
{
    [Fact]
    public void A_batch_is_of_one_sequence_and_knows_after_which_entry_it_comes()
    {
        var cutter = new JournalCutter("journal", null);
        var batches = cutter.Cut(Lines(Entry("a", 1), Entry("a", 2), Entry("b", 1), "no entry\n", Entry("a", 3)), 2026).ToList();
        batches.Select(batch => batch.Offsets!.Count).ShouldBe([2, 1, 1]);
        batches.Select(batch => batch.Lines.Span.Count((byte)'\n')).ShouldBe([2, 1, 1]);
        batches[0].Start.Cursor.ShouldBeNull();
        batches[1].Start.Cursor.ShouldBe(batches[0].End.Cursor);
        batches[2].Start.FileId.ShouldBe(batches[0].Start.FileId);
        batches[2].Start.FileId.ShouldNotBe(batches[1].Start.FileId);
        batches[2].End.Offset.ShouldBe(4);
    }

    [Theory]
    [InlineData(1, false, 2)]
    [InlineData(0, true, 3)]
    public void The_entry_that_was_read_last_is_left_out_and_missed_where_it_is_gone(int last, bool hasGap, int lines)
    {
        JournalCursor.TryParse($"s=a;i={last};t=1", out var cursor).ShouldBeTrue();
        var cutter = new JournalCutter("journal", cursor);
        cutter.Cut(Lines(Entry("a", 1), Entry("a", 2), Entry("a", 3)), 2026).Sum(batch => batch.Offsets!.Count).ShouldBe(lines);
        cutter.HasGap.ShouldBe(hasGap);
    }

    [Theory]
    [InlineData("\"_PID\":\"9\",\"SYSLOG_PID\":\"7\"")]
    [InlineData("\"SYSLOG_PID\":\"7\",\"_PID\":\"9\"")]
    public void The_process_that_the_program_names_goes_before_the_one_that_wrote(string pids)
    {
        Read($"{{{pids},\"MESSAGE\":\"connect from unknown[192.0.2.1]\",{Header}}}").Conversation
            .ShouldBe(Read($"{{\"SYSLOG_PID\":\"7\",\"MESSAGE\":\"connect from unknown[192.0.2.1]\",{Header}}}").Conversation);
    }

    [Theory]
    [InlineData("\"connect from unknown[192.0.2.1]\"")]
    [InlineData("\"connect from unknown[192.0.2.1]\\nconnect from unknown[192.0.2.9]\"")]
    [InlineData("[\"connect from unknown[192.0.2.1]\",\"connect from unknown[192.0.2.9]\"]")]
    [InlineData("[99,111,110,110,101,99,116,32,102,114,111,109,32,117,110,107,110,111,119,110,91,49,57,50,46,48,46,50,46,49,93,10,1,2]")]
    [InlineData("[[99,111,110,110,101,99,116,32,102,114,111,109,32,117,110,107,110,111,119,110,91,49,57,50,46,48,46,50,46,49,93],[1,2]]")]
    public void A_message_is_read_in_every_form_that_the_journal_gives_it(string message) =>
        Read($"{{\"MESSAGE\":{message},{Header},\"SYSLOG_PID\":\"7\"}}").Client.ToString().ShouldBe("192.0.2.1");

    private const string Header = "\"__REALTIME_TIMESTAMP\":\"1795600000001000\",\"_HOSTNAME\":\"mx\",\"SYSLOG_IDENTIFIER\":\"postfix/smtpd\"";

    private static SmtpEvent Read(string entry)
    {
        SmtpEvent e = default;
        new LineGrammar(TimeZoneInfo.Utc).Read(Encoding.UTF8.GetBytes(entry), ref e).ShouldBe(LineClass.Event);
        return e;
    }

    private static string Entry(string sequence, int number) => $"{{\"__CURSOR\":\"s={sequence};i={number:x};t=1\",\"MESSAGE\":\"x\"}}\n";

    private static ReadOnlyMemory<byte> Lines(params string[] lines) => Encoding.UTF8.GetBytes(string.Concat(lines));
}
