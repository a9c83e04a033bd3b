using System.Globalization;
using System.Text;
using System.Text.Json;
using Postern.Reports;

namespace Postern.Cli.Commands;

/// <summary>The daemon's replies for people: plain tables, times of this machine's zone.</summary>
internal static class DaemonText
{
    /// <summary>The reply of <c>status</c>.</summary>
    public static string Status(JsonElement reply)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"postern {Text(reply, "version")}, {Text(reply, "mode")}, since {Moment(reply, "since")}\n\n");
        Table(text, ["jail", "failures", "banned"], reply.GetProperty("jails").EnumerateArray().Select(jail => new[] { Text(jail, "name"), Text(jail, "failures"), Text(jail, "banned") }));
        Table(text, ["source", "lines", "lag", "trouble"], reply.GetProperty("logs").EnumerateArray().Select(log => new[] { Text(log, "path"), Text(log, "lines"), Lag(log), Text(log, "trouble") }));
        Table(text, ["wall", "state", "trouble"], reply.GetProperty("walls").EnumerateArray().Select(wall => new[] { Text(wall, "name"), Text(wall, "state"), Text(wall, "trouble") }));
        text.Append(CultureInfo.InvariantCulture, $"{Text(reply, "clients")} clients remembered, {Text(reply, "suppressed")} bans not made because of protection\n");
        foreach (var trouble in reply.GetProperty("troubles").EnumerateArray())
            text.Append(CultureInfo.InvariantCulture, $"trouble: {SafeText.Escape(trouble.GetString() ?? "")}\n");
        return text.ToString();
    }

    /// <summary>The reply of <c>bans</c>.</summary>
    public static string Bans(JsonElement reply)
    {
        var text = new StringBuilder();
        var bans = reply.GetProperty("bans").EnumerateArray().ToList();
        if (bans.Count == 0)
            return "nobody is banned\n";
        Table(text, ["network", "jail", "until", "n", "reason"], bans.Select(ban => new[] { Text(ban, "network"), Text(ban, "jail"), Moment(ban, "until"), Text(ban, "repetition"), Text(ban, "reason") }));
        return text.ToString();
    }

    /// <summary>An answer.</summary>
    public static string Answer(JsonElement reply)
    {
        var text = new StringBuilder(SafeText.Escape(Text(reply, "message"))).Append('\n');
        if (reply.TryGetProperty("details", out var details))
        {
            foreach (var line in details.EnumerateArray())
                text.Append("  ").Append(SafeText.Escape(line.GetString() ?? "")).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The reply of <c>top</c>.</summary>
    public static string Top(JsonElement reply)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Moment(reply, "at")}  {Text(reply, "mode")}  {Text(reply, "lines_per_second")} lines/s  {Text(reply, "banned")} banned  {Text(reply, "failures_last_minute")} failures in the last minute\n\n");
        Table(text, ["client", "weight", "of", "failures", "state", "behaviours"], reply.GetProperty("rows").EnumerateArray().Select(row => new[]
        {
            Text(row, "address"), Text(row, "weight"), Text(row, "maxretry"), Text(row, "failures"), Text(row, "state"),
            string.Join(", ", row.GetProperty("behaviours").EnumerateArray().Select(behaviour => behaviour.GetString())),
        }));
        return text.ToString();
    }

    /// <summary>The reply of <c>explain ADDRESS</c>.</summary>
    public static string Explain(JsonElement reply)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Text(reply, "address")}: {(reply.GetProperty("banned").GetBoolean() ? "banned" : "not banned")}\n\n");
        Table(text, ["jail", "weight", "of"], reply.GetProperty("scores").EnumerateArray().Select(score => new[] { Text(score, "jail"), Text(score, "weight"), Text(score, "maxretry") }));
        Table(text, ["ban of", "jail", "from", "until", "reason"], reply.GetProperty("bans").EnumerateArray().Select(ban => new[] { Text(ban, "network"), Text(ban, "jail"), Moment(ban, "from"), Moment(ban, "until"), Text(ban, "reason") }));
        Table(text, ["spared in", "at", "because"], reply.GetProperty("protections").EnumerateArray().Select(row => new[] { Text(row, "jail"), Moment(row, "at"), Text(row, "detail") }));
        foreach (var failure in reply.GetProperty("failures").EnumerateArray())
        {
            text.Append(CultureInfo.InvariantCulture, $"{Moment(failure, "time")}  {Text(failure, "address")}  {string.Join(", ", failure.GetProperty("behaviours").EnumerateArray().Select(behaviour => behaviour.GetString()))}  ({Text(failure, "weight")})\n");
            foreach (var line in failure.GetProperty("lines").EnumerateArray())
                text.Append("    ").Append(SafeText.Escape(line.GetString() ?? "")).Append('\n');
        }

        return text.ToString();
    }

    private static string Text(JsonElement element, string name) => !element.TryGetProperty(name, out var value) ? "" : value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => SafeText.Escape(value.GetString() ?? ""),
        _ => value.GetRawText(),
    };

    private static string Moment(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.TryGetDateTimeOffset(out var time)
        ? time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) : "";

    private static string Lag(JsonElement log) => Text(log, "lag_ms") is { Length: > 0 } lag ? lag + " ms" : "";

    private static void Table(StringBuilder text, string[] heads, IEnumerable<string[]> rows)
    {
        string[][] all = [heads, .. rows];
        if (all.Length == 1)
            return;
        var widths = Enumerable.Range(0, heads.Length).Select(column => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
        {
            for (var column = 0; column < row.Length; column++)
                text.Append(column == row.Length - 1 ? row[column] : row[column].PadRight(widths[column] + 2));
            text.Append('\n');
        }

        text.Append('\n');
    }
}
