using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>Setup looks at a real Postfix's configuration, and after it the doctor has nothing to say.</summary>
public sealed class SetupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-setup-").FullName;

    private string _before = "";

    private string Config => Path.Combine(_folder, "postern.toml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("# What the package ships.\n\n#[dns]\n#resolver = \"127.0.0.1:53\"\n")]
    [InlineData("retention = \"9d\" # ours\n\n[policy] # and this\nmode = \"observe\"\n")]
    public async Task After_it_the_doctor_is_silent_and_a_second_run_changes_nothing(string? before)
    {
        await SetUpAsync(before);
        string[] wanted = ["setup", "--offline", "--policy", "127.0.0.1:10040", "--milter", $"unix:{_folder}/milter", "--config", Config];

        // Without a terminal it only shows.
        var shown = (await RunAsync(PosternProgram.Path, wanted)).OrThrow("setup");
        shown.Output.ShouldContain("Nothing was written. To write it: postern setup");
        File.Exists(Config).ShouldBe(before is not null);
        (await DoctorAsync()).ShouldNotBeEmpty();

        var written = await JsonAsync([.. wanted, "--yes"]);
        written.GetProperty("written").GetBoolean().ShouldBeTrue();
        (await DoctorAsync()).ShouldBeEmpty();
        var text = await File.ReadAllTextAsync(Config, TestContext.Current.CancellationToken);
        text.ShouldContain("mode = \"dry-run\"");
        text.ShouldContain($"path = \"{_folder}/mail.log\"");
        foreach (var line in (before ?? "").Split('\n'))
        {
            text.Split('\n').Contains(line, StringComparer.Ordinal).ShouldBeTrue(line);
        }

        Directory.GetFiles(_folder, "postern.toml.before-setup-*").Length.ShouldBe(before is null ? 0 : 1);

        var again = await JsonAsync([.. wanted, "--yes"]);
        (again.GetProperty("unchanged").GetBoolean(), again.GetProperty("written").GetBoolean()).ShouldBe((true, false));
        (await File.ReadAllTextAsync(Config, TestContext.Current.CancellationToken)).ShouldBe(text);
        Directory.GetFiles(_folder, "postern.toml.before-setup-*").Length.ShouldBe(before is null ? 0 : 1);

        // What it tells to undo brings main.cf back.
        foreach (var setting in written.GetProperty("postfix").EnumerateArray())
        {
            (await RunAsync("sh", "-c", setting.GetProperty("undo").GetString()!)).OrThrow("undo");
        }

        (await RunAsync("postconf", "-n")).Output.ShouldBe(_before);
    }

    private async Task SetUpAsync(string? before)
    {
        if (!File.Exists("/usr/sbin/postconf"))
        {
            Assert.Skip("needs the Debian package postfix");
        }

        var ct = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(_folder, "main.cf"), $"""
            compatibility_level = 3.6
            myhostname = mx.example.org
            mydestination = mx.example.org
            mynetworks = 127.0.0.0/8
            alias_maps =
            maillog_file = {_folder}/mail.log
            maillog_file_prefixes = {_folder}
            smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
            smtpd_tls_security_level = may
            notify_classes = resource, bounce

            """, ct);
        await File.WriteAllTextAsync(Path.Combine(_folder, "master.cf"), "smtp inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\n", ct);
        await File.WriteAllTextAsync(Path.Combine(_folder, "mail.log"), "", ct);
        if (before is not null)
        {
            await File.WriteAllTextAsync(Config, before, ct);
        }

        _before = (await RunAsync("postconf", "-n")).OrThrow("postconf").Output;
    }

    private async Task<string[]> DoctorAsync()
    {
        var config = File.Exists(Config) ? Config : "/dev/null";
        using var report = JsonDocument.Parse((await RunAsync(PosternProgram.Path, "doctor", "--offline", "--format", "json", "--config", config)).Output);
        return [.. report.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString()!)];
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        using var report = JsonDocument.Parse((await RunAsync(PosternProgram.Path, [.. arguments, "--format", "json"])).OrThrow("setup").Output);
        return report.RootElement.Clone();
    }

    private Task<CommandResult> RunAsync(string program, params string[] arguments) => Command.RunAsync(
        [program, .. arguments], TimeSpan.FromSeconds(60), environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["MAIL_CONFIG"] = _folder }, cancellationToken: TestContext.Current.CancellationToken);
}
