using System.Globalization;
using Postern.Cli.Configuration;
using Postern.Cli.Words;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;

namespace Postern.Cli.Notifications.Telling;

/// <summary>Says for people what happened.</summary>
/// <param name="language">The language, <c>en</c> or <c>ja</c>.</param>
internal sealed class HappeningText(string language)
{
    private const int LongestDetail = 300;
    private readonly INotificationWords _words = Catalogue.For(language).Notifications;
    private readonly IReportLanguage _reports = ReportLanguages.For(language);

    /// <summary>The sentences of the language.</summary>
    public INotificationWords Words => _words;

    /// <summary>One happening in one line or a few, with its time.</summary>
    public string Of(Happening one) => one.Kind == HappeningKind.Digest ? Sentence(one) : $"{Time(one.At)} {Sentence(one)}";

    /// <summary>The heading of several: the server, how many, and what they are about.</summary>
    public string Title(IReadOnlyList<Happening> all, long more, string host)
    {
        var topics = all.Select(static one => one.Kind.Topic()).OfType<NotificationTopic>().Distinct().OrderBy(static topic => topic).Select(_words.Topic).ToList();
        return _words.Title(SafeText.Escape(host), topics.Count == 0 ? _words.TestTitle : string.Join(_words.Comma, topics), all.Count + more, all.Any(static one => one.IsDryRun));
    }

    /// <summary>Several, a paragraph each.</summary>
    public string Body(IReadOnlyList<Happening> all, long more) =>
        string.Join('\n', all.Select(Of)) + (more > 0 ? "\n" + _words.More(more) : "");

    /// <summary>A time as people read it, with its offset.</summary>
    public static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    private static string Safe(string? text) => SafeText.Short(text, LongestDetail);

    /// <summary>The same without its time.</summary>
    public string Sentence(Happening one)
    {
        var (subject, detail) = (Safe(one.Subject), Safe(one.Detail));
        return one.Kind switch
        {
            HappeningKind.Ban => _words.Ban($"{one.Network}", Time(one.Until ?? one.At), Safe(one.Jail), Safe(one.Reason), one.IsDryRun),
            HappeningKind.Unban => _words.Lifted($"{one.Network}", Safe(one.Jail), one.IsDryRun),
            HappeningKind.BanEnded => _words.Ended($"{one.Network}", Safe(one.Jail), one.IsDryRun),
            HappeningKind.Spared => _words.Spared($"{one.Client}", Safe(one.Jail), detail),
            HappeningKind.BanWave => _words.Wave(one.Count, one.IsDryRun),
            HappeningKind.BrakePulled => _words.BrakePulled(Safe(one.Reason), detail, one.Count),
            HappeningKind.BrakeReleased => _words.BrakeReleased(Safe(one.Reason), one.IsInFull, one.Count),
            HappeningKind.AccountTakeover => _words.Takeover(subject, one.Count, one.Networks, Time(one.From ?? one.At)),
            HappeningKind.SourceUnreadable => _words.Unreadable(subject, detail),
            HappeningKind.SourceSilent => _words.Silent(subject, Time(one.From ?? one.At)),
            HappeningKind.SourceRecovered => _words.Readable(subject),
            HappeningKind.DnsListBroken => _words.ListBroken(subject, detail),
            HappeningKind.DnsListRecovered => _words.ListRecovered(subject),
            HappeningKind.OpenRelay => _words.Relay($"{one.Client}", detail, _reports.Advise(TroubleKind.OpenRelay)),
            HappeningKind.ServerTrouble => TroubleNames.TryParse(one.Subject, out var kind) ? _words.Trouble(_reports.Name(kind), one.Count, detail, _reports.Advise(kind)) : detail,
            HappeningKind.DatabaseTrouble => _words.DatabaseTrouble(detail),
            HappeningKind.DatabaseRecovered => _words.DatabaseRecovered,
            HappeningKind.DatabaseDamaged => _words.DatabaseDamaged(detail),
            HappeningKind.Fault => _words.Fault(subject, detail),
            HappeningKind.EventsLost => _words.EventsLost(one.Count),
            HappeningKind.Start => _words.Started,
            HappeningKind.Stop => _words.Stopped,
            HappeningKind.Digest => one.Detail ?? "",
            HappeningKind.Test => _words.Test,
            _ => detail,
        };
    }
}
