namespace Postern.Cli.Terminal;

/// <summary>What the program returns to the shell.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The answer is 'no': a lint error, an address that fails.</summary>
    public const int No = 1;

    /// <summary>Bad usage, or input that cannot be read; one line on standard error says what to do.</summary>
    public const int BadUsage = 2;

    /// <summary>A fault of our own: the daemon could not go on (EX_SOFTWARE of sysexits.h).</summary>
    public const int Fault = 70;
}
