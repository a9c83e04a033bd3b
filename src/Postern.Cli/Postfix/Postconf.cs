namespace Postern.Cli.Postfix;

/// <summary>Asks Postfix how it is set (<c>postconf</c>), with a deadline; it changes nothing.</summary>
internal static class Postconf
{
    /// <summary>What postconf says.</summary>
    /// <param name="longest">How long it may take.</param>
    /// <param name="stop">The end of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its output, or why there is none, in one line.</returns>
    /// <exception cref="OperationCanceledException">The program ends.</exception>
    public static Task<(string? Output, string? Failure)> AskAsync(TimeSpan longest, CancellationToken stop, params string[] arguments) =>
        PostfixProgram.AskAsync("postconf", null, longest, stop, arguments);
}
