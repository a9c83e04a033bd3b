using System.ComponentModel;
using System.Diagnostics;

namespace Postern.Fail2Ban.Jails;

/// <summary>
/// A jail's <c>ignorecommand</c>: run without a shell for each address, which stands in it as <c>&lt;ip&gt;</c>; success means that the
/// address is to be ignored. Its answers are kept for five minutes.
/// </summary>
internal sealed class IgnoreCommand
{
    private const int MostKept = 10_000;
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<string> _words;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, (bool Ignored, long At)> _answers = new(StringComparer.Ordinal);

    /// <summary>A command.</summary>
    /// <param name="command">As the jail has it; words in quotation marks stay together.</param>
    /// <param name="time">The clock.</param>
    public IgnoreCommand(string command, TimeProvider time) => (_words, _time) = (Split(command), time);

    /// <summary>Whether an address is to be ignored; a command that cannot be run or does not end ignores nobody.</summary>
    public bool Ignores(string ip)
    {
        if (_answers.TryGetValue(ip, out var known) && _time.GetElapsedTime(known.At) < s_kept)
        {
            return known.Ignored;
        }

        if (_answers.Count >= MostKept)
        {
            _answers.Clear();
        }

        var ignored = Run(ip);
        _answers[ip] = (ignored, _time.GetTimestamp());
        return ignored;
    }

    private bool Run(string ip)
    {
        if (_words.Count == 0)
        {
            return false;
        }
        // What is given stands as one word, whatever it holds.
        string[] words = [.. _words.Select(word => word.Replace("<ip>", ip, StringComparison.Ordinal))];
        try
        {
            using var process = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true });
            if (process is null)
            {
                return false;
            }

            process.StandardInput.Close();
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(s_longest))
            {
                return process.ExitCode == 0;
            }

            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    private static List<string> Split(string command)
    {
        var words = new List<string>();
        var word = "";
        char quote = '\0';
        var isOpen = false;
        foreach (var c in command)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                isOpen = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isOpen)
                {
                    words.Add(word);
                }

                (word, isOpen) = ("", false);
            }
            else
            {
                word += c;
                isOpen = true;
            }
        }

        if (isOpen)
        {
            words.Add(word);
        }

        return words;
    }
}
