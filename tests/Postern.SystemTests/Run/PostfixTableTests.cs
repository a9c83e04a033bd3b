using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>Without a firewall, Postfix itself turns the banned away by a table, and lets them in again when the ban is over.</summary>
public sealed class PostfixTableTests : IDisposable
{
    private static readonly Host s_banned = new("192.0.2.54");
    private static readonly Host s_other = new("192.0.2.55");
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task Smtpd_answers_a_banned_client_as_the_table_says() => Turns_away(
        "smtpd", PostfixSettings.Current with { Main = new Dictionary<string, string>(StringComparer.Ordinal) { ["smtpd_client_restrictions"] = $"check_client_access cidr:{_folder}/access.cidr" } },
        isDelayed: true, "421 4.7.0");

    [Fact]
    public Task Postscreen_drops_a_banned_client() => Turns_away(
        "postscreen", PostfixSettings.BehindPostscreen with
        {
            Main = new Dictionary<string, string>(StringComparer.Ordinal) { ["postscreen_access_list"] = $"cidr:{_folder}/access.cidr", ["postscreen_denylist_action"] = "drop" },
        },
        isDelayed: false, "521 5.3.2");

    private async Task Turns_away(string form, PostfixSettings settings, bool isDelayed, string refusal)
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        // Postfix's own user reads it.
        (await Command.RunAsync(["chmod", "755", _folder], TimeSpan.FromSeconds(10), cancellationToken: ct)).OrThrow("chmod");
        await File.WriteAllTextAsync(Path.Combine(_folder, "access.cidr"), "", ct);
        await using var laboratory = await Laboratory.OpenAsync(settings, [s_banned, s_other], [], ct);
        await using var postern = await RunningPostern.StartAsync(
            laboratory.Postfix.Log, laboratory.Server, $"[nftables]\nenabled = false\n[[table]]\npath = \"{_folder}/access.cidr\"\nform = \"{form}\"\n", ct);

        (await postern.AskAsync("ban", s_banned.Address)).OrThrow("ban");
        await UntilAnswersAsync(laboratory, s_banned, refusal, isDelayed, ct);
        (await AnswerAsync(laboratory, s_other, isDelayed, ct)).ShouldStartWith("2");
        (await postern.AskAsync("unban", s_banned.Address)).OrThrow("unban");
        await UntilAnswersAsync(laboratory, s_banned, "2", isDelayed, ct);

        (await postern.AskAsync("ban", s_banned.Address)).OrThrow("ban");
        await UntilAnswersAsync(laboratory, s_banned, refusal, isDelayed, ct);
        await postern.StopAsync();
        await UntilAnswersAsync(laboratory, s_banned, "2", isDelayed, ct);
        await laboratory.Postfix.StopAsync(ct);
    }

    private static async Task UntilAnswersAsync(Laboratory laboratory, Host host, string expected, bool isDelayed, CancellationToken ct)
    {
        var started = TimeProvider.System.GetTimestamp();
        // The table is written a moment after the command's answer, and Postfix reads a cidr table when a process starts.
        await laboratory.Postfix.ReloadAsync(ct);
        while (await AnswerAsync(laboratory, host, isDelayed, ct) is var answer && !answer.StartsWith(expected, StringComparison.Ordinal))
        {
            (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60)).ShouldBeTrue(answer);
            await Task.Delay(TimeSpan.FromMilliseconds(500), ct);
            await laboratory.Postfix.ReloadAsync(ct);
        }
    }

    // smtpd puts off its answer to the recipient (smtpd_delay_reject); postscreen greets, or does not.
    private static async Task<string> AnswerAsync(Laboratory laboratory, Host host, bool isDelayed, CancellationToken ct)
    {
        using var dialogue = await laboratory.Client(host.Address).ConnectAsync(ct);
        var answer = await dialogue.Hear();
        if (isDelayed)
        {
            await dialogue.Ask("EHLO mail.partner.example");
            await dialogue.Ask("MAIL FROM:<ann@partner.example>");
            answer = await dialogue.Ask("RCPT TO:<alice@example.org>");
        }

        return answer;
    }
}
