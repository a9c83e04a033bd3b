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
        // What goes on without it is stopped.
        var result = await AloneAsync("mount -t tmpfs none /etc", ["timeout", "--preserve-status", "15", PosternProgram.Path, .. command]);
        result.ExitCode.ShouldBeInRange(0, 2, result.Error);
        (result.Output + result.Error).ShouldNotContain("   at ");
        (result.Output + result.Error).ShouldNotContain("Unhandled");
        result.Output.ShouldNotContain("table inet postern");
    }

    [Theory]
    [InlineData("[notices]\nusers = [\"nobody-here\"]\n", "there is no user nobody-here")]
    [InlineData("[policy]\nlisten = \"unix:/proc/policy.sock\"\n", "/proc/policy.sock")]
    public async Task A_run_that_cannot_go_on_leaves_no_firewall_behind(string configuration, string why)
    {
        var file = Path.Combine(_folder, "postern.toml");
        await File.WriteAllTextAsync(file, $"state = \"{_folder}/state\"\nsocket = \"{_folder}/control.sock\"\n{configuration}\n[[logs]]\npath = \"{_folder}/mail.log\"\n", Stop);
        var result = await AloneAsync("true", [PosternProgram.Path, "run", "--config", file]);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldContain(why);
        result.Output.ShouldNotContain("table inet postern");
    }

    // In namespaces of its own; then it lists the firewall's tables.
    private static async Task<CommandResult> AloneAsync(string prepare, string[] command)
    {
        Machine.RequireLaboratory();
        var result = await Command.RunAsync(
            ["unshare", "-m", "-n", "sh", "-ec", $"{prepare}; status=0; \"$@\" || status=$?; nft list tables; exit $status", "sh", .. command], TimeSpan.FromSeconds(60), cancellationToken: Stop);
        result.TimedOut.ShouldBeFalse();
        return result;
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
