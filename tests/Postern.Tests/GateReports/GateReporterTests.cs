using Postern.Cli.Commands;
using Postern.Cli.GateReports;
using Postern.Facts;
using Postern.Tests.Gate;

namespace Postern.Tests.GateReports;

public sealed class GateReporterTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SmtpReportText s_text = new(Postern.Cli.Words.Catalogue.For("en").SmtpReport);
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_last_decisions_on_one_client_are_found_the_latest_first()
    {
        await WriteAsync(
            Record(0, "192.0.2.7", "a@bank.example", GateAction.Reject, -6),
            Record(1, "192.0.2.70", "b@bank.example", GateAction.Reject, -6),
            Record(2, "198.51.100.7", "192.0.2.7@shop.example", GateAction.Defer, -1),
            Record(2, "192.0.2.7", "c@bank.example", GateAction.Defer, -1),
            Record(3, "192.0.2.7", "d@bank.example", GateAction.Defer, -1));
        GateJournal.Of(_folder, s_start.AddDays(-1), "192.0.2.7", 2).Select(entry => entry.Sender).ShouldBe(["d@bank.example", "c@bank.example"]);
        GateJournal.Of(_folder, s_start.AddDays(-1), "192.0.2.7", 9).Count.ShouldBe(3);
        GateJournal.Of(_folder, s_start.AddDays(3), "192.0.2.7", 9).ShouldHaveSingleItem();
        GateJournal.Of(_folder, s_start.AddDays(-1), "192.0.2.9", 9).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_decided_is_read_again_the_most_genuine_looking_first()
    {
        await WriteAsync(
            Record(0, "192.0.2.7", "a@Bank.example", GateAction.Reject, -6),
            Record(1, "192.0.2.7", "b@bank.example", GateAction.Reject, -6),
            Record(2, "198.51.100.7", "c@shop.example", GateAction.Defer, -1),
            Record(2, "198.51.100.7", "", GateAction.Defer, -3));
        await File.AppendAllTextAsync(Path.Combine(_folder, "gate-2026-03-03.jsonl"), "{\"at\": cut", TestContext.Current.CancellationToken);

        var report = Report(s_start.AddDays(-1));
        report.Decisions.ShouldBe(4);
        report.Would.ShouldBe(new Dictionary<string, int>(StringComparer.Ordinal) { ["reject"] = 2, ["defer"] = 2 });
        report.Did.ShouldBeEmpty();
        report.Senders.Select(row => (row.Address, row.Domain, row.Count, row.Action)).ShouldBe(
            [("198.51.100.7", "shop.example", 1, "defer"), ("198.51.100.7", "", 1, "defer"), ("192.0.2.7", "bank.example", 2, "reject")]);
        (report.Senders[2].First, report.Senders[2].Last).ShouldBe((s_start, s_start.AddDays(1)));
        Report(s_start.AddHours(1)).Decisions.ShouldBe(3);

        var text = s_text.Write(report).Split('\n');
        text[1].ShouldBe("Would reject 2, defer 2.");
        text[4].ShouldStartWith("would defer");
        text[4].ShouldContain("shop.example");
    }

    [Fact]
    public async Task It_tells_of_how_many_they_are_by_door_and_verdict()
    {
        await WriteAsync(Record(0, "192.0.2.7", "a@bank.example", GateAction.Reject, -6), Record(0, "192.0.2.7", "a@bank.example", GateAction.Defer, -6));
        var reporter = new GateReporter();
        foreach (var entry in GateJournal.Read(_folder, s_start.AddDays(-1)))
        {
            reporter.Add(entry);
        }

        reporter.Add(
        [
            new("policy", "own", "pass", true, 500), new("policy", "forged", "reject", false, 1), new("policy", "genuine", "pass", true, 194),
            new("policy", "forged", "defer", false, 1), new("policy", "suspect", "defer", true, 4), new("milter", "genuine", "pass", true, 7),
        ]);

        var report = reporter.Report(s_start, s_start.AddDays(7), 100);
        (report.Seen, report.Own).ShouldBe((207, 500));
        report.Counts.Select(row => (row.Service, row.Verdict, row.Seen, row.Would.Values.Sum(), row.Did.Values.Sum())).ShouldBe(
            [("policy", "genuine", 194, 0, 0), ("policy", "suspect", 4, 0, 4), ("policy", "forged", 2, 2, 0), ("milter", "genuine", 7, 0, 0)]);
        var text = s_text.Write(report).Split('\n');
        text[1].ShouldBe("Policy server: would reject 1, defer 1 of 200 messages from outside (1%).");
        text[2].ShouldBe("Policy server: deferred 4 of 200 messages from outside (2%).");
        text[3].ShouldBe("Milter: would reject 0 of 7 messages from outside (0%).");
        text.Single(line => line.StartsWith("policy  forged", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["policy", "forged", "2", "1", "1"]);
    }

    [Fact]
    public async Task What_was_not_counted_from_the_beginning_is_not_said_to_be_all()
    {
        await WriteAsync(Record(0, "192.0.2.7", "a@bank.example", GateAction.Reject, -6));
        Report(s_start.AddDays(-1)).Seen.ShouldBeNull();
    }

    [Fact]
    public async Task What_a_client_wrote_does_no_harm_where_it_is_shown()
    {
        await WriteAsync(Record(0, "192.0.2.7", "a@\u001b[31mred.example\n", GateAction.Reject, -6) with { Helo = "\"x\r\ny\u202e" });
        Directory.GetFiles(_folder).SelectMany(File.ReadAllLines).Count().ShouldBe(1);
        var text = s_text.Write(Report(s_start.AddDays(-1)));
        text.ShouldNotContain("\u001b");
        text.ShouldNotContain("\u202e");
        text.ShouldContain("\\n");
    }

    [Fact]
    public async Task Old_days_are_forgotten()
    {
        await WriteAsync(Record(0, "192.0.2.7", "a@bank.example", GateAction.Reject, -6));
        await WriteAsync(Record(89, "192.0.2.7", "a@bank.example", GateAction.Reject, -6));
        Directory.GetFiles(_folder).Length.ShouldBe(2);
        await WriteAsync(Record(91, "192.0.2.7", "a@bank.example", GateAction.Reject, -6));
        Directory.GetFiles(_folder).Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_once_and_keeps_nobody_waiting()
    {
        var troubles = new List<string>();
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await using (var journal = new GateJournal(Path.Combine(file, "sub"), TimeSpan.FromDays(90), troubles.Add))
        {
            for (var i = 0; i < 10; i++)
            {
                journal.Add(Record(0, "192.0.2.7", "a@bank.example", GateAction.Reject, -6));
            }
        }

        troubles.Count.ShouldBe(1);
    }

    private async Task WriteAsync(params GateRecord[] records)
    {
        await using var journal = new GateJournal(_folder, TimeSpan.FromDays(90), words => throw new InvalidOperationException(words));
        foreach (var record in records)
        {
            journal.Add(record);
        }
    }

    private GateReport Report(DateTimeOffset since)
    {
        var reporter = new GateReporter();
        foreach (var entry in GateJournal.Read(_folder, since))
        {
            reporter.Add(entry);
        }

        return reporter.Report(since, s_start.AddDays(7), 100);
    }

    private static GateRecord Record(int day, string client, string sender, GateAction action, double points) => new()
    {
        At = s_start.AddDays(day),
        Service = "policy",
        Client = ClientAddress.TryParse(client, out var address) ? address : default,
        Sender = sender,
        Action = action,
        IsEnforced = false,
        Verdict = GateFixture.Of(Legitimacy.Suspect, Advice.Defer, points, "ptr").Verdict,
    };
}
