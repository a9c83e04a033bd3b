using System.Text;
using Postern.Capture.Journal;
using Postern.Facts;
using Postern.Fail2Ban.Filters;
using Postern.Fail2Ban.Jails;
using Failure = Postern.Facts.Failure;

namespace Postern.Engine.Fail2Ban;

/// <summary>One log and the jails that read it.</summary>
/// <param name="source">Its name, as what is kept of failures tells it.</param>
/// <param name="runs">The jails.</param>
/// <param name="time">The clock.</param>
/// <param name="twins">Where it is fail2ban's own log: tells bans that we made, too; else null.</param>
/// <param name="guard">Knows whose lines they are.</param>
internal sealed class Fail2BanLog(string source, IReadOnlyList<Fail2BanJailRun> runs, TimeProvider time, DuplicateBans? twins, LineOwnerGuard guard)
{
    private readonly JournalText _journal = new(time.LocalTimeZone);
    private readonly Encoding _encoding = EncodingOf(runs);
    private readonly FilterBank _bank = new([.. runs.Select(run => run.Jail.Filter)]);

    // The jails that must look at a line; those whose words do not stand in it cannot match.
    private readonly int[] _wanted = new int[runs.Count];

    /// <summary>Reads a batch.</summary>
    /// <param name="batch">The lines.</param>
    /// <param name="counted">Up to where they were counted before a restart.</param>
    /// <param name="failures">Takes what the jails find.</param>
    /// <returns>How many lines there were.</returns>
    public int Take(LineBatch batch, long counted, List<Fail2BanFailure> failures)
    {
        var lines = 0;
        foreach (var run in runs)
        {
            run.IsLive = batch.IsLive;
        }

        foreach (var (line, offset) in batch.Split())
        {
            lines++;
            if (batch.Offsets is null)
            {
                guard.Note(line.Span);
            }

            if (offset < counted)
            {
                continue;
            }

            if (batch.Offsets is null)
            {
                Read(Trimmed(line.Span), line, batch.IdAt(offset), failures);
            }
            else if (_journal.TryRead(line.Span, out var text, out var at) && Noted(text))
            {
                Read(text, at, _bank.Route(text, _wanted), line, batch.IdAt(offset), failures);
            }
        }

        return lines;
    }

    private bool Noted(string text)
    {
        guard.Note(text);
        return true;
    }

    /// <summary>Reads one line that comes from no file.</summary>
    public void Take(string line, ulong id, List<Fail2BanFailure> failures)
    {
        foreach (var run in runs)
        {
            run.IsLive = true;
        }

        Read(line, null, _bank.Route(line, _wanted), Encoding.UTF8.GetBytes(line), id, failures);
    }

    // Most lines concern no jail, and never become text.
    private void Read(ReadOnlySpan<byte> trimmed, ReadOnlyMemory<byte> line, ulong id, List<Fail2BanFailure> failures)
    {
        if (_encoding is not UTF8Encoding || twins is not null)
        {
            var text = _encoding.GetString(trimmed);
            if (twins?.IsNews(text, isOurs: false, time.GetUtcNow()) is not false)
            {
                Read(text, null, _bank.Route(text, _wanted), line, id, failures);
            }

            return;
        }

        foreach (var index in _wanted.AsSpan(0, _bank.Route(trimmed, _wanted)))
        {
            Add(runs[index].Take(trimmed), line, id, failures);
        }
    }

    private void Read(string text, LogTime? at, int wanted, ReadOnlyMemory<byte> line, ulong id, List<Fail2BanFailure> failures)
    {
        foreach (var index in _wanted.AsSpan(0, wanted))
        {
            Add(at is { } stated ? runs[index].Take(text, stated.ToDateTimeOffset()) : runs[index].Take(text), line, id, failures);
        }
    }

    private void Add(IReadOnlyList<Fail2BanFinding> findings, ReadOnlyMemory<byte> line, ulong id, List<Fail2BanFailure> failures)
    {
        for (var i = 0; i < findings.Count; i++)
        {
            failures.Add(new Fail2BanFailure(findings[i], findings[i].Id.Address.IsKnown ? Keep(findings[i], line, id) : null));
        }
    }

    private Failure Keep(Fail2BanFinding finding, ReadOnlyMemory<byte> line, ulong id) => new()
    {
        Id = id,
        Client = finding.Id.Address,
        Mark = new SessionMark(LogTime.From(TimeZoneInfo.ConvertTime(finding.Time, time.LocalTimeZone)), default, SessionTraits.None),
        Jail = finding.Jail,
        Source = source,
        Lines = (byte[])[.. Secrets.RemoveFromLine(line[..Math.Min(line.Length, Failure.MostText - 1)]).Span, (byte)'\n'],
    };

    // What fail2ban strips, too: the end of a Windows line, and what a crash leaves in a file.
    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> line) => line.TrimEnd("\r\0"u8);

    // Jails that read one log agree on its encoding, or one of them is wrong.
    private static Encoding EncodingOf(IReadOnlyList<Fail2BanJailRun> runs)
    {
        var name = runs.Select(run => run.Jail.LogEncoding).FirstOrDefault(static name => !string.Equals(name, "auto", StringComparison.OrdinalIgnoreCase));
        try
        {
            return name is null ? Encoding.UTF8 : Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }
}
