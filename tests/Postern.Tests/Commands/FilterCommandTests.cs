using System.Diagnostics;
using System.Text.Json;

namespace Postern.Tests.Commands;

/// <summary><c>postern filter</c> as an operator runs it: the built program on files.</summary>
public sealed class FilterCommandTests : IDisposable
{
    private const string Question = """
        [INCLUDES]
        before = common.conf
        [Definition]
        failregex = reject: RCPT from (.*)\[<HOST>\]: 502 5.5.2
                    reject: RCPT from (.*)\[<HOST>\]: 500 5.5.2
        ignoreregex =

        """;

    private const string Log = """
        Nov 25 01:00:00 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[127.0.0.22]: 454 4.7.1 <u@x.net>: Relay access denied; from=<"[9.9.9.8]: 502 5.5.2"@b.c> to=<u@x.net>
        # a comment is no line
        Nov 25 01:00:01 mx postfix/smtpd[1]: connect from unknown[192.0.2.4]
        Nov 25 01:00:02 mx postfix/smtpd[1]: warning: unknown[192.0.2.5]: SASL LOGIN authentication failed: bad, user=<joe>

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("postern-filter-").FullName;

    public FilterCommandTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "filter.d"));
        Write("filter.d/common.conf", "[Definition]\n");
        Write("filter.d/postfix-syntax.conf", Question);
        Write("filter.d/logins.conf", "[Definition]\nfailregex = \\[<HOST>\\]: SASL <how> authentication failed.*user=<<F-USER>[^>]*</F-USER>>\nignoreregex = connect from\n[Init]\nhow = LOGIN\n");
        Write("mail.log", Log);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_match_is_told_with_its_line_time_address_and_user()
    {
        var root = await JsonAsync("test", "logins", At("mail.log"), "--fail2ban", _folder, "--now", "2026-11-25T02:00", "--tz", "Europe/Zurich", "--format", "json");
        root.GetProperty("schema").GetString().ShouldBe("postern.filter-test/1");
        Counts(root).ShouldBe((3, 1, 0, 2));
        var match = root.GetProperty("matches").EnumerateArray().ShouldHaveSingleItem();
        match.GetProperty("line").GetInt32().ShouldBe(4);
        match.GetProperty("time").GetString().ShouldBe("2026-11-25T01:00:02+01:00");
        match.GetProperty("id").GetString().ShouldBe("192.0.2.5");
        match.GetProperty("address").GetString().ShouldBe("192.0.2.5");
        match.GetProperty("user").GetString().ShouldBe("joe");
        match.GetProperty("regex").GetInt32().ShouldBe(1);
        root.GetProperty("warnings").EnumerateArray().ShouldHaveSingleItem().GetProperty("code").GetString().ShouldBe("injectable");
    }

    [Fact]
    public async Task Options_stand_with_the_name_as_in_a_jail()
    {
        Counts(await JsonAsync("test", "logins[how=\"PLAIN\"]", At("mail.log"), "--fail2ban", _folder, "--format", "json")).ShouldBe((3, 0, 0, 3));
        Counts(await JsonAsync("test", At("filter.d/logins.conf") + "[how='(?:PLAIN|LOGIN)']", At("mail.log"), "--format", "json")).ShouldBe((3, 1, 0, 2));
    }

    [Fact]
    public async Task The_expressions_and_the_date_may_be_given()
    {
        var ignored = await JsonAsync(
            "test", "logins", At("mail.log"), "--fail2ban", _folder, "--failregex", "from \\w+\\[<HOST>\\]", "--failregex", "warning: \\w+\\[<HOST>\\]", "--ignoreregex", "connect from", "--print", "ignored", "missed", "--format", "json");
        Counts(ignored).ShouldBe((3, 2, 1, 0));
        ignored.GetProperty("ignored").EnumerateArray().ShouldHaveSingleItem().GetProperty("line").GetInt32().ShouldBe(3);
        ignored.GetProperty("missed").GetArrayLength().ShouldBe(0);
        var undated = await JsonAsync("test", "logins", At("mail.log"), "--fail2ban", _folder, "--datepattern", "^EPOCH", "--format", "json");
        undated.GetProperty("matches")[0].GetProperty("time").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Matched_ignored_and_missed_lines_are_shown_on_request_with_what_clients_wrote_escaped()
    {
        Write("odd.log", "Nov 25 01:00:02 mx x: [192.0.2.5]: SASL LOGIN authentication failed \u001b[31m user=<a>\nNov 25 01:00:03 mx y\n");
        var (code, output, _) = await RunAsync("test", "logins", At("odd.log"), "--fail2ban", _folder, "--print", "matched", "--print-all-missed");
        code.ShouldBe(0);
        output.ShouldNotContain("\u001b");
        output.ShouldContain("matched 192.0.2.5 by 1: 1: ");
        output.ShouldContain("missed: 2: Nov 25 01:00:03 mx y");
        output.ShouldContain("Lines: 2 lines, 0 ignored, 1 matched, 1 missed");
    }

    [Theory]
    [InlineData("[Definition\nfailregex = x\n", ":1: the section's name is not closed by ]")]
    [InlineData("failregex = x\n", ":1: it stands before any [section]")]
    [InlineData("[Definition]\nfailregex = <HOST> a\n  # why\n  <HOST> (b\n", ":4: failregex 2: missing ), unterminated subpattern")]
    [InlineData("[Definition]\nfailregex = %(a)s\na = %(failregex)s\n", ":2: 'failregex' in [Definition] refers to itself")]
    [InlineData("[Definition]\nfailregex = <a> <HOST>\n[Init]\na = <b>\nb = <a>\n", "refers to itself by <")]
    [InlineData("[INCLUDES]\nbefore = bad.conf\n[Definition]\nfailregex = x\n", ":2: 'bad.conf' includes this file again")]
    [InlineData("[Definition]\nfailregex = no address\n", ":2: failregex 1: no group names whom")]
    [InlineData("[Definition]\nfailregex = <HOST>\n\nmaxlines = many\n", ":4: maxlines wants a number greater than zero, not 'many'")]
    [InlineData("[Definition]\nfailregex = <HOST>\ndatepattern = %%Q\n", ":3: datepattern: ")]
    [InlineData("[Definition]\n\0\u0001\n", ":2: it is no text")]
    [InlineData("[Other]\nx = y\n", "it has no section [Definition]")]
    public async Task A_malformed_filter_is_told_by_file_line_and_reason(string text, string reason)
    {
        Write("bad.conf", text);
        var (code, output, errors) = await RunAsync("test", At("bad.conf"), At("mail.log"));
        (code, output).ShouldBe((2, ""));
        errors.ShouldStartWith($"postern: {At("bad.conf")}");
        errors.ShouldContain(reason);
        errors.Count(letter => letter == '\n').ShouldBe(1);
    }

    [Fact]
    public async Task What_is_not_there_is_told_in_one_line()
    {
        (await RunAsync("test", "nothing", At("mail.log"), "--fail2ban", _folder)).ShouldBe((2, "", $"postern: {At("filter.d/nothing.conf")}: there is no such filter\n"));
        (await RunAsync("test", "logins", At("none.log"), "--fail2ban", _folder)).ShouldBe((2, "", $"postern: {At("none.log")}: no such file\n"));
        (await RunAsync("test", "logins", At("mail.log"), "--fail2ban", "/nonexistent")).ShouldBe((2, "", "postern: /nonexistent: there is no such folder\n"));
        (await RunAsync("test", "logins[how=x", At("mail.log"), "--fail2ban", _folder)).Code.ShouldBe(2);
        (await RunAsync("test", "logins", At("mail.log"), "--fail2ban", _folder, "--tz", "Nowhere/Land")).Code.ShouldBe(2);
        (await RunAsync("lint", "nothing", "--fail2ban", _folder)).Code.ShouldBe(2);
    }

    [Fact]
    public async Task Lint_proves_both_faults_of_the_questions_filter()
    {
        var (code, output, _) = await RunAsync("lint", "postfix-syntax", "--fail2ban", _folder, "--format", "json");
        code.ShouldBe(1);
        var warnings = JsonDocument.Parse(output).RootElement.GetProperty("warnings").EnumerateArray().ToArray();
        warnings.Select(warning => (warning.GetProperty("code").GetString(), warning.GetProperty("regex").GetInt32()))
            .ShouldBe([("injectable", 1), ("never-matches", 1), ("injectable", 2), ("never-matches", 2)]);
        foreach (var injectable in warnings.Where(warning => warning.GetProperty("code").GetString() is "injectable"))
        {
            Write("proof.log", injectable.GetProperty("example").GetString() + "\n");
            var proof = await JsonAsync("test", "postfix-syntax", At("proof.log"), "--fail2ban", _folder, "--format", "json");
            proof.GetProperty("matches")[0].GetProperty("address").GetString().ShouldBe(injectable.GetProperty("named").GetString());
            injectable.GetProperty("sender").GetString().ShouldBe("192.0.2.1");
            injectable.GetProperty("named").GetString().ShouldBe("203.0.113.9");
        }
    }

    [Theory]
    [InlineData("en", "Failregex: 1 hit\n", "A client can get any address banned")]
    [InlineData("ja", "failregex: 1 件一致\n", "接続元が任意のアドレスを遮断させることができます")]
    public async Task A_hit_that_is_the_attack_itself_has_the_warning_below_it(string tag, string hits, string warning)
    {
        var (code, output, _) = await RunAsync("test", "postfix-syntax", At("mail.log"), "--fail2ban", _folder, "--lang", tag);
        code.ShouldBe(0);
        output.ShouldStartWith(hits);
        output.ShouldContain(warning);
        output.ShouldContain("never-matches");
    }

    [Fact]
    public async Task Lint_finds_no_fault_in_a_sound_filter()
    {
        Write("filter.d/sound.conf", "[Definition]\nfailregex = ^\\s*\\S+ postfix/smtpd\\[\\d+\\]: NOQUEUE: reject: RCPT from [^[]*\\[<HOST>\\]: 454 4\\.7\\.1\\b\n");
        (await RunAsync("lint", "sound", "--fail2ban", _folder)).ShouldBe((0, "No faults found.\n", ""));
    }

    private static (int Total, int Matched, int Ignored, int Missed) Counts(JsonElement root)
    {
        var lines = root.GetProperty("lines");
        return (Of("total"), Of("matched"), Of("ignored"), Of("missed"));

        int Of(string name) => lines.GetProperty(name).GetInt32();
    }

    private string At(string name) => Path.Combine(_folder, name);

    private void Write(string name, string text) => File.WriteAllText(At(name), text);

    private static async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        (code, errors).ShouldBe((0, ""));
        return JsonDocument.Parse(output).RootElement;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Postern.Cli.dll"), "filter", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output, await errors);
    }
}
