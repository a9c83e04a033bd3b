using System.Globalization;
using System.Text.Json;
using Postern.Cli.Words;
using static Postern.Cli.Commands.ReplyFields;

namespace Postern.Cli.Commands;

/// <summary>What the reply of <c>explain ADDRESS</c> tells, part by part: the same for the terminal and for a page.</summary>
/// <param name="words">The language.</param>
/// <param name="isWhole">True for all failures; else the latest five.</param>
internal sealed class LiveExplanationParts(Catalogue words, bool isWhole)
{
    private const int FailuresTold = 5;
    private readonly IDaemonWords _daemon = words.Daemon;

    /// <summary>The parts in their order: whether it is banned, why or why not, what it did.</summary>
    public IEnumerable<LivePart> Of(JsonElement reply)
    {
        var isDryRun = IsTrue(reply, "dry_run");
        if (isDryRun)
        {
            yield return new LiveSentence(_daemon.DryRun);
        }

        var bans = Items(reply, "bans");
        var isBanned = IsTrue(reply, "banned");
        // The latest ban is the first.
        var ban = isBanned && bans.Count > 0 ? bans[0] : default;
        yield return new LiveSentence(_daemon.Standing(Text(reply, "address"), isBanned, isDryRun, Given(ban, "until", Moment), Given(ban, "reason", Decision)), IsHead: true);
        if (IsTrue(reply, "own_host"))
        {
            yield return new LiveSentence(_daemon.OwnHost);
        }

        yield return Table(_daemon.ScoreColumns, reply, "scores", score => [Text(score, "jail"), Text(score, "weight"), Text(score, "maxretry")]);
        yield return Table(_daemon.StandingColumns, reply, "standing", row => [Text(row, "reason"), YesNo(row, "holds"), Text(row, "detail")]);
        yield return Table(_daemon.HistoryColumns(isDryRun), reply, "bans", one => [Stamp(one, "from"), Stamp(one, "until"), Text(one, "jail"), Decision(one, "reason")]);
        yield return Table(_daemon.WithheldColumns(isDryRun), reply, "protections", row => [Stamp(row, "at"), Text(row, "jail"), Text(row, "reason"), Decision(row, "detail")]);
        yield return Table(_daemon.DayColumns, reply, "days", day => [Text(day, "day"), Mark(day, "delivered"), Mark(day, "hostile"), Mark(day, "logged_in")]);
        yield return Table(_daemon.MailColumns, reply, "mail", Mail);
        foreach (var part in Checks(reply).Concat(Failures(Items(reply, "failures"))))
        {
            yield return part;
        }
    }

    private string Decision(JsonElement row, string name) => _daemon.Decision(Text(row, name));

    private string[] Mail(JsonElement entry) =>
    [
        Stamp(entry, "at"), Text(entry, "service"), words.SmtpReport.Action(Text(entry, "action"), !IsTrue(entry, "enforced")), Text(entry, "sender"), Text(entry, "recipient"),
        Text(entry, "verdict") is "banned" ? words.SmtpReport.Banned : Listed(entry, "deciding"),
    ];

    private IEnumerable<LivePart> Checks(JsonElement reply)
    {
        if (!reply.TryGetProperty("checks", out var checks) || IsTrue(reply, "own_host"))
        {
            yield break;
        }

        if (checks.ValueKind != JsonValueKind.Object)
        {
            yield return new LiveSentence(_daemon.NoChecks);
            yield break;
        }

        yield return new LiveSentence(Text(checks, "explanation"));
        yield return Table(_daemon.CheckColumns, checks, "tests", test => [Text(test, "name"), Text(test, "result"), Points(test), Text(test, "detail")]);
    }

    private IEnumerable<LivePart> Failures(List<JsonElement> failures)
    {
        var shown = isWhole ? failures.Count : Math.Min(failures.Count, FailuresTold);
        yield return new LiveSentence(failures.Count == 0 ? _daemon.NoFailures : _daemon.Failures(shown, failures.Count));
        foreach (var failure in failures.Take(shown))
        {
            yield return new LiveFailure(
                _daemon.Failure(Moment(failure, "time"), Text(failure, "address"), Listed(failure, "behaviours") + Text(failure, "jail"), Text(failure, "weight"), Text(failure, "source")),
                [.. Items(failure, "lines").Select(Safe)]);
        }
    }

    private string YesNo(JsonElement row, string name) => IsTrue(row, name) ? _daemon.Yes : _daemon.No;

    private string Mark(JsonElement row, string name) => IsTrue(row, name) ? _daemon.Yes : "";

    private static string Points(JsonElement test) =>
        test.TryGetProperty("points", out var points) && points.TryGetDouble(out var number) && number != 0 ? number.ToString("+0.##;-0.##", CultureInfo.InvariantCulture) : "";

    private static LiveTable Table(string[] columns, JsonElement reply, string name, Func<JsonElement, string[]> row) => new(columns, [.. Items(reply, name).Select(row)]);

    private static string? Given(JsonElement element, string name, Func<JsonElement, string, string> read) =>
        element.ValueKind == JsonValueKind.Object && read(element, name) is { Length: > 0 } text ? text : null;
}
