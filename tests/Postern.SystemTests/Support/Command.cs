using System.Diagnostics;

namespace Postern.SystemTests.Support;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; -1 where the deadline ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>True where the deadline ended the program.</summary>
    public bool TimedOut => ExitCode == -1;

    /// <summary>This, or an exception that shows what the program said where it failed.</summary>
    public CommandResult OrThrow(string what) => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"{what} ended with {ExitCode}: {Error}{Output}");
}

/// <summary>Runs programs, each with a deadline.</summary>
internal static class Command
{
    /// <summary>Runs a program to its end, or kills it and its children at the deadline.</summary>
    public static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> command,
        TimeSpan deadline,
        string input = "",
        IReadOnlyDictionary<string, string>? environment = null,
        CancellationToken cancellationToken = default)
    {
        using var process = Start(command, environment);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var timedOut = false;
        try
        {
            await WriteInputAsync(process, input, limit.Token);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            timedOut = true;
        }

        var result = new CommandResult(timedOut ? -1 : process.ExitCode, await output, await error);
        // A process that is disposed leaves its pipes open until they are collected: so many at once that libnftables, which
        // calls select(2), would abort.
        process.StandardOutput.Dispose();
        process.StandardError.Dispose();
        return result;
    }

    private static Process Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
    }

    private static async Task WriteInputAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program left without reading its input; its exit code tells why.
        }
    }
}
