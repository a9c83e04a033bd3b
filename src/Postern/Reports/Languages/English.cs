using System.Globalization;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

/// <summary>The reports in English.</summary>
internal sealed partial class English : IReportLanguage
{
    private const int QuotedCells = 60;

    /// <inheritdoc/>
    public string Tag => "en";

    /// <inheritdoc/>
    public ReportWords Words { get; } = new()
    {
        Title = "Suspicious connections to this mail server",
        Period = "Period",
        NoTimes = "not known, the input has no times",
        Input = "Input",
        Summary = "Summary",
        Troubles = "Your server has a problem",
        Clients = "Clients, the most telling first",
        MoreClients = "More clients",
        Campaigns = "Clients that do the same at the same time",
        Ordinary = "Ordinary mail",
        Warnings = "Warnings",
        UnknownForms = "Lines in unknown formats",
        Glossary = "What the behaviours are",
        UnknownAddress = "address not known",
        PtrName = "PTR",
        NotConfirmed = " (does not resolve back to the address)",
        NoName = "no confirmed name",
        HeloNames = "HELO",
        Sessions = "Sessions",
        Seen = "Seen",
        Bursts = "Burst",
        Behaviours = "Did",
        Why = "Why",
        Advice = "Do",
        Payload = "Sent",
        Tests = "Tests",
        Verdict = "Verdict",
        Client = "Client",
        PlotTimeline = "Sessions over time, by behaviour",
        PlotTimelineNote = "A session that shows several behaviours counts once for each; delivered mail is left out.",
        PlotClients = "Clients by sessions",
        PlotClientsNote = "The colour is that of the most frequent behaviour.",
        PlotBursts = "When each client came",
        PlotBurstsNote = "A row is a client, a bar is a burst: sessions without a long gap between them.",
        OtherBehaviours = "other",
        TimeAxis = "time",
        Hint = "Next: your own log and notices, `postern explain /var/log/mail.log`, or a single client, `postern check ADDRESS`. To see whom Postern would ban, without banning anybody: `postern run --dry-run`.",
        OpenQuote = "\"",
        CloseQuote = "\"",
        AllHint = " (--all)",
        EmptyLine = "(empty line)",
        NotAsked = "not asked",
    };

    /// <inheritdoc/>
    public string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string Sessions(long number) => Counted(number, "session");

    /// <inheritdoc/>
    public string Clients(long number) => Counted(number, "client");

    /// <inheritdoc/>
    public string PerCent(double share) => $"{Certainties.PerCent(share)}%";

    /// <inheritdoc/>
    public string Duration(TimeSpan time) => Durations.Say(time, " d", " h", " min", " s", " ");

    /// <inheritdoc/>
    public string Range(LogTime from, LogTime to)
    {
        var (start, end) = (Moments.Stamp(from), Moments.EndStamp(from, to));
        return string.Equals(start, Moments.Stamp(to), StringComparison.Ordinal) ? start : $"{start} to {end}";
    }

    /// <inheritdoc/>
    public string Join(IEnumerable<string> sentences) => string.Join(' ', sentences.Where(sentence => sentence.Length > 0));

    /// <inheritdoc/>
    public string Labelled(string label, string value) => $"{label}: {value}";

    /// <inheritdoc/>
    public string List(IEnumerable<string> things) => string.Join(", ", things);

    /// <inheritdoc/>
    public string Name(Verdict verdict) => verdict switch
    {
        Verdict.Ban => "ban",
        Verdict.Watch => "watch",
        Verdict.Ignore => "ignore",
        Verdict.Protect => "protect",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "No word for this verdict."),
    };

    /// <inheritdoc/>
    public string Name(TestResult result) => result switch
    {
        TestResult.Skipped => "skipped",
        TestResult.Pass => "pass",
        TestResult.Fail => "fail",
        TestResult.SoftFail => "softfail",
        TestResult.Neutral => "neutral",
        TestResult.None => "none",
        TestResult.TempError => "temperror",
        TestResult.PermError => "permerror",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "No word for this result."),
    };

    /// <inheritdoc/>
    public string Say(Evidence evidence)
    {
        var points = evidence.Points == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({evidence.Points:+0.##;-0.##})");
        var detail = SafeText.Short(evidence.Detail, 200);
        return Name(evidence.Result) + points + (detail.Length == 0 ? "" : $": {detail}");
    }

    /// <inheritdoc/>
    public string SayBurst(int sessions, TimeSpan length) =>
        length < TimeSpan.FromSeconds(1) ? $"{Number(sessions)} within a second" : $"{Number(sessions)} within {Duration(length)}";

    /// <inheritdoc/>
    public string SayInput(Explanation explanation)
    {
        var parts = new List<string>();
        if (explanation.LinesRead > 0)
        {
            parts.Add($"{Counted(explanation.LinesRead, "line")} read ({Number(explanation.LinesPostfix)} of Postfix, {Number(explanation.LinesUnparsed)} not understood)");
        }

        if (explanation.Notices > 0)
        {
            parts.Add(explanation.Notices == 1 ? "1 notice or transcript" : $"{Number(explanation.Notices)} notices or transcripts");
        }

        parts.Add(Sessions(explanation.Sessions));
        return List(parts);
    }

    /// <inheritdoc/>
    public string SayOrdinary(int clients, int sessions) => clients == 0
        ? ""
        : $"{Clients(clients)} only sent mail, in {Sessions(sessions)}.";

    /// <inheritdoc/>
    public string SayMore(int shown, int all) => $"Shown are {Number(shown)} of {Clients(all)}.";

    /// <inheritdoc/>
    public string SayColumn(TimeSpan width) => $"A column stands for {Duration(width)}.";

    private string Counted(long number, string one) => number == 1 ? $"1 {one}" : $"{Number(number)} {one}s";

    private static string Quote(string? text) => $"\"{SafeText.Short(text, QuotedCells)}\"";
}
