using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Postern.Facts;

namespace Postern.Capture.Journal;

/// <summary>
/// Follows systemd's journal by journalctl(1), which copes with its rotation. It is started again from the last entry when it
/// ends, and ends with us: what it writes to is gone then.
/// </summary>
/// <param name="options">What is followed.</param>
/// <param name="known">Where it was read to; null for the first time.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told of trouble, and of its end.</param>
public sealed class JournalFollower(JournalOptions options, SourcePosition? known, TimeProvider time, Action<SourceTrouble> say)
{
    /// <summary>The source's name.</summary>
    public const string Source = "journal";

    private const int MostLines = 2000;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);
    private SourcePosition? _place = known;
    private string? _said;

    /// <summary>Follows until stopped.</summary>
    public async Task RunAsync(ChannelWriter<LineBatch> writer, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Say(await FollowAsync(writer, stop));
                await Task.Delay(s_pause, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task<string> FollowAsync(ChannelWriter<LineBatch> writer, CancellationToken stop)
    {
        var start = new ProcessStartInfo("journalctl")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            return $"journalctl cannot be run: {e.Message}";
        }

        using (process)
        {
            try
            {
                process.StandardInput.Close();
                var complaint = process.StandardError.ReadToEndAsync(stop);
                await ReadAsync(process.StandardOutput.BaseStream, writer, stop);
                var words = (await complaint).Split('\n')[0].Trim();
                return words.Length > 0 ? $"journalctl ended: {words}" : "journalctl ended";
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }
            }
        }
    }

    private IEnumerable<string> Arguments()
    {
        yield return "--output=json";
        yield return "--follow";
        yield return "--no-pager";
        yield return "--quiet";
        yield return "--no-tail";
        if (options.Directory is { } directory)
        {
            yield return "--directory=" + directory;
        }

        if (_place?.Cursor is { } cursor)
        {
            yield return "--after-cursor=" + cursor;
        }
        else
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--since=@{(time.GetUtcNow() - options.FirstLook).ToUnixTimeSeconds()}");
        }

        foreach (var match in options.Matches)
        {
            yield return match;
        }
    }

    private async Task ReadAsync(Stream output, ChannelWriter<LineBatch> writer, CancellationToken stop)
    {
        var buffer = new byte[256 * 1024];
        var length = 0;
        while (true)
        {
            var read = await output.ReadAsync(buffer.AsMemory(length), stop);
            length += read;
            var end = buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            if (end > 0)
            {
                Say(null);
                foreach (var batch in Batches(buffer.AsMemory(0, end)))
                {
                    await writer.WriteAsync(batch, stop);
                }

                buffer.AsSpan(end, length - end).CopyTo(buffer);
                length -= end;
            }
            else if (length == buffer.Length)
            {
                // An entry larger than any of Postfix's: nothing of it is needed.
                length = 0;
            }

            if (read == 0)
            {
                return;
            }
        }
    }

    private IEnumerable<LineBatch> Batches(ReadOnlyMemory<byte> lines)
    {
        var from = 0;
        List<long> offsets = [];
        SourcePosition? first = null;
        var last = _place ?? new SourcePosition(Source, 0, 0);
        for (var at = 0; at < lines.Length;)
        {
            var end = at + lines.Span[at..].IndexOf((byte)'\n') + 1;
            if (JournalCursor.TryRead(lines.Span[at..end], out var cursor))
            {
                var here = new SourcePosition(Source, cursor.SequenceId, cursor.Number, cursor.Text);
                first ??= here with { Cursor = last.Cursor };
                last = here;
                offsets.Add(cursor.Number);
            }
            else
            {
                offsets.Add(last.Offset);
            }

            at = end;
            if (offsets.Count == MostLines || at == lines.Length)
            {
                var done = last with { Offset = last.Offset + 1 };
                yield return new LineBatch { Source = Source, Lines = lines[from..at].ToArray(), Start = first ?? done, End = done, Offsets = offsets, Year = time.GetLocalNow().Year };
                (from, offsets, first) = (at, [], null);
            }
        }

        _place = last;
    }

    private void Say(string? trouble)
    {
        if (!string.Equals(_said, trouble, StringComparison.Ordinal))
        {
            _said = trouble;
            say(new SourceTrouble(Source, trouble));
        }
    }
}
