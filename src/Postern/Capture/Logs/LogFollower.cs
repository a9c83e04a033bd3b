using System.Threading.Channels;
using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>
/// Follows a log, or all that a pattern names: everything that is written to it, once and in order. It starts at the beginning
/// of a file that it does not know, else where it was. A broken world is told once, and tried again.
/// </summary>
/// <param name="pattern">A path, with <c>*</c> and <c>?</c> in its last part for several.</param>
/// <param name="known">Where each file was read to.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told of trouble, and of its end.</param>
public sealed class LogFollower(string pattern, IReadOnlyList<SourcePosition> known, TimeProvider time, Action<SourceTrouble> say)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, FollowedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);

    /// <summary>Follows until stopped. Where the writer is slow, the lines wait in the file.</summary>
    public async Task RunAsync(ChannelWriter<LineBatch> writer, CancellationToken stop)
    {
        using var watch = new FolderWatch(Path.GetDirectoryName(Path.GetFullPath(pattern))!);
        try
        {
            while (true)
            {
                var any = false;
                foreach (var path in Paths())
                {
                    any |= await ReadAsync(path, writer, stop);
                }

                if (!any)
                {
                    await watch.WaitAsync(s_poll, time, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        finally
        {
            foreach (var file in _files.Values)
            {
                file.Dispose();
            }
        }
    }

    private async Task<bool> ReadAsync(string path, ChannelWriter<LineBatch> writer, CancellationToken stop)
    {
        if (!_files.TryGetValue(path, out var file))
        {
            _files[path] = file = new FollowedFile(path, known.FirstOrDefault(place => string.Equals(place.Source, path, StringComparison.Ordinal)), time);
        }

        LineBatch? batch = null;
        try
        {
            batch = file.Next();
            Say(path, batch is null && !File.Exists(path) ? "there is no such file (waiting for it)" : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Say(path, e is UnauthorizedAccessException ? "it may not be read (permission denied)" : e.Message);
        }

        if (batch is null)
        {
            return false;
        }

        await writer.WriteAsync(batch, stop);
        return true;
    }

    // Rotated copies of what a pattern names are no logs of their own.
    private IEnumerable<string> Paths()
    {
        var name = Path.GetFileName(pattern);
        if (name.AsSpan().IndexOfAny('*', '?') < 0)
        {
            return [pattern];
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(pattern))!;
        try
        {
            return [.. Directory.EnumerateFiles(folder, name).Where(path => !IsCopy(Path.GetFileName(path))).Concat(_files.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Say(pattern, e.Message);
            return [.. _files.Keys];
        }
    }

    private static bool IsCopy(string name)
    {
        var end = Path.GetExtension(name);
        return end is ".gz" or ".xz" or ".zst" or ".bz2" || (end.Length > 1 && end.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)
            || (name.LastIndexOf('-') is var dash and > 0 && name.Length - dash >= 9 && name.AsSpan(dash + 1).IndexOfAnyExceptInRange('0', '9') < 0);
    }

    private void Say(string path, string? trouble)
    {
        var before = _said.GetValueOrDefault(path);
        if (string.Equals(before, trouble, StringComparison.Ordinal))
        {
            return;
        }

        if (trouble is null)
        {
            _said.Remove(path);
        }
        else
        {
            _said[path] = trouble;
        }

        say(new SourceTrouble(path, trouble));
    }
}
