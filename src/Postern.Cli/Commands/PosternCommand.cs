using System.CommandLine;
using Postern.Cli.Terminal;

namespace Postern.Cli.Commands;

/// <summary>The program: its commands, and what becomes of an error.</summary>
internal static class PosternCommand
{
    /// <summary>Runs a command line; exit code 0 for success, 1 for an answer 'no', 2 for bad usage or unreadable input.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("The gatekeeper for Postfix mail servers: what knocks, why, and who is genuine.")
        {
            ExplainCommand.Create(),
            CheckCommand.Create(),
            RunCommand.Create(),
            FilterCommand.Create(),
            ReplayCommand.Create(),
            NoticeCommand.Create(),
            DoctorCommand.Create(),
            ReportCommand.Create(),
        };
        foreach (var command in DaemonCommands.Create())
        {
            root.Add(command);
        }

        var parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments);
        if (parsed.Errors.Count > 0)
        {
            if (arguments[0] is var name && name.Length > 0 && name[0] != '-' && root.Subcommands.All(command => !string.Equals(command.Name, name, StringComparison.Ordinal)))
            {
                var nearest = Configuration.NearestName.Of(name, root.Subcommands.Select(command => command.Name));
                Complain($"there is no command '{name}'{(nearest is null ? "" : $"; did you mean '{nearest}'?")} (see 'postern --help')");
                return ExitCodes.BadUsage;
            }

            var words = parsed.Errors[0].Message.Split((char[])['\n', '\r', '\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            Complain(string.Join(' ', words) + " (see 'postern --help')");
            return ExitCodes.BadUsage;
        }

        try
        {
            // The service has signals of its own, and a stop that takes as long as it needs; without this it would be cut off after 2 s.
            var isService = parsed.CommandResult.Command.Name is RunCommand.Name;
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
            configuration.ProcessTerminationTimeout = isService ? null : configuration.ProcessTerminationTimeout;
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            Complain("stopped");
            return ExitCodes.BadUsage;
        }
        catch (IOException e)
        {
            // A reader that went away (a pipe into head) is no fault; anything else is told.
            if (!IsBrokenPipe(e))
            {
                Complain(e.Message);
            }

            return ExitCodes.BadUsage;
        }
        catch (UnauthorizedAccessException e)
        {
            Complain(e.Message);
            return ExitCodes.BadUsage;
        }
    }

    /// <summary>Says one line to the operator.</summary>
    public static void Complain(string line) => Console.Error.WriteLine("postern: " + Reports.Content.SafeText.Escape(line));

    private static bool IsBrokenPipe(IOException e) => (e.HResult & 0xFFFF) == 32 || e.Message.Contains("Broken pipe", StringComparison.OrdinalIgnoreCase);
}
