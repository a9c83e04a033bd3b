using System.CommandLine;
using System.Text.Json;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Daemon.Systemd;
using Postern.Cli.Terminal;
using Postern.Cli.Words;

namespace Postern.Cli.Commands;

/// <summary>
/// <c>postern notice</c>, for an alias (<c>postmaster: "|…/postern notice"</c>): hands a notice to the running daemon. It
/// always ends with 0: any other code would make Postfix bounce or delay the postmaster's mail, and a notice that is lost
/// costs no more than one observation.
/// </summary>
internal static class NoticeCommand
{
    private const int MostBytes = 1_000_000;

    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var config = ConfigArgument.Create();
        var command = new Command("notice") { config };
        command.SetAction(async (parsed, stop) =>
        {
            if (await HandOverAsync(parsed.GetValue(config), wording.People.Errors, stop) is { } failure)
            {
                PosternCommand.Complain("the notice is lost: " + failure);
                // Postfix does not log what a program says that ends well.
                MailLog.Warn("the notice is lost: " + failure);
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<string?> HandOverAsync(string? configPath, IErrorWords words, CancellationToken stop)
    {
        try
        {
            using var input = Console.OpenStandardInput();
            var bytes = new byte[MostBytes + 1];
            var length = await input.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
            // What is left is read too, or the pipe breaks for Postfix, which then bounces.
            await input.CopyToAsync(Stream.Null, stop);
            if (length > MostBytes)
            {
                return "it is larger than 1 MB";
            }

            string? complaint = null;
            foreach (var socket in ConfigArgument.NoticeSocketsOf(configPath))
            {
                var (reply, failure) = await new ControlClient(socket, words).AskAsync(new ControlRequest(ControlCommands.Notice) { Message = bytes[..length] }, stop);
                using (reply)
                {
                    if (reply is not null)
                    {
                        return Complaint(reply.RootElement);
                    }
                }

                complaint ??= failure;
            }

            return complaint;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            return e.Message;
        }
    }

    private static string? Complaint(JsonElement reply) => DaemonRequest.IsRefusal(reply, out _) ? string.Join("; ", DaemonText.AnswerLines(reply)) : null;
}
