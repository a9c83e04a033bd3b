using System.Globalization;
using System.Text;

namespace MakeLog;

/// <summary>
/// Puts the lines of sessions that overlap in order of time and writes them. Lines may be told ahead; nothing is
/// written before <see cref="FlushUntil"/> says that no earlier line can come.
/// </summary>
internal sealed class LogWriter(Stream output, bool rfc3339, long limit) : IDisposable
{
    private static readonly DateTime s_start = new(2025, 11, 24, 1, 2, 3, DateTimeKind.Unspecified);
    private readonly PriorityQueue<string, (long Time, long Order)> _ahead = new();
    private readonly byte[] _buffer = new byte[1 << 20];
    private byte[] _stamp = [];
    private long _second = -1;
    private long _order;
    private int _used;

    /// <summary>Lines written.</summary>
    public long Written { get; private set; }

    /// <summary>Lines told, written or not.</summary>
    public long Told => _order;

    /// <summary>True where the log has all lines that were wanted.</summary>
    public bool IsFull => Written >= limit;

    /// <summary>The time as anvil writes it within its line.</summary>
    public static string TimeInLine(long time) =>
        s_start.AddTicks(time * 10).ToString("MMM d HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Takes a line, from the program's tag on, for that time in microseconds from the start of the log.</summary>
    public void Tell(long time, string line) => _ahead.Enqueue(line, (time, _order++));

    /// <summary>Writes every line before that time.</summary>
    public void FlushUntil(long time)
    {
        while (!IsFull && _ahead.TryPeek(out _, out var next) && next.Time < time)
        {
            Write(next.Time, _ahead.Dequeue());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        output.Write(_buffer, 0, _used);
        _used = 0;
        output.Dispose();
    }

    private void Write(long time, string line)
    {
        if (_buffer.Length - _used < line.Length + 64)
        {
            output.Write(_buffer, 0, _used);
            _used = 0;
        }

        var second = time / 1_000_000;
        if (second != _second)
        {
            _second = second;
            var moment = s_start.AddSeconds(second);
            var day = moment.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2);
            _stamp = Encoding.ASCII.GetBytes(rfc3339
                ? moment.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
                : moment.ToString($"MMM '{day}' HH:mm:ss", CultureInfo.InvariantCulture));
        }

        Put(_stamp);
        if (rfc3339)
        {
            _buffer[_used] = (byte)'.';
            var micros = (int)(time % 1_000_000);
            for (var i = 6; i > 0; i--, micros /= 10)
            {
                _buffer[_used + i] = (byte)('0' + (micros % 10));
            }

            _used += 7;
            Put("+01:00"u8);
        }

        Put(" mail "u8);
        _used += Encoding.ASCII.GetBytes(line, _buffer.AsSpan(_used));
        _buffer[_used++] = (byte)'\n';
        Written++;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }
}
