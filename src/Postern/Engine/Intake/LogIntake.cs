using System.Runtime.InteropServices;
using Postern.Capture.Grammar;
using Postern.Classification.Clients;
using Postern.Classification.Sessions;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Intake;

/// <summary>
/// Reads the lines of followed logs into events of clients' sessions, and knows from where a restart must read again: from the
/// batch in which the oldest session that is still open began. What was counted before the restart is read again only to
/// know those sessions, and counted no second time.
/// </summary>
/// <param name="zone">The zone of stamps without offset.</param>
/// <param name="outbound">Takes those of mail on its way out; null where nobody wants them.</param>
/// <param name="monitor">Looks after the server itself; null where nobody wants it.</param>
internal sealed class LogIntake(TimeZoneInfo zone, OutboundMail? outbound = null, ServerMonitor? monitor = null)
{
    private readonly Dictionary<string, IntakeSource> _sources = new(StringComparer.Ordinal);
    // So many lines may one of two sources be ahead of the other that tells the same.
    private const int MostDoubled = 65_536;
    private readonly DoubledLines _doubled = new(MostDoubled);
    private long _sequence;

    // The batch that is being read.
    private LineBatch? _batch;
    private IEnumerator<(ReadOnlyMemory<byte> Line, long Offset)>? _lines;
    private IntakeSource? _source;
    private IntakeFile? _file;
    private ulong _name;
    private long _now;

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

    /// <summary>Begins to read a batch.</summary>
    /// <param name="batch">The lines.</param>
    /// <param name="now">The engine's clock, ticks.</param>
    public void Open(LineBatch batch, long now)
    {
        _source = Of(batch.Source);
        _file = _source.Take(batch, ++_sequence, now);
        Current = batch.Source;
        _name = StableHash.Of(MemoryMarshal.AsBytes(batch.Source.AsSpan()));
        var grammar = _source.Grammar ??= new LineGrammar(zone, (outbound is null ? MailReading.None : MailReading.Outbound) | (monitor is null ? MailReading.None : MailReading.Relaying));
        grammar.GoOnAt(batch.Year, 0);
        grammar.ReadAt(now, batch.IsLive);
        (_batch, _now, _lines) = (batch, now, batch.Split().GetEnumerator());
    }

    /// <summary>Reads on in the batch up to the next event of a client's session.</summary>
    /// <param name="e">The event.</param>
    /// <param name="origin">Where it stands.</param>
    /// <returns>False at the end of the batch.</returns>
    public bool TryRead(ref SmtpEvent e, out LineOrigin origin)
    {
        while (_lines!.MoveNext())
        {
            var (line, offset) = _lines.Current;
            IsReplaying = offset < _file!.Replayed;
            _source!.Lines++;
            e = default;
            if (IsOfClient(line, ref e))
            {
                origin = new LineOrigin(_batch!.IdAt(offset), _sequence, _now, line);
                return true;
            }
        }

        IsReplaying = false;
        _source!.Last = _source.Grammar!.Last > _source.Last ? _source.Grammar.Last : _source.Last;
        _lines.Dispose();
        _batch = null;
        origin = default;
        return false;
    }

    /// <summary>The places of the sources that were read on since the last call.</summary>
    /// <param name="oldest">The batch in which the oldest session that is still open began (<see cref="LineOrigin.Batch"/>).</param>
    public IEnumerable<SourcePosition> Positions(long oldest)
    {
        foreach (var source in _sources.Values)
        {
            if (source.IsDirty)
            {
                yield return source.Position(oldest);
            }
        }
    }

    private bool IsOfClient(ReadOnlyMemory<byte> line, ref SmtpEvent e)
    {
        var kind = _source!.Grammar!.Read(line, ref e);
        if (kind != LineClass.Event)
        {
            _source.Unparsed += kind == LineClass.Unparsed ? 1 : 0;
            _source.Unknown += kind == LineClass.Unknown ? 1 : 0;
            return false;
        }

        Server.Note(e);
        if (_source.Pairs.IsCopy(e))
        {
            return false;
        }

        var isOutbound = outbound?.Take(e) is true;
        if ((isOutbound && monitor is null) || !_doubled.IsNew(e, _name))
        {
            return false;
        }

        return monitor?.Take(e, IsReplaying) is not true && !isOutbound;
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
