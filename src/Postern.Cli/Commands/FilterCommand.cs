using System.CommandLine;
using Postern.Cli.Words;

namespace Postern.Cli.Commands;

/// <summary><c>postern filter</c>: fail2ban's filters, tried on logs and looked at for faults.</summary>
internal static class FilterCommand
{
    /// <summary>The command with its sub-commands.</summary>
    public static Command Create(Wording wording) => new("filter")
    {
        FilterTestCommand.Create(wording),
        FilterLintCommand.Create(wording),
    };
}
