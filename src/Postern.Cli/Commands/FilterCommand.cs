using System.CommandLine;

namespace Postern.Cli.Commands;

/// <summary><c>postern filter</c>: fail2ban's filters, tried on logs and looked at for faults.</summary>
internal static class FilterCommand
{
    /// <summary>The command with its sub-commands.</summary>
    public static Command Create() => new("filter", "Try fail2ban's filters on logs, and look for their faults")
    {
        FilterTestCommand.Create(),
        FilterLintCommand.Create(),
    };
}
