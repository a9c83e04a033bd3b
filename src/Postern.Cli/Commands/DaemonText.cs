using System.Globalization;
using System.Text;
using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Terminal;
using Postern.Reports.Content;

namespace Postern.Cli.Commands;

/// <summary>The daemon's replies for people: plain tables, times of this machine's zone. Every text in them is escaped.</summary>
internal static class DaemonText
{
    private const int NetworksTold = 5;

    /// <summary>The reply of <c>status</c>.</summary>
    public static string Status(JsonElement reply)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"postern {Text(reply, "version")}, {Text(reply, "mode")}, since {Moment(reply, "since")}\n\n");
        var jails = new TextTable("jail", ">failures", ">banned");
        foreach (var jail in Items(reply, "jails"))
            jails.Add(Text(jail, "name"), Text(jail, "failures"), Text(jail, "banned"));
        jails.WriteTo(text);
        var logs = new TextTable("source", ">lines", ">lag", "trouble");
        foreach (var log in Items(reply, "logs"))
            logs.Add(Text(log, "path"), Text(log, "lines"), Lag(log), Text(log, "trouble"));
        logs.WriteTo(text);
        var firewalls = new TextTable("firewall", "state", "trouble");
        foreach (var firewall in Items(reply, "firewalls"))
            firewalls.Add(Text(firewall, "name"), Text(firewall, "state"), Text(firewall, "trouble"));
        firewalls.WriteTo(text);
        text.Append(CultureInfo.InvariantCulture, $"{Text(reply, "clients")} clients remembered, {Text(reply, "suppressed")} bans not made because of protection\n");
        if (reply.TryGetProperty("brake", out var brake))
            text.Append(CultureInfo.InvariantCulture, $"brake: {Text(brake, "state")}{Held(brake)}\n");
        foreach (var takeover in Items(reply, "account_takeovers"))
        {
            var networks = Items(takeover, "networks");
            text.Append(CultureInfo.InvariantCulture, $"account takeover: {Text(takeover, "user")}, {Text(takeover, "logins")} logins from {networks.Count} networks that are new to it, {Moment(takeover, "from")} to {Moment(takeover, "to")}: {string.Join(", ", networks.TakeLast(NetworksTold).Select(Safe))}{(networks.Count > NetworksTold ? ", and others" : "")}. Change its password and end its sessions.\n");
        }

        foreach (var trouble in Items(reply, "troubles"))
            text.Append("trouble: ").Append(Safe(trouble)).Append('\n');
        return text.ToString();
    }

    /// <summary>The reply of <c>bans</c>.</summary>
    public static string Bans(JsonElement reply)
    {
        var isDryRun = IsTrue(reply, "dry_run");
        var bans = BanTable(isDryRun ? "would be banned" : "network");
        var count = 0;
        foreach (var ban in Items(reply, "bans"))
        {
            AddBan(bans, ban);
            count++;
        }

        if (count == 0)
            return isDryRun ? "nobody would be banned\n" : "nobody is banned\n";
        var text = new StringBuilder();
        bans.WriteTo(text);
        return text.Append(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "ban" : "bans")}{(isDryRun ? " would be made; this is a dry run, and nobody is kept out" : "")}\n").ToString();
    }

    /// <summary>An answer.</summary>
    public static string Answer(JsonElement reply) => string.Concat(AnswerLines(reply).Select(static line => line + "\n"));

    /// <summary>An answer's lines: the message, and what follows it.</summary>
    public static IEnumerable<string> AnswerLines(JsonElement reply) =>
        [Text(reply, "message"), .. Items(reply, "details").Select(Safe)];

    /// <summary>The reply of <c>top</c>.</summary>
    public static string Top(JsonElement reply)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Moment(reply, "at")}  {Text(reply, "mode")}  {Text(reply, "lines_per_second")} lines/s  {Text(reply, "failures_last_minute")} failures in the last minute  {Text(reply, "banned")} banned  {Text(reply, "clients")} clients\n\n");
        var rows = new TextTable("client", ">weight", ">of", ">failures", "state", "last", "behaviours");
        foreach (var row in Items(reply, "rows"))
            rows.Add(Text(row, "address"), Text(row, "weight"), Text(row, "maxretry"), Text(row, "failures"), Text(row, "state"), Clock(row, "last"), Words(row, "behaviours"));
        rows.WriteTo(text);
        return text.ToString();
    }

    /// <summary>The reply of <c>explain ADDRESS</c>.</summary>
    public static string Explain(JsonElement reply)
    {
        var text = new StringBuilder();
        var (isBanned, isDryRun) = (IsTrue(reply, "banned"), IsTrue(reply, "dry_run"));
        var standing = isDryRun ? (isBanned ? "would be banned" : "would not be banned") : isBanned ? "is banned" : "is not banned";
        text.Append(CultureInfo.InvariantCulture, $"{Text(reply, "address")} {standing}{(IsTrue(reply, "own_host") ? "; it is this host itself, which is never banned: look for the program on it that connects" : "")}\n\n");
        var scores = new TextTable("jail", ">weight", ">of");
        foreach (var score in Items(reply, "scores"))
            scores.Add(Text(score, "jail"), Text(score, "weight"), Text(score, "maxretry"));
        scores.WriteTo(text);
        var bans = BanTable("ban of");
        foreach (var ban in Items(reply, "bans"))
            AddBan(bans, ban);
        bans.WriteTo(text);
        var spared = new TextTable("not banned at", "jail", "why", "holds until", "particulars");
        foreach (var row in Items(reply, "protections"))
            spared.Add(Moment(row, "at"), Text(row, "jail"), Text(row, "reason"), Moment(row, "until"), Text(row, "detail"));
        spared.WriteTo(text);
        var count = 0;
        foreach (var failure in Items(reply, "failures"))
        {
            count++;
            text.Append(CultureInfo.InvariantCulture, $"{Moment(failure, "time")}  {Text(failure, "address")}  {Words(failure, "behaviours")}{Text(failure, "jail")} (weight {Text(failure, "weight")}, {Text(failure, "source")})\n");
            foreach (var line in Items(failure, "lines"))
                text.Append("    ").Append(Safe(line)).Append('\n');
        }

        if (count == 0)
            text.Append("nothing is remembered that it did\n");
        return text.ToString();
    }

    private static string Held(JsonElement brake) => Text(brake, "reason") is { Length: > 0 } reason ? $" {reason} since {Moment(brake, "since")}, {Text(brake, "held")} bans" : "";

    private static TextTable BanTable(string head) => new(head, "client", "jail", "from", "until", ">left", ">nth", ">failures", "reason");

    private static void AddBan(TextTable table, JsonElement ban) => table.Add(
        Text(ban, "network"), Text(ban, "address"), Text(ban, "jail"), Moment(ban, "from"), Moment(ban, "until"), Left(ban), Text(ban, "repetition"), Text(ban, "failures"), Text(ban, "reason"));

    private static string Left(JsonElement ban)
    {
        if (!ban.TryGetProperty("until", out var value) || !value.TryGetDateTimeOffset(out var until))
            return "";
        var left = until - TimeProvider.System.GetUtcNow();
        return left > TimeSpan.Zero ? DurationText.Coarse(left) : "over";
    }

    private static List<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    private static string Safe(JsonElement value) => value.ValueKind == JsonValueKind.String ? SafeText.Escape(value.GetString()) : value.GetRawText();

    private static bool IsTrue(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string Text(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? "" : Safe(value);

    private static string Words(JsonElement element, string name) => string.Join(", ", Items(element, name).Select(Safe));

    private static string Moment(JsonElement element, string name) => Time(element, name, "yyyy-MM-dd HH:mm:ss zzz");

    private static string Clock(JsonElement element, string name) => Time(element, name, "HH:mm:ss");

    private static string Time(JsonElement element, string name, string form) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time)
            ? TimeZoneInfo.ConvertTime(time, TimeProvider.System.LocalTimeZone).ToString(form, CultureInfo.InvariantCulture) : "";

    private static string Lag(JsonElement log) => Text(log, "lag_ms") is { Length: > 0 } lag ? lag + " ms" : "";
}
