using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Postern.Enforcement.Command;

/// <summary>Runs the operator's program once, with a deadline, without a shell.</summary>
internal sealed class CommandRunner(TimeSpan deadline, TimeProvider time)
{
    private const int MostKept = 400;

    // A program that left something running in the background has its output held open by it.
    private static readonly TimeSpan s_afterwards = TimeSpan.FromMilliseconds(200);

    // What our own supervisor tells us is not for others.
    private static readonly string[] s_ours = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID"];

    /// <summary>Runs it to its end, or ends it with all that it started.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">The caller's own end.</param>
    /// <param name="variables">What it finds in its environment besides; null for nothing.</param>
    /// <returns>Null, or why it failed, in one line.</returns>
    public async Task<string?> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? variables = null) =>
        (await RunAsync(command, default, 0, variables, cancellationToken)).Failure;

    /// <summary>The same with something on its standard input.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="cancellationToken">The caller's own end.</param>
    /// <returns>The first line that it printed, and null or why it failed, in one line.</returns>
    public async Task<(string Output, string? Failure)> AskAsync(IReadOnlyList<string> command, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        await RunAsync(command, input, MostKept, variables: null, cancellationToken) is var (output, failure) ? (FirstLine(output), failure) : default;

    /// <summary>Runs it, and gives all that it printed.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="most">More bytes than this are read and dropped: a result of this length is not whole.</param>
    /// <param name="cancellationToken">The caller's own end.</param>
    /// <returns>What it printed, and null or why it failed, in one line.</returns>
    public Task<(byte[] Output, string? Failure)> ReadAsync(IReadOnlyList<string> command, int most, CancellationToken cancellationToken) =>
        RunAsync(command, default, most, variables: null, cancellationToken);

    private async Task<(byte[] Output, string? Failure)> RunAsync(IReadOnlyList<string> command, ReadOnlyMemory<byte> input, int wanted, IReadOnlyDictionary<string, string>? variables, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in s_ours)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var limit = new CancellationTokenSource(deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Task<byte[]>? error = null;
        try
        {
            using var process = Process.Start(start)!;
            var output = DrainAsync(process.StandardOutput.BaseStream, wanted);
            error = DrainAsync(process.StandardError.BaseStream, MostKept);
            try
            {
                await FeedAsync(process.StandardInput.BaseStream, input, both.Token);
                await process.WaitForExitAsync(both.Token);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }

            if (process.ExitCode == 0 && wanted == 0)
            {
                return ([], null);
            }

            await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(s_afterwards, time, cancellationToken));
            if (process.ExitCode == 0)
            {
                return (output.IsCompleted ? await output : [], null);
            }

            var said = error.IsCompleted ? FirstLine(await error) : "";
            return ([], string.Create(CultureInfo.InvariantCulture, $"{command[0]} ended with {process.ExitCode}{(said.Length == 0 ? "" : ": ")}{said}"));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // What it complained of while it went on trying.
            await Task.WhenAny(error ?? Task.FromResult<byte[]>([]), Task.Delay(s_afterwards, CancellationToken.None));
            var said = error is { IsCompleted: true } ? FirstLine(await error) : "";
            return ([], string.Create(CultureInfo.InvariantCulture, $"{command[0]} did not end within {deadline.TotalSeconds:0.#} s and was ended{(said.Length == 0 ? "" : ": ")}{said}"));
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return ([], $"{command[0]} cannot be run: {e.Message}");
        }
    }

    private static async Task FeedAsync(Stream stream, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(input, cancellationToken);
        }
        catch (IOException)
        {
            // It ended before it had read all; its exit code tells why.
        }
        finally
        {
            stream.Close();
        }
    }

    // Reads all, so that the program is never stopped by a full pipe, and keeps the beginning.
    private static async Task<byte[]> DrainAsync(Stream stream, int most)
    {
        var kept = new ArrayBufferWriter<byte>();
        var rest = new byte[4096];
        try
        {
            while (await stream.ReadAsync(rest) is var length and > 0)
            {
                kept.Write(rest.AsSpan(0, Math.Min(length, most - kept.WrittenCount)));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process was let go of; what was read till then is what it said.
        }

        return kept.WrittenSpan.ToArray();
    }

    // Made harmless for a terminal.
    private static string FirstLine(byte[] output)
    {
        var line = Encoding.UTF8.GetString(output).Trim().Split('\n')[0];
        return string.Concat(line.Select(c => char.IsControl(c) ? '?' : c));
    }
}
