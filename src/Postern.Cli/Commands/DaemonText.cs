using System.Text;
using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Reports.Text;
using static Postern.Cli.Commands.ReplyFields;

namespace Postern.Cli.Commands;

/// <summary>The daemon's replies for people: plain tables, times of this machine's zone. Every text in them is escaped.</summary>
/// <param name="words">The language.</param>
/// <param name="isWide">True for all columns and rows, however wide.</param>
internal sealed class DaemonText(IDaemonWords words, bool isWide = false)
{
    private const int NetworksTold = 5;

    private int Width => isWide ? int.MaxValue : TextStyle.WidestLine;

    /// <summary>The reply of <c>status</c>.</summary>
    public string Status(JsonElement reply)
    {
        var text = new StringBuilder();
        var mode = Text(reply, "mode");
        var isDryRun = Head(text, mode is "dry-run");
        Wrap(text, words.Head(Version(Text(reply, "version")), words.Mode(mode), Moment(reply, "since")));
        text.Append('\n');
        var jails = new TextTable(words.JailColumns(isDryRun));
        foreach (var jail in Items(reply, "jails"))
        {
            jails.Add(Text(jail, "name"), Text(jail, "failures"), Text(jail, "banned"));
        }

        jails.WriteTo(text, Width);
        var logs = new TextTable(words.SourceColumns);
        foreach (var log in Items(reply, "logs"))
        {
            logs.Add(Text(log, "path"), Text(log, "lines"), Lag(log), Text(log, "trouble"));
        }

        logs.WriteTo(text, Width);
        var firewalls = new TextTable(words.FirewallColumns);
        foreach (var firewall in Items(reply, "firewalls"))
        {
            firewalls.Add(Text(firewall, "name"), words.FirewallState(Text(firewall, "state")), Text(firewall, "trouble"));
        }

        firewalls.WriteTo(text, Width);
        var lists = new TextTable(words.BlockListColumns);
        foreach (var list in Items(reply, "block_lists"))
        {
            lists.Add(Text(list, "name"), words.BlockListState(Text(list, "state")), Text(list, "networks"), Text(list, "spared"), Text(list, "packets"), Text(list, "trouble"));
        }

        if (Items(reply, "block_lists").Count > 0)
        {
            lists.WriteTo(text, Width);
        }

        var listeners = new TextTable(words.ListenerColumns);
        foreach (var listener in Items(reply, "listeners"))
        {
            listeners.Add(Text(listener, "name"), Text(listener, "address"), words.SmtpMode(Text(listener, "mode")));
        }

        if (Items(reply, "listeners").Count > 0)
        {
            listeners.WriteTo(text, Width);
        }

        Wrap(text, words.Tracked(Number(reply, "clients"), Number(reply, "suppressed")));
        if (reply.TryGetProperty("brake", out var brake) && Text(brake, "reason") is { Length: > 0 } reason)
        {
            Wrap(text, words.Brake(reason, Moment(brake, "since"), Number(brake, "held")));
        }

        if (reply.TryGetProperty("sharing", out var sharing) && Text(sharing, "state") is { Length: > 0 } and not "off")
        {
            Wrap(text, words.Sharing(Text(sharing, "state"), Text(sharing, "host"), Items(sharing, "hosts").Count, Number(sharing, "waiting")));
            if (IsTrue(sharing, "duplicate_name"))
            {
                Wrap(text, words.Problem(words.SharingNamesake(Text(sharing, "host"))));
            }
        }

        foreach (var takeover in Items(reply, "account_takeovers"))
        {
            var networks = Items(takeover, "networks");
            Wrap(text, words.Takeover(
                Text(takeover, "user"), Number(takeover, "logins"), networks.Count, Moment(takeover, "from"), Moment(takeover, "to"),
                string.Join(", ", networks.TakeLast(NetworksTold).Select(Safe)), networks.Count > NetworksTold));
        }

        foreach (var trouble in Items(reply, "troubles"))
        {
            Wrap(text, words.Problem(Safe(trouble)));
        }

        return text.ToString();
    }

    /// <summary>The reply of <c>bans</c>.</summary>
    public string Bans(JsonElement reply)
    {
        var text = new StringBuilder();
        var isDryRun = Head(text, IsTrue(reply, "dry_run"));
        var bans = new TextTable(isWide ? words.WideBanColumns(isDryRun) : words.BanColumns(isDryRun));
        var count = 0;
        foreach (var ban in Items(reply, "bans"))
        {
            AddBan(bans, ban, Text(reply, "host"));
            count++;
        }

        bans.WriteTo(text, Width);
        return text.Append(words.Bans(count, isDryRun)).Append('\n').ToString();
    }

    /// <summary>The reply of <c>hosts</c>.</summary>
    public string Hosts(JsonElement reply)
    {
        var text = new StringBuilder();
        if (Text(reply, "state") is "off")
        {
            return text.Append(words.NotShared).Append('\n').ToString();
        }

        var rows = new TextTable(words.HostColumns);
        foreach (var host in Items(reply, "hosts"))
        {
            rows.Add(Text(host, "name"), Moment(host, "seen"), Text(host, "bans"), Lag(host), Version(Text(host, "version")));
        }

        rows.WriteTo(text, Width);
        Wrap(text, words.Sharing(Text(reply, "state"), Text(reply, "host"), Items(reply, "hosts").Count(host => !string.Equals(Text(host, "name"), Text(reply, "host"), StringComparison.Ordinal)), 0));
        return text.ToString();
    }

    /// <summary>The reply of <c>allow list</c>.</summary>
    public string Allowed(JsonElement reply)
    {
        var text = new StringBuilder();
        var rows = new TextTable(words.AllowedColumns);
        var entries = Items(reply, "allowed");
        foreach (var row in entries)
        {
            var networks = Items(row, "networks").Select(Safe).ToList();
            // Of a name its addresses are news; an address is its own.
            var isName = AllowEntry.TryParse(Text(row, "entry")) is { Name: not null };
            rows.Add(
                Text(row, "entry"), words.AllowedBy(Text(row, "source")), Stamp(row, "until"),
                !isName ? "" : networks.Count == 0 ? words.Unresolved : string.Join(", ", networks.Select(static network => network.Split('/')[0])));
        }

        if (entries.Count == 0)
        {
            return text.Append(words.NobodyAllowed).Append('\n').ToString();
        }

        rows.WriteTo(text, Width);
        return text.ToString();
    }

    /// <summary>An answer.</summary>
    public static string Answer(JsonElement reply) => string.Concat(AnswerLines(reply).Select(static line => line + "\n"));

    /// <summary>An answer's lines: the message, and what follows it.</summary>
    public static IEnumerable<string> AnswerLines(JsonElement reply) =>
        [Text(reply, "message"), .. Items(reply, "details").Select(Safe)];

    /// <summary>The reply of <c>top</c>.</summary>
    public string Top(JsonElement reply)
    {
        var text = new StringBuilder();
        var mode = Text(reply, "mode");
        var isDryRun = Head(text, mode is "dry-run");
        text.Append(Moment(reply, "at")).Append("  ").Append(words.Mode(mode)).Append('\n');
        Wrap(text, words.Rates(Text(reply, "lines_per_second"), Number(reply, "failures_last_minute"), Number(reply, "banned"), Number(reply, "clients"), isDryRun));
        text.Append('\n');
        var rows = new TextTable(words.TopColumns);
        foreach (var row in Items(reply, "rows"))
        {
            rows.Add(Text(row, "address"), Text(row, "weight"), Text(row, "maxretry"), Text(row, "failures"), words.ClientState(Text(row, "state")), Clock(row, "last"), Listed(row, "behaviours"));
        }

        rows.WriteTo(text, Width);
        return text.ToString();
    }

    private bool Head(StringBuilder text, bool isDryRun)
    {
        if (isDryRun)
        {
            text.Append(words.DryRun).Append("\n\n");
        }

        return isDryRun;
    }

    private void Wrap(StringBuilder text, string sentence)
    {
        foreach (var line in LineBreaker.Lines(sentence, Math.Min(Width, TextStyle.WidestLine), Math.Min(Width, TextStyle.WidestLine)))
        {
            text.Append(line).Append('\n');
        }
    }

    private void AddBan(TextTable table, JsonElement ban, string ownHost)
    {
        var (network, address) = (Text(ban, "network"), Text(ban, "address"));
        var isOwn = string.Equals(Text(ban, "host"), ownHost, StringComparison.Ordinal);
        var told = words.Decision(Text(ban, "reason"));
        var reason = isOwn ? told : words.DecidedBy(told, Text(ban, "host"));
        if (isWide)
        {
            table.Add(network, address, Text(ban, "jail"), Moment(ban, "from"), Moment(ban, "until"), Left(ban), Text(ban, "repetition"), Text(ban, "failures"), reason);
            return;
        }

        var isSingle = network.EndsWith("/32", StringComparison.Ordinal) || network.EndsWith("/128", StringComparison.Ordinal);
        table.Add(isSingle ? address : network, Left(ban), Text(ban, "repetition"), reason);
    }

    private string Left(JsonElement ban)
    {
        if (!ban.TryGetProperty("until", out var value) || !value.TryGetDateTimeOffset(out var until))
        {
            return "";
        }

        var left = until - TimeProvider.System.GetUtcNow();
        return left > TimeSpan.Zero ? DurationText.Coarse(left) : words.Over;
    }

    // 0.1.0+a54aff6adf3b73… names a commit; seven digits of it are enough.
    private static string Version(string version)
    {
        var plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? version : $"{version[..plus]} ({version.Substring(plus + 1, Math.Min(7, version.Length - plus - 1))})";
    }

    private static string Lag(JsonElement log) => Text(log, "lag_ms") is { Length: > 0 } lag ? lag + " ms" : "";
}
