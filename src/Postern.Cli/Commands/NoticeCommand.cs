using System.CommandLine;
using Postern.Cli.Control;

namespace Postern.Cli.Commands;

/// <summary>
/// <c>postern notice</c>, for an alias (<c>postmaster: "|…/postern notice"</c>): hands a notice to the running daemon. It always
/// ends with 0, for anything else would make Postfix bounce or delay the postmaster's mail.
/// </summary>
internal static class NoticeCommand
{
    private const int MostBytes = 1_000_000;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var config = RunCommand.ConfigOption();
        var command = new Command("notice", "Hand a notice of Postfix, on standard input, to the running daemon") { config };
        command.SetAction(async (parsed, stop) =>
        {
            using var input = Console.OpenStandardInput();
            var bytes = new byte[MostBytes];
            var length = await input.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
            // What is left must be read, or the pipe breaks for who writes it.
            await input.CopyToAsync(Stream.Null, stop);
            if (RunCommand.Load(parsed.GetValue(config), checkFiles: false) is { } loaded)
            {
                var (reply, failure) = await new ControlClient(loaded.Options.Socket).AskAsync(new ControlRequest(ControlCommands.Notice) { Message = bytes[..length] }, stop);
                reply?.Dispose();
                if (failure is not null)
                    PosternCommand.Complain(failure);
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
