using System.CommandLine;
using Postern.Cli.Terminal;
using Postern.Cli.Words;

namespace Postern.Cli.Commands;

/// <summary>The program: its commands, and what becomes of an error.</summary>
internal static class PosternCommand
{
    /// <summary>Runs a command line; exit code 0 for success, 1 for an answer 'no', 2 for bad usage or unreadable input.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var wording = Wording.Choose(arguments, Environment.GetEnvironmentVariable);
        var root = Create(wording);
        // A word that begins with @ is a sender's domain, and no file of further arguments.
        var parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            Complain(new UsageErrors(wording.People.Errors).Tell(parsed, arguments));
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
            Complain(wording.People.Errors.Stopped);
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

    /// <summary>All commands with their options; the manual pages and the completion are made of it, too (packaging/Postern.Packaging).</summary>
    public static RootCommand Create(Wording wording)
    {
        var root = new RootCommand
        {
            ExplainCommand.Create(wording),
            CheckCommand.Create(wording),
            RunCommand.Create(wording),
            FilterCommand.Create(wording),
            ReplayCommand.Create(wording),
            NoticeCommand.Create(wording),
            DoctorCommand.Create(wording),
            SetupCommand.Create(wording),
            ImportCommand.Create(wording),
            ConfigCommand.Create(wording),
            ReportCommand.Create(wording),
            WebCommand.Create(wording),
            LanguageArgument.Create(),
        };
        foreach (var command in DaemonCommands.Create(wording))
        {
            root.Add(command);
        }

        HelpPage.Attach(root, wording.People.Help);
        return root;
    }

    /// <summary>Says one line to the operator.</summary>
    public static void Complain(string line) => Console.Error.WriteLine("postern: " + Reports.Content.SafeText.Escape(line));

    private static bool IsBrokenPipe(IOException e) => (e.HResult & 0xFFFF) == 32 || e.Message.Contains("Broken pipe", StringComparison.OrdinalIgnoreCase);
}
