using System.Runtime.InteropServices;
using Postern.Capture.Grammar;
using Postern.Classification.Clients;
using Postern.Classification.Live;
using Postern.Classification.Sessions;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Intake;

/// <summary>
/// Reads the lines of watched logs into events for the classifier, and knows from where a restart must read again: from the
/// batch in which the oldest session that is still open began. What was counted before the restart is read again only to
/// know those sessions, and reported no second time.
/// </summary>
/// <param name="classifier">Takes the events.</param>
/// <param name="zone">The zone of stamps without offset.</param>
/// <param name="outbound">Takes those of mail on its way out; null where nobody wants them.</param>
/// <param name="monitor">Looks after the server itself; null where nobody wants it.</param>
internal sealed class LogIntake(LiveClassifier classifier, TimeZoneInfo zone, OutboundMail? outbound = null, ServerMonitor? monitor = null)
{
    private readonly Dictionary<string, IntakeSource> _sources = new(StringComparer.Ordinal);
    // So many lines may one of two sources be ahead of the other that tells the same.
    private const int MostDoubled = 65_536;
    private readonly DoubledLines _doubled = new(MostDoubled);
    private long _sequence;

    /// <summary>The server's own addresses, as its logs show them.</summary>
    public ServerAddresses Server { get; } = new();

    /// <summary>True while lines are read that were counted before the restart.</summary>
    public bool IsReplaying { get; private set; }

    /// <summary>What each source has given, by name.</summary>
    public IEnumerable<(string Source, long Lines, LogTime Last, long ReadAt)> Progress =>
        _sources.Values.Select(source => (source.Name, source.Lines, source.Last, source.ReadAt));

    /// <summary>Lines of each source that could not be read, or that have an unknown form, by name.</summary>
    public IEnumerable<(string Source, long Unparsed, long Unknown)> Unread => _sources.Values.Select(source => (source.Name, source.Unparsed, source.Unknown));

    /// <summary>The source whose lines are being read.</summary>
    public string Current { get; private set; } = "";

    /// <summary>Says how far a source was counted before the restart.</summary>
    public void Restore(SourcePosition position)
    {
        if (position.CountedFileId != 0)
        {
            Of(position.Source).Restore(SourceMarks.Of(position));
        }
    }

    /// <summary>Reads a batch.</summary>
    /// <param name="batch">The lines.</param>
    /// <param name="now">The watcher's clock, ticks.</param>
    public void Take(LineBatch batch, long now)
    {
        var source = Of(batch.Source);
        var sequence = ++_sequence;
        var file = source.Take(batch, sequence, now);
        Current = batch.Source;
        var grammar = source.Grammar ??= new LineGrammar(zone, (outbound is null ? MailReading.None : MailReading.Outbound) | (monitor is null ? MailReading.None : MailReading.Relaying));
        grammar.GoOnAt(batch.Year, 0);
        grammar.ReadAt(now, batch.IsLive);
        var name = StableHash.Of(MemoryMarshal.AsBytes(batch.Source.AsSpan()));
        foreach (var (line, offset) in batch.Split())
        {
            IsReplaying = offset < file.Replayed;
            Read(grammar, source, line, new LineOrigin(batch.IdAt(offset), sequence, now, line), name);
            source.Lines++;
        }

        IsReplaying = false;
        source.Last = grammar.Last > source.Last ? grammar.Last : source.Last;
    }

    /// <summary>The places of the sources that were read on since the last call.</summary>
    /// <param name="now">The watcher's clock, ticks.</param>
    public IEnumerable<SourcePosition> Positions(long now)
    {
        var oldest = classifier.OldestOpenBatch(now);
        foreach (var source in _sources.Values)
        {
            if (source.IsDirty)
            {
                yield return source.Position(oldest);
            }
        }
    }

    private void Read(LineGrammar grammar, IntakeSource from, ReadOnlyMemory<byte> line, in LineOrigin origin, ulong source)
    {
        SmtpEvent e = default;
        var kind = grammar.Read(line, ref e);
        if (kind != LineClass.Event)
        {
            from.Unparsed += kind == LineClass.Unparsed ? 1 : 0;
            from.Unknown += kind == LineClass.Unknown ? 1 : 0;
            return;
        }

        Server.Note(e);
        if (from.Pairs.IsCopy(e))
        {
            return;
        }

        var isOutbound = outbound?.Take(e) is true;
        if ((isOutbound && monitor is null) || !_doubled.IsNew(e, source))
        {
            return;
        }

        if (monitor?.Take(e, IsReplaying) is not true && !isOutbound)
        {
            classifier.Add(e, origin);
        }
    }

    private IntakeSource Of(string name)
    {
        if (!_sources.TryGetValue(name, out var source))
        {
            _sources[name] = source = new IntakeSource(name);
        }

        return source;
    }
}
