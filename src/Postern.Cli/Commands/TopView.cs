using Postern.Cli.Daemon.Control;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Reports.Content;

namespace Postern.Cli.Commands;

/// <summary>The live view of <c>postern top</c>: a screen of its own, drawn anew each second, left by q or ctrl-C.</summary>
/// <param name="configPath">The configuration whose daemon is asked.</param>
/// <param name="wording">The languages.</param>
/// <param name="time">The clock.</param>
internal sealed class TopView(string? configPath, Wording wording, TimeProvider time)
{
    private const int HeadLines = 7;
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(1);

    /// <summary>Shows it until it is left (exit code 0) or the daemon does not answer (2).</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        if (ConfigArgument.SocketOf(configPath) is not { } socket)
        {
            return ExitCodes.BadUsage;
        }

        string? failure = null;
        // The other screen, without a cursor; what stood on the terminal comes back afterwards.
        Console.Out.Write("\u001b[?1049h\u001b[?25l");
        try
        {
            var leave = Console.IsInputRedirected ? Task.Delay(Timeout.Infinite, stop) : Task.Run(WaitForQ, CancellationToken.None);
            while (!leave.IsCompleted)
            {
                var height = Console.WindowHeight > HeadLines ? Console.WindowHeight : 24;
                var (reply, trouble) = await new ControlClient(socket, wording.People.Errors).AskAsync(new ControlRequest(ControlCommands.Top) { Most = height - HeadLines, Lang = wording.People.Tag }, stop);
                if (reply is null)
                {
                    failure = trouble;
                    break;
                }

                using (reply)
                {
                    if (DaemonRequest.IsRefusal(reply.RootElement, out _))
                    {
                        failure = string.Join("; ", DaemonText.AnswerLines(reply.RootElement));
                        break;
                    }

                    Console.Out.Write(Frame(new DaemonText(wording.People.Daemon, isWide: true).Top(reply.RootElement), Console.WindowWidth > 0 ? Console.WindowWidth : 80, height));
                }

                await Task.WhenAny(leave, Task.Delay(s_refresh, time, stop));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // ctrl-C is one of the two ways to leave.
        }
        finally
        {
            Console.Out.Write("\u001b[?25h\u001b[?1049l");
        }

        if (failure is null)
        {
            return ExitCodes.Success;
        }

        PosternCommand.Complain(failure);
        return ExitCodes.BadUsage;
    }

    /// <summary>One drawing: from the top left, each line cut to the width and cleared behind, the rest of the screen cleared.</summary>
    public static string Frame(string text, int width, int height)
    {
        var lines = text.TrimEnd('\n').Split('\n').Take(height - 1).Select(line => SafeText.Short(line, Math.Max(4, width - 1)));
        return "\u001b[H" + string.Concat(lines.Select(static line => line + "\u001b[K\r\n")) + "\u001b[J";
    }

    private static void WaitForQ()
    {
        while (Console.ReadKey(intercept: true).KeyChar is not ('q' or 'Q'))
        {
        }
    }
}
