using Postern.SystemTests.Support;

namespace Postern.SystemTests.Packages;

/// <summary>The completion in the shells themselves; what it offers is held to the help by a fast test.</summary>
public sealed class CompletionTests(PackageBuild packages)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("postern expl", "explain")]
    [InlineData("postern filter ", "lint test")]
    [InlineData("postern explain --form", "--format")]
    [InlineData("postern explain --format j", "json")]
    [InlineData("postern explain --format = j", "json")]
    [InlineData("postern brake ", "release")]
    [InlineData("postern ban --reason release --f", "--for --format")]
    public async Task Bash_completes(string line, string offered)
    {
        var words = line.EndsWith(' ') ? line + "''" : line;
        var script = $"source \"$1\"; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _postern; echo \"${{COMPREPLY[*]}}\"";
        var answer = (await ShellAsync("bash", "bash", "--norc", "-c", script, "bash", await FileAsync("usr/share/bash-completion/completions/postern"))).OrThrow("bash");
        answer.Error.ShouldBeEmpty();
        answer.Output.Trim().Split(' ').Order(StringComparer.Ordinal).ShouldBe(offered.Split(' '));
    }

    [Theory]
    [InlineData("postern expl", "explain")]
    [InlineData("postern filter ", "lint test")]
    [InlineData("postern explain --form", "--format")]
    [InlineData("postern explain --format ", "html json text")]
    [InlineData("postern ban --reason release --f", "--for --format")]
    [InlineData("postern check 192.0.2.1 --message /etc/host", "/etc/host.conf /etc/hostname /etc/hosts")]
    public async Task Fish_completes(string line, string offered)
    {
        var answer = (await ShellAsync("fish", "fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", await FileAsync("usr/share/fish/vendor_completions.d/postern.fish"), line)).OrThrow("fish");
        answer.Error.ShouldBeEmpty();
        var names = answer.Output.TrimEnd().Split('\n').Select(row => row.Split('\t')[0]).ToList();
        offered.Split(' ').Except(names, StringComparer.Ordinal).ShouldBeEmpty();
        names.ShouldAllBe(name => name.StartsWith('/') || offered.Split(' ').Contains(name, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("postern expl", "postern explain ")]
    [InlineData("postern filter t", "postern filter test ")]
    [InlineData("postern explain --form", "postern explain --format=")]
    [InlineData("postern explain --format=j", "postern explain --format=json ")]
    [InlineData("postern check 192.0.2.1 --message=/etc/hostn", "postern check 192.0.2.1 --message=/etc/hostname ")]
    public async Task Zsh_completes(string line, string then)
    {
        var folder = Path.GetDirectoryName(await FileAsync("usr/share/zsh/vendor-completions/_postern"))!;
        var answer = (await ShellAsync("zsh", "zsh", "-f", Path.Combine(Machine.RepositoryRoot(), "tests/Postern.SystemTests/Packages/zsh-tab.zsh"), folder, line)).OrThrow("zsh");
        answer.Output.ShouldContain($"<BUFFER>{then}</BUFFER>");
    }

    [Fact]
    public async Task Zsh_shows_what_each_command_does()
    {
        var folder = Path.GetDirectoryName(await FileAsync("usr/share/zsh/vendor-completions/_postern"))!;
        var answer = (await ShellAsync("zsh", "zsh", "-f", Path.Combine(Machine.RepositoryRoot(), "tests/Postern.SystemTests/Packages/zsh-tab.zsh"), folder, "postern ")).OrThrow("zsh");
        foreach (var row in (await PosternProgram.RunAsync(["--help"])).Output.Split("Commands:\n")[1].Split("\n\n")[0].Split('\n').Where(row => row.StartsWith("  ", StringComparison.Ordinal) && row[2] != ' '))
        {
            answer.Output.ShouldMatch($@"(?m)^{row.Trim().Split(' ')[0]} +-- ");
        }
    }

    private async Task<string> FileAsync(string name)
    {
        var tree = Path.Combine(packages.Folder.FullName, Guid.NewGuid().ToString("N"));
        (await Command.RunAsync(["dpkg-deb", "-x", await packages.MakeAsync("first"), tree], s_deadline)).OrThrow("dpkg-deb -x");
        return Path.Combine(tree, name);
    }

    private static Task<CommandResult> ShellAsync(string shell, params string[] command)
    {
        if (!Machine.Has(shell))
        {
            Assert.Skip($"{shell} is not installed: see tests/Postern.SystemTests/packages-packages.txt.");
        }

        return Command.RunAsync(command, s_deadline, cancellationToken: TestContext.Current.CancellationToken);
    }
}
