using System.ComponentModel;
using System.Diagnostics;

namespace Postern.Web.Channel;

/// <summary>How a run of the program ended.</summary>
internal enum ToolEnd : byte
{
    /// <summary>It gave a document.</summary>
    Done,
    /// <summary>It refused; its first line says why.</summary>
    Refused,
    /// <summary>Another one is under way.</summary>
    Busy,
    /// <summary>It took too long.</summary>
    TookTooLong,
    /// <summary>There is no program to run.</summary>
    Missing,
}

/// <summary>
/// Runs <c>postern check</c> and <c>postern replay</c> as processes of their own, without a shell: they have no more rights than this
/// one, and what they take is given back when they end. One at a time, with a deadline.
/// </summary>
/// <param name="program">The program; null for none.</param>
internal sealed class ToolRunner(string? program) : IDisposable
{
    private const int MostOutputBytes = 32 * 1024 * 1024;
    private const int MostComplaint = 500;
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads on standard input.</param>
    /// <param name="deadline">How long it may take.</param>
    /// <param name="cancellationToken">The asker's patience; the process ends with it.</param>
    /// <returns>How it ended, with what it wrote; where it refused, with its first line of standard error.</returns>
    public async Task<(ToolEnd End, ReadOnlyMemory<byte> Output, string? Complaint)> RunAsync(
        IReadOnlyList<string> arguments, ReadOnlyMemory<byte> input, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (program is null)
        {
            return (ToolEnd.Missing, default, null);
        }

        if (!await _one.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return (ToolEnd.Busy, default, null);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(deadline);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                var output = ReadAsync(process.StandardOutput.BaseStream, MostOutputBytes, end.Token);
                var complaint = FirstLineAsync(process.StandardError, end.Token);
                await WriteAsync(process.StandardInput.BaseStream, input, end.Token);
                var (bytes, line) = (await output, await complaint);
                await process.WaitForExitAsync(end.Token);
                return bytes.Length > 0 ? (ToolEnd.Done, bytes, null) : (ToolEnd.Refused, default, Short(line));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return (ToolEnd.TookTooLong, default, null);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return (ToolEnd.Missing, default, null);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    // Reads all, so that the program is never stopped by a full pipe.
    private static async Task<string?> FirstLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var line = await reader.ReadLineAsync(cancellationToken);
        await reader.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
        return line;
    }

    // What refuses at once reads nothing of it.
    private static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(input, cancellationToken);
            await stream.DisposeAsync();
        }
        catch (IOException)
        {
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        var held = new MemoryStream();
        var buffer = new byte[32 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0 && held.Length <= most;)
        {
            held.Write(buffer, 0, read);
        }

        return held.Length > most ? default : held.GetBuffer().AsMemory(0, (int)held.Length);
    }

    private static string? Short(string? line) => line is { Length: > MostComplaint } ? line[..MostComplaint] : line;
}
