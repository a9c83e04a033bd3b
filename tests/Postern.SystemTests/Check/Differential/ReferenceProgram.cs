using System.Diagnostics;
using System.Text;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Check.Differential;

/// <summary>What another implementation said.</summary>
/// <param name="Result">Its result, or its results with blanks between.</param>
/// <param name="Reason">Its words on it.</param>
internal readonly record struct ReferenceAnswer(string Result, string Reason);

/// <summary>
/// Another implementation, as one process for all cases: a script of the folder <c>References</c> that answers each line of its input
/// by a line.
/// </summary>
internal static class ReferenceProgram
{
    /// <summary>Skips the test where the modules of the references are not installed.</summary>
    public static void Require(params string[] modules)
    {
        var missing = modules.Where(m => !Succeeds(m.Contains("::", StringComparison.Ordinal) ? "/usr/bin/perl" : "/usr/bin/python3", m.Contains("::", StringComparison.Ordinal) ? $"-M{m} -e 1" : $"-c \"import {m}\"")).ToArray();
        if (missing.Length > 0 || !File.Exists("/usr/sbin/unbound"))
        {
            Assert.Skip($"needs the packages of packages-check.txt (unbound; {string.Join(", ", missing)})");
        }
    }

    /// <summary>Runs a script over all lines.</summary>
    /// <param name="script">Its file name.</param>
    /// <param name="port">Where its DNS server listens on loopback.</param>
    /// <param name="lines">The cases, ASCII.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    public static async Task<ReferenceAnswer[]> RunAsync(string script, int port, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Machine.RepositoryRoot(), "tests", "Postern.SystemTests", "Check", "Differential", "References", script);
        // Debian's own interpreters: the references are Debian's packages.
        using var process = Process.Start(new ProcessStartInfo(script.EndsWith(".pl", StringComparison.Ordinal) ? "/usr/bin/perl" : "/usr/bin/python3", [path, $"{port}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Encoding.Latin1,
            StandardOutputEncoding = Encoding.Latin1,
        })!;
        await using var kill = cancellationToken.Register(static p => ((Process)p!).Kill(), process);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var writing = WriteAsync(process, lines);
        var answers = new List<ReferenceAnswer>(lines.Count);
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            var cut = line.IndexOf('\t', StringComparison.Ordinal);
            answers.Add(new(line[..cut], line[(cut + 1)..]));
        }

        await writing;
        await process.WaitForExitAsync(cancellationToken);
        answers.Count.ShouldBe(lines.Count, $"{script}: {await error}");
        return [.. answers];
    }

    private static async Task WriteAsync(Process process, IReadOnlyList<string> lines)
    {
        try
        {
            foreach (var line in lines)
            {
                await process.StandardInput.WriteLineAsync(line);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended early; its answers are counted.
        }
    }

    private static bool Succeeds(string program, string arguments)
    {
        if (!File.Exists(program))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
