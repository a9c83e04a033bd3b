using System.ComponentModel;
using System.Diagnostics;

namespace Postern.Cli.Running;

/// <summary>Asks Postfix how it is set (<c>postconf</c>), with a deadline; it changes nothing.</summary>
internal static class Postconf
{
    /// <summary>What postconf says.</summary>
    /// <param name="longest">How long it may take.</param>
    /// <param name="stop">The end of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its output, or why there is none, in one line.</returns>
    /// <exception cref="OperationCanceledException">The program ends.</exception>
    public static async Task<(string? Output, string? Failure)> AskAsync(TimeSpan longest, CancellationToken stop, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("postconf", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(longest);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0
                ? (output, null)
                : (null, (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "postconf failed");
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return (null, $"postconf cannot be run, so that nothing is known of Postfix: {e.Message}");
        }
    }
}
