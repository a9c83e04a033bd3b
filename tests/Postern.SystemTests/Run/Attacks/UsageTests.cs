using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>Whatever is wrong with a command line, a configuration or the machine: one clear line and exit code 2, never a stack trace.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-usage-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("bogus", "there is no command 'bogus'")]
    [InlineData("statsu", "did you mean 'status'?")]
    [InlineData("expalin", "did you mean 'explain'?")]
    public async Task A_command_that_does_not_exist_is_told_with_the_nearest(string command, string words) => Refused(await PosternProgram.RunAsync([command])).ShouldContain(words);

    [Fact]
    public async Task Without_a_command_it_prints_help()
    {
        var bare = await PosternProgram.RunAsync([]);
        (bare.ExitCode, bare.Error).ShouldBe((0, ""));
        bare.Output.ShouldContain("postern explain");
    }

    [Theory]
    [InlineData("x = ", 100_000, '[', ']')]
    [InlineData("x = ", 100_000, '[', ' ')]
    [InlineData("", 100_000, '[', ']')]
    [InlineData("x = { a = ", 50_000, '{', ' ')]
    public async Task A_configuration_that_is_nested_without_end_is_one_line(string before, int depth, char open, char close)
    {
        var file = Path.Combine(_folder, "postern.toml");
        await File.WriteAllTextAsync(file, before + new string(open, depth) + new string(close, depth) + "\n", Stop);
        Refused(await PosternProgram.RunAsync(["run", "--config", file])).ShouldContain(file);
        (await PosternProgram.RunAsync(["config", "check", "--config", file])).Error.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("run")]
    [InlineData("status")]
    [InlineData("explain")]
    [InlineData("check", "192.0.2.1")]
    [InlineData("doctor")]
    public async Task On_a_machine_without_etc_it_says_what_it_lacks(params string[] command)
    {
        Machine.RequireLaboratory();
        var result = await Command.RunAsync(
            ["unshare", "-m", "sh", "-ec", "mount -t tmpfs none /etc; exec \"$@\"", "sh", PosternProgram.Path, .. command], TimeSpan.FromSeconds(60), cancellationToken: Stop);
        result.TimedOut.ShouldBeFalse();
        result.ExitCode.ShouldBeInRange(0, 2, result.Error);
        (result.Output + result.Error).ShouldNotContain("   at ");
        (result.Output + result.Error).ShouldNotContain("Unhandled");
    }

    private static string Refused(CommandResult result)
    {
        result.ExitCode.ShouldBe(2, result.Error);
        result.Output.ShouldBeEmpty();
        var line = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
        line.Length.ShouldBeLessThan(400);
        return line;
    }
}
