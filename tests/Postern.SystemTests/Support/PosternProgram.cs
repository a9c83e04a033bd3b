namespace Postern.SystemTests.Support;

/// <summary>The built program, run as an operator runs it.</summary>
internal static class PosternProgram
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    /// <summary>Where it is: POSTERN_BIN, else where the script at the root puts it.</summary>
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("POSTERN_BIN") is { Length: > 0 } named
            ? named
            : System.IO.Path.Combine(Machine.RepositoryRoot(), "artifacts", "postern");

    /// <summary>The program of the page, beside it.</summary>
    public static string Web { get; } = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, "postern-web");

    /// <summary>Runs it with these arguments.</summary>
    public static Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, string input = "")
    {
        if (!File.Exists(Path))
        {
            throw new InvalidOperationException($"{Path} is not built: run ./postern --version, or set POSTERN_BIN.");
        }

        return Command.RunAsync([Path, .. arguments], s_deadline, input, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>The explanation of these inputs, deliverers included.</summary>
    public static async Task<Report> ExplainAsync(params string[] inputs)
    {
        var result = (await RunAsync(["explain", "--format", "json", "--offline", "--lang", "en", "--all", .. inputs]))
            .OrThrow($"postern explain {string.Join(' ', inputs)}");
        return Report.Parse(result.Output);
    }
}
