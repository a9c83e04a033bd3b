using System.ComponentModel;
using System.Diagnostics;

namespace Postern.Cli.Postfix;

/// <summary>Runs one of Postfix's own programs (<c>postconf</c>, <c>postmap</c>) with a deadline, to ask it something; none of these questions changes anything.</summary>
internal static class PostfixProgram
{
    /// <summary>What it says.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="input">Its standard input; null for none.</param>
    /// <param name="longest">How long it may take.</param>
    /// <param name="stop">The end of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its output, or why there is none, in one line.</returns>
    /// <exception cref="OperationCanceledException">The program ends.</exception>
    public static async Task<(string? Output, string? Failure)> AskAsync(
        string program, string? input, TimeSpan longest, CancellationToken stop, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = input is not null, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            using var process = Process.Start(start)!;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(longest);
            try
            {
                var error = process.StandardError.ReadToEndAsync(patience.Token);
                var output = process.StandardOutput.ReadToEndAsync(patience.Token);
                if (input is not null)
                {
                    await WriteAsync(process, input, patience.Token);
                }

                await process.WaitForExitAsync(patience.Token);
                return process.ExitCode == 0
                    ? (await output, null)
                    : (null, (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? $"{program} failed");
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return (null, $"{program} cannot be run, so that nothing is known of Postfix: {e.Message}");
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken stop)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), stop);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has its answer before the end; its exit code tells.
        }
    }
}
