using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Postern.Facts;

namespace Postern.Capture.Journal;

/// <summary>
/// Follows systemd's journal by journalctl(1), which copes with its rotation. It is started again after the last entry when it
/// ends, and ends with us: what it writes to is gone then.
/// </summary>
/// <param name="options">What is followed.</param>
/// <param name="known">Where it was read to; null for the first time.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told of trouble, and of its end.</param>
public sealed class JournalFollower(JournalOptions options, SourcePosition? known, TimeProvider time, Action<SourceTrouble> say)
{
    /// <summary>The source's name where it is given none.</summary>
    public const string Source = "journal";

    private const int MostWords = 1024;
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);
    private JournalCursor? _last = known is not null && JournalCursor.TryParse(SourceMarks.Of(known).Own, out var cursor) ? cursor : null;

    // A journal that does not take the cursor is read by its time.
    private bool _isCursorRefused;
    private TimeSpan _pause = s_shortest;
    private string? _said;

    /// <summary>Follows until stopped.</summary>
    public async Task RunAsync(ChannelWriter<LineBatch> writer, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Say(await FollowAsync(writer, stop));
                await Task.Delay(_pause, time, stop);
                _pause = _pause * 2 < s_longest ? _pause * 2 : s_longest;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task<string> FollowAsync(ChannelWriter<LineBatch> writer, CancellationToken stop)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("journalctl", Arguments())
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
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
                var complaint = WordsAsync(process.StandardError.BaseStream, stop);
                var any = await ReadAsync(process.StandardOutput.BaseStream, writer, stop);
                var words = await complaint;
                await process.WaitForExitAsync(stop);
                if (!any && _last is not null && process.ExitCode != 0)
                {
                    _isCursorRefused = !_isCursorRefused;
                }

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

    private List<string> Arguments()
    {
        // From systemd 250 on, --follow alone shows the present boot only, and --boot=all does not change that: --merge does. It also
        // shows what other machines wrote, which the matches leave out. Without --all a long field is left out.
        List<string> arguments = ["--output=json", "--follow", "--merge", "--no-pager", "--quiet", "--no-tail", "--all"];
        if (options.Directory is { } directory)
        {
            arguments.Add("--directory=" + directory);
        }

        // Where the entry was vacuumed, --after-cursor would leave out the one that is found in its place.
        var since = _last?.Written ?? time.GetUtcNow() - options.FirstLook;
        arguments.Add(_last is { } last && !_isCursorRefused ? "--cursor=" + last.Text : string.Create(CultureInfo.InvariantCulture, $"--since=@{since.ToUnixTimeSeconds()}"));
        return [.. arguments, .. options.Directory is null && MachineId() is { } machine ? OfMachine(machine, options.Matches) : options.Matches];
    }

    /// <summary>The matches for entries of one machine: each of the alternatives that a plus separates is of that machine.</summary>
    internal static IEnumerable<string> OfMachine(string machine, IReadOnlyList<string> matches) =>
        [$"_MACHINE_ID={machine}", .. matches.SelectMany(match => match is "+" ? (string[])["+", $"_MACHINE_ID={machine}"] : [match])];

    private static string? MachineId()
    {
        try
        {
            return File.ReadAllText("/etc/machine-id").Trim() is { Length: 32 } id ? id : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private async Task<bool> ReadAsync(Stream output, ChannelWriter<LineBatch> writer, CancellationToken stop)
    {
        var cutter = new JournalCutter(options.Name, _last);
        var buffer = new byte[256 * 1024];
        var (length, isSkipping, any) = (0, false, false);
        while (true)
        {
            var read = await output.ReadAsync(buffer.AsMemory(length), stop);
            length += read;
            var start = isSkipping ? buffer.AsSpan(0, length).IndexOf((byte)'\n') + 1 : 0;
            isSkipping &= start == 0;
            var end = isSkipping ? length : buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            if (end > start && !isSkipping)
            {
                any = true;
                await HandOnAsync(cutter, buffer.AsMemory(start, end - start), writer, stop);
            }

            if (end == 0 && length == buffer.Length)
            {
                // An entry larger than any of Postfix's: nothing of it is needed.
                (isSkipping, end) = (true, length);
            }

            buffer.AsSpan(end, length - end).CopyTo(buffer);
            length -= end;
            if (read == 0)
            {
                return any;
            }
        }
    }

    private async Task HandOnAsync(JournalCutter cutter, ReadOnlyMemory<byte> lines, ChannelWriter<LineBatch> writer, CancellationToken stop)
    {
        var isFirst = cutter.IsFirst;
        foreach (var batch in cutter.Cut(lines, time.GetLocalNow().Year))
        {
            await writer.WriteAsync(batch, stop);
        }

        if (isFirst && cutter.HasGap && !_isCursorRefused)
        {
            Say("the entry that was read last is gone from the journal, and others that were not read may be, too; it goes on with what is there");
        }

        _last = cutter.Last;
        (_isCursorRefused, _pause) = (false, s_shortest);
        Say(null);
    }

    // What it says first tells most; all of it is taken, so that it can go on, and no more kept than anybody reads.
    private static async Task<string> WordsAsync(Stream error, CancellationToken stop)
    {
        var words = new byte[MostWords];
        var rest = new byte[MostWords];
        var length = await error.ReadAtLeastAsync(words, words.Length, throwOnEndOfStream: false, stop);
        while (await error.ReadAsync(rest, stop) > 0)
        {
        }

        return Encoding.UTF8.GetString(words, 0, length).Split('\n')[0].Trim();
    }

    private void Say(string? trouble)
    {
        if (!string.Equals(_said, trouble, StringComparison.Ordinal))
        {
            _said = trouble;
            say(new SourceTrouble(options.Name, trouble));
        }
    }
}
