using System.Text;
using Postern.Classification.Live;
using Postern.Engine.Intake;
using Postern.Facts;

namespace Postern.Tests.Engine;

/// <summary>A watched log: lines are written to it, read in batches, and what is reported of them is kept.</summary>
internal sealed class WatchSupport
{
    public const ulong File = 77;
    private readonly LiveClassifier _classifier;
    private readonly bool _isMuted;
    private long _offset;

    public WatchSupport(bool isMuted = false, bool hasGate = false)
    {
        _isMuted = isMuted;
        _classifier = new LiveClassifier(hasGate);
        Watch = new LogIntake(TimeZoneInfo.Utc);
    }

    public LogIntake Watch { get; }

    public List<SessionReport> Reports { get; } = [];

    public long Now { get; set; } = TimeSpan.TicksPerHour;

    public WatchSupport Read(params string[] lines) => ReadFrom("mail.log", lines);

    public WatchSupport ReadFrom(string source, params string[] lines)
    {
        var bytes = Encoding.Latin1.GetBytes(string.Concat(lines));
        Watch.Open(new LineBatch
        {
            Source = source,
            Lines = bytes,
            Start = new SourcePosition(source, File, _offset),
            End = new SourcePosition(source, File, _offset += bytes.Length),
            Year = 2026,
        }, Now);
        SmtpEvent e = default;
        while (Watch.TryRead(ref e, out var origin))
        {
            _classifier.Add(e, origin);
            Note();
        }

        return this;
    }

    /// <summary>The gate tells of a session.</summary>
    public WatchSupport Gate(SmtpSession session)
    {
        _classifier.Add(session);
        Note();
        return this;
    }

    public WatchSupport SkipTo(long offset)
    {
        _offset = offset;
        return this;
    }

    public WatchSupport Hear(Notice notice, ulong id = 9)
    {
        _classifier.Add(notice, id, Now);
        Note();
        return this;
    }

    public WatchSupport Wait(TimeSpan time)
    {
        Now += time.Ticks;
        _classifier.Tick(Now);
        Note();
        return this;
    }

    /// <summary>From where a restart reads on.</summary>
    public IEnumerable<SourcePosition> Positions() => Watch.Positions(_classifier.OldestOpenBatch(Now));

    private void Note()
    {
        while (_classifier.TryTake(out var report))
        {
            if (!_isMuted || !Watch.IsReplaying)
            {
                Reports.Add(report);
            }
        }
    }

    /// <summary>The last report of each session: what a count of sessions would see.</summary>
    public List<SessionReport> Sessions => [.. Reports.GroupBy(report => report.Id).Select(group => group.Last())];

    public static string Smtpd(int process, string text, string time = "10:00:00") => $"Nov 25 {time} mx postfix/smtpd[{process}]: {text}\n";

    public static string LoneDot(int process, string address, string time = "10:00:00") =>
        Smtpd(process, $"connect from unknown[{address}]", time) + Smtpd(process, $"warning: non-SMTP command from unknown[{address}]: .", time)
        + Smtpd(process, $"disconnect from unknown[{address}] unknown=0/1 commands=0/1", time);
}
