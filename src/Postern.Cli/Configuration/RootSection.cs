using Microsoft.Extensions.Logging;

namespace Postern.Cli.Configuration;

/// <summary>All keys of the configuration.</summary>
internal static class RootSection
{
    private static readonly Section<Fail2BanKey> s_fail2Ban = new(
    [
        new("config", "the absolute path of fail2ban's folder", static (key, value) =>
            value.TryPath(out var path) ? new Fail2BanKey(path) : key),
    ]);

    /// <summary>The keys.</summary>
    public static Section<PosternOptions> Keys { get; } = new(
    [
        new("mode", "\"enforce\" or \"dry-run\"", static (options, value) =>
            value.TryWord(["enforce", "dry-run"], out var word) ? options with { IsDryRun = word is "dry-run" } : options),
        new("state", "an absolute path", static (options, value) =>
            value.TryPath(out var path) ? options with { State = path } : options),
        new("socket", "an absolute path of 107 bytes at most", static (options, value) =>
            value.TrySocketPath(out var path) ? options with { Socket = path } : options),
        new("allow", "a list of addresses, networks and DNS names", ReadAllow),
        new("allow_senders", "a list such as [\"ann@example.org\", \"@example.org\"]", static (options, value) =>
            TryMailNames(value, AllowEntry.IsSender, out var names) ? options with { AllowSenders = names } : options),
        new("allow_recipients", "a list such as [\"postmaster@\", \"ann@example.org\", \"@example.org\"]", static (options, value) =>
            TryMailNames(value, static name => AllowEntry.IsSender(name) || AllowEntry.IsLocalPart(name), out var names) ? options with { AllowRecipients = names } : options),
        new("allow_recipients_from_banned", "true or false", static (options, value) =>
            value.TryFlag(out var flag) ? options with { AllowRecipientsFromBanned = flag } : options),
        new("retention", "a span such as \"90d\", from 1d to 10 years", static (options, value) =>
            value.TryDuration(TimeSpan.FromDays(1), TimeSpan.FromDays(3650), out var span) ? options with { Retention = span } : options),
        new("log_level", "\"debug\", \"info\", \"warning\" or \"error\"", static (options, value) =>
            value.TryWord(["debug", "info", "warning", "error"], out var word) ? options with { LogLevel = Level(word) } : options),
        new("logs", "a list of sources, [[logs]]", static (options, value) => options with { Logs = LogsSection.Read(value) }, LogsSection.Keys),
        new("notices", "a table, [notices]", static (options, value) => options with { Notices = NoticeSection.Keys.Read(value, options.Notices) }, NoticeSection.Keys),
        new("jail", "a table, [jail]", static (options, value) => options with { Jail = JailSection.ReadBuiltIn(value) }, JailSection.BuiltIn),
        new("jails", "a list of jails, [[jails]]", static (options, value) => options with { Jails = JailSection.ReadSeparate(value, options.Jail) }, JailSection.Separate),
        new("persistence", "a table, [persistence]", static (options, value) => options with { Persistence = PersistenceSection.Keys.Read(value, options.Persistence) }, PersistenceSection.Keys),
        new("brake", "a table, [brake]", static (options, value) => options with { Brake = BrakeSection.Keys.Read(value, options.Brake) }, BrakeSection.Keys),
        new("nftables", "a table, [nftables]", static (options, value) => options with { Nftables = FirewallSections.Nftables.Read(value, options.Nftables) }, FirewallSections.Nftables),
        new("table", "a list of files, [[table]]", static (options, value) => options with { Tables = FirewallSections.ReadTables(value) }, FirewallSections.Table),
        new("blocklist", "a list of lists, [[blocklist]]", static (options, value) => options with { BlockLists = BlockListSection.Read(value) }, BlockListSection.Keys),
        new("command", "a table, [command]", static (options, value) => options with { Command = FirewallSections.ReadCommand(value) }, FirewallSections.Command),
        new("policy", "a table, [policy]", static (options, value) => options with { Policy = GateSections.Policy.Read(value, options.Policy) }, GateSections.Policy),
        new("milter", "a table, [milter]", static (options, value) => options with { Milter = GateSections.Milter.Read(value, options.Milter) }, GateSections.Milter),
        new("greylisting", "a table, [greylisting]", static (options, value) => options with { Greylisting = GateSections.Greylisting.Read(value, options.Greylisting) }, GateSections.Greylisting),
        new("dns", "a table, [dns]", static (options, value) =>
            options with { Checks = options.Checks with { Dns = ChecksSection.Dns.Read(value, options.Checks.Dns) } }, ChecksSection.Dns),
        new("checks", "a table, [checks]", static (options, value) => ChecksSection.Keys.Read(value, options), ChecksSection.Keys),
        new("events", "a table, [events]", static (options, value) => options with { Events = NotificationSections.Events.Read(value, options.Events) }, NotificationSections.Events),
        new("notify", "a table, [notify]", static (options, value) => options with { Notify = NotificationSections.Notify.Read(value, options.Notify) }, NotificationSections.Notify),
        new("webhook", "a list of addresses, [[webhook]]", static (options, value) => options with { Webhooks = NotificationSections.ReadWebhooks(value) }, NotificationSections.Webhook),
        new("abuse_reports", "a table, [abuse_reports]", static (options, value) => options with { AbuseReports = NotificationSections.ReadAbuseReports(value) }, NotificationSections.AbuseReports),
        new("web", "a table, [web]", static (options, value) => options with { Web = WebSection.Read(value) }, WebSection.Keys),
        new("sharing", "a table, [sharing]", static (options, value) => options with { Sharing = SharingSection.Read(value, options.Sharing) }, SharingSection.Keys),
        new("fail2ban", "a table, [fail2ban]", static (options, value) => options with { Fail2Ban = s_fail2Ban.Read(value, new Fail2BanKey(null)).Folder }, s_fail2Ban),
    ]);

    private sealed record Fail2BanKey(string? Folder);

    private static LogLevel Level(string word) => word switch
    {
        "debug" => LogLevel.Debug,
        "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };

    private static bool TryMailNames(Reading value, Predicate<string> isName, out IReadOnlyList<string> names)
    {
        if (!value.TryTexts(orSingle: false, out names))
        {
            return false;
        }

        if (names.FirstOrDefault(name => !isName(name)) is not { } wrong)
        {
            return true;
        }

        value.Complain($"'{wrong}' is no mail address or domain");
        return false;
    }

    private static PosternOptions ReadAllow(PosternOptions options, Reading value)
    {
        if (!value.TryItems(orSingle: false, out var items))
        {
            return options;
        }

        var entries = new List<AllowEntry>();
        foreach (var item in items)
        {
            if (!item.TryText(out var text))
            {
                continue;
            }

            if (AllowEntry.TryParse(text) is not { } entry)
            {
                item.Complain($"'{text}' is no address, network or DNS name", "write 192.0.2.1, 192.0.2.0/24, 2001:db8::/32 or mx.example.org");
            }
            else if (entry.Network is { PrefixLength: 0 })
            {
                item.Complain($"'{text}' allows everybody, so that nobody could be banned", "use run --dry-run to ban nobody");
            }
            else if (entries.Contains(entry))
            {
                item.Complain($"'{text}' stands twice", "leave one of them");
            }
            else
            {
                entries.Add(entry);
            }
        }

        return options with { Allow = entries };
    }
}
