using System.Globalization;
using Microsoft.Extensions.Logging;
using Postern.Checks.Dnsbl;
using Postern.Decisions.Jails;
using Postern.Enforcement.Nftables;
using Postern.Facts;
using Postern.Gate;

namespace Postern.Cli.Configuration;

/// <summary>The settings in effect as the values that a configuration file would have; the other way round than the sections read.</summary>
internal static class EffectiveSettings
{
    /// <summary>The values of all keys; those without a value are <see cref="ConfigAbsent"/>.</summary>
    public static ConfigTable Of(PosternOptions options)
    {
        var (brake, dns, checks) = (options.Brake, options.Checks.Dns, options.Checks);
        return Table(
            ("mode", Text(options.IsDryRun ? "dry-run" : "enforce")),
            ("state", Text(options.State)),
            ("socket", Text(options.Socket)),
            ("allow", Texts(options.Allow.Select(static entry => entry.ToString()))),
            ("allow_senders", Texts(options.AllowSenders)),
            ("allow_recipients", Texts(options.AllowRecipients)),
            ("allow_recipients_from_banned", Flag(options.AllowRecipientsFromBanned)),
            ("retention", Span(options.Retention)),
            ("log_level", Text(options.LogLevel switch { LogLevel.Information => "info", var level => level.ToString().ToLowerInvariant() })),
            ("logs", options.Logs.Count == 0 ? new ConfigAbsent() : List(options.Logs.Select(Log))),
            ("notices", Table(("socket", Text(options.NoticeSocket)), ("users", Texts(options.Notices.Users)))),
            ("jail", Table(Jail(options.Jail))),
            ("jails", options.Jails.Count == 0 ? new ConfigAbsent() : List(options.Jails.Select(static jail => (ConfigValue)Table([("name", Text(jail.Name)), .. Jail(jail)])))),
            ("persistence", Table(("enabled", Flag(options.Persistence.Enabled)), ("findtime", Span(options.Persistence.FindTime)), ("maxretry", Number(options.Persistence.MaxRetry)))),
            ("brake", Table(
                ("enabled", Flag(brake.Enabled)), ("window", Span(brake.Window)), ("clients", Number(brake.Clients)), ("share", Number(brake.Share)),
                ("latest_share", Number(brake.LatestShare)), ("named_clients", Number(brake.NamedClients)), ("wait", Span(brake.Wait)),
                ("release_after", Span(brake.ReleaseAfter)), ("silence", Span(brake.Silence)))),
            ("nftables", Table(
                ("enabled", Flag(options.Nftables.Enabled)), ("table", Text(options.Nftables.Table)), ("verdict", Text(options.Nftables.Reject ? "reject" : "drop")),
                ("hooks", Texts(options.Nftables.Hooks.Select(static hook => hook == NftablesHook.Forward ? "forward" : "input"))), ("compare_every", Span(options.Nftables.CompareEvery)))),
            ("table", options.Tables.Count == 0 ? new ConfigAbsent()
                : List(options.Tables.Select(static table => (ConfigValue)Table(("path", Text(table.Path)), ("form", Text(table.Form.ToString().ToLowerInvariant())), ("answer", Text(table.Answer)))))),
            ("blocklist", options.BlockLists.Count == 0 ? new ConfigAbsent() : List(options.BlockLists.Select(static list => (ConfigValue)Table(
                ("name", Text(list.Name)), ("path", Text(list.Path)), ("command", list.Path is null ? Texts(list.Command) : new ConfigAbsent()), ("every", Span(list.Every)), ("timeout", Span(list.Timeout)))))),
            ("command", options.Command is not { } command ? new ConfigAbsent()
                : Table(("ban", Texts(command.Ban)), ("unban", Texts(command.Unban)), ("timeout", Span(command.Timeout)))),
            ("policy", Table([.. Listener(options.Policy), ("header", Flag(options.Policy.Header)), ("leave_to_milter", Flag(options.Policy.LeaveToMilter))])),
            ("milter", Table(
            [
                .. Listener(options.Milter), ("authserv_id", Text(options.Milter.AuthservId)), ("trust", Text(options.Milter.TrustsTcp ? "tcp" : null)),
                ("max_message", Number(options.Milter.MaxMessage)),
            ])),
            ("greylisting", Table(
                ("least", Span(options.Greylisting.Least)), ("window", Span(options.Greylisting.Window)), ("memory", Span(options.Greylisting.Memory)),
                ("most", Number(options.Greylisting.Most)))),
            ("dns", Table(
                ("resolver", dns.Servers.Count == 0 ? new ConfigAbsent() : Texts(dns.Servers.Select(static server => server.ToString()))),
                ("timeout", Span(dns.QueryTimeout)), ("retries", Number(dns.Retries)), ("deadline", Span(dns.CheckDeadline)))),
            ("checks", Table(
                ("points", Table([.. options.Points.Rows.OrderBy(static row => row.Key, StringComparer.Ordinal).Select(static row => (row.Key, Number(row.Value)))])),
                ("dnsbl", List(checks.Dnsbl.Zones.Select(Zone))),
                ("trusted_sealers", Texts(checks.Arc.TrustedSealers)),
                ("provider_names", Texts(checks.ReverseDns.ProviderNames)),
                ("own_names", Texts(checks.Helo.OwnNames)))),
            ("events", Table(("file", Text(options.Events.File)), ("max_size", Number(options.Events.MaxSize)), ("keep", Number(options.Events.Keep)))),
            ("notify", Table(Notify(options.Notify))),
            ("webhook", options.Webhooks.Count == 0 ? new ConfigAbsent() : List(options.Webhooks.Select(static hook => (ConfigValue)Table(Webhook(hook))))),
            ("abuse_reports", Table(AbuseReports(options.AbuseReports))),
            ("web", Table(
                ("listen", Text(options.Web.Listen.ToString())), ("token_file", Text(options.Web.TokenFile)), ("hosts", Texts(options.Web.Hosts)),
                ("behind_proxy", Flag(options.Web.BehindProxy)), ("read_without_token", Flag(options.Web.IsReadFree)))),
            ("sharing", Table(
                ("url", Text(options.Sharing.Url?.Text)), ("site", Text(options.Sharing.Site)), ("host", Text(options.Sharing.Host)), ("user", Text(options.Sharing.User)),
                ("password_file", Text(options.Sharing.PasswordFile)), ("ca_file", Text(options.Sharing.CaFile)), ("key_file", Text(options.Sharing.KeyFile)))),
            ("fail2ban", Table(("config", Text(options.Fail2Ban)))));
    }

    /// <summary>The values among them whose keys a file sets, and nothing else.</summary>
    /// <param name="all">All values.</param>
    /// <param name="root">The file's root.</param>
    public static ConfigTable SetBy(ConfigTable all, ConfigTable root)
    {
        var set = new ConfigTable(0);
        foreach (var (name, value) in all.Entries)
        {
            if (!root.Entries.TryGetValue(name, out var own))
            {
                continue;
            }
            // A finding such as spf-mailfrom.fail may be written as tables within tables.
            var inner = name is "points" ? own : value is ConfigTable table && own is ConfigTable written ? SetBy(table, written) : value;
            set.Entries.Add(name, inner);
        }

        return set;
    }

    private static (string, ConfigValue)[] Jail(JailOptions jail) =>
    [
        ("findtime", Span(jail.FindTime)), ("maxretry", Number(jail.MaxRetry)), ("bantime", Span(jail.BanTime)), ("bantime_factor", Number(jail.BanTimeFactor)),
        ("bantime_max", Span(jail.MaxBanTime)), ("forget_after", Span(jail.ForgetAfter)),
        ("behaviours", jail.Behaviours is { } behaviours ? Texts(behaviours.Select(static behaviour => behaviour.Id())) : new ConfigAbsent()),
        ("weights", jail.Weights.Count == 0 ? new ConfigAbsent() : Table([.. jail.Weights.Select(static row => (row.Key.Id(), Number(row.Value)))])),
        ("ports", List(jail.Ports.Select(static port => Number(port)))), ("ipv6_prefix", Number(jail.IPv6Prefix)), ("subnet_threshold", Number(jail.SubnetThreshold)),
    ];

    private static (string, ConfigValue)[] Notify(NotifySettings notify) =>
    [
        ("mail_to", Texts(notify.MailTo)), ("mail_from", Text(notify.MailFrom)), ("sendmail", Text(notify.Sendmail)), ("language", Text(notify.Language)),
        ("digest", Text(notify.Digest?.ToString("HH:mm", CultureInfo.InvariantCulture) ?? "off")), ("alerts", Topics(notify.Alerts)),
        ("min_interval", Span(notify.MinInterval)), ("ban_wave", Number(notify.BanWave)), ("silence", Span(notify.Silence)),
    ];

    private static (string, ConfigValue)[] Webhook(WebhookSettings hook) =>
    [
        hook.UrlFile is { } file ? ("url_file", Text(file)) : ("url", Text(hook.Url)), ("method", Text(hook.Method)), ("template", Text(hook.Template)),
        .. hook.Headers.Count > 0 ? ((string, ConfigValue)[])[("headers", Table([.. hook.Headers.Select(static pair => (pair.Key, Text(pair.Value)))]))] : [],
        .. hook.TokenFile is { } token ? ((string, ConfigValue)[])[("token_file", Text(token))] : [],
        ("min_interval", Span(hook.MinInterval)), ("events", Topics(hook.Events)),
    ];

    private static (string, ConfigValue)[] AbuseReports(AbuseReportSettings reports) =>
    [
        ("enabled", Flag(reports.Enabled)), ("mail_from", Text(reports.MailFrom)), ("organisation", Text(reports.Organisation)),
        ("contacts", reports.Contacts.Count == 0 ? new ConfigAbsent()
            : Table([.. reports.Contacts.Select(static contact => (contact.Network.ToString(), Text(contact.Address.Length == 0 ? "none" : contact.Address)))])),
        ("contact_zone", Text(reports.ContactZone)), ("contact_command", reports.ContactCommand.Count == 0 ? new ConfigAbsent() : Texts(reports.ContactCommand)),
        ("min_bans", Number(reports.MinBans)), ("wait", Span(reports.Wait)), ("interval", Span(reports.Interval)), ("max_per_day", Number(reports.MaxPerDay)),
    ];

    private static ConfigList Topics(IEnumerable<NotificationTopic> topics) => Texts(topics.Select(static topic => topic.Id()));

    private static (string, ConfigValue)[] Listener(ListenerSettings listener) =>
    [
        ("listen", Text(listener.Listen?.ToString())), ("mode", Text(listener.Gate.Mode == GateMode.Enforce ? "enforce" : "observe")),
        ("on_reject", Text(Action(listener.Gate.OnReject))), ("on_defer", Text(Action(listener.Gate.OnDefer))),
        ("reject_below", double.IsInfinity(listener.Gate.RejectBelow) ? new ConfigAbsent() : Number(listener.Gate.RejectBelow)),
        ("owner", Text(listener.Owner)), ("group", Text(listener.Group)), ("socket_mode", Text(listener.Mode is { } mode ? "0" + Convert.ToString((int)mode, 8) : null)),
        ("deadline", Span(listener.Gate.Deadline)),
    ];

    private static ConfigValue Log(LogSource source) => source.Kind switch
    {
        LogSourceKind.Journal => Table(
            [("journal", Flag(true)), .. source.Matches.Count > 0 ? ((string, ConfigValue)[])[("matches", Texts(source.Matches))] : [], .. source.Path is { } path ? ((string, ConfigValue)[])[("directory", Text(path))] : []]),
        LogSourceKind.Notices => Table(("notices", Text(source.Path))),
        _ => Table(("path", Text(source.Path))),
    };

    private static ConfigValue Zone(DnsblZone zone) => Table(
        ("zone", Text(zone.Zone)), ("subject", Text(zone.Subject == DnsblSubject.Domain ? "domain" : "address")), ("weight", Number(zone.Weight)),
        ("codes", List(zone.Codes.Select(static code => (ConfigValue)Table(("code", Text(code.Pattern)), ("name", Text(code.Name)), ("points", Number(code.Points)))))));

    private static string Action(GateAction action) => action switch
    {
        GateAction.Reject => "reject",
        GateAction.Quarantine => "quarantine",
        GateAction.Pass => "tag",
        _ => "defer",
    };

    private static ConfigTable Table(params ReadOnlySpan<(string Name, ConfigValue Value)> rows)
    {
        var table = new ConfigTable(0);
        foreach (var (name, value) in rows)
        {
            table.Entries.Add(name, value);
        }

        return table;
    }

    private static ConfigList List(IEnumerable<ConfigValue> items) => new([.. items], 0);

    private static ConfigList Texts(IEnumerable<string> texts) => List(texts.Select(Text));

    private static ConfigValue Text(string? text) => text is null ? new ConfigAbsent() : new ConfigText(text, 0);

    private static ConfigValue Flag(bool? flag) => flag is { } known ? new ConfigFlag(known, 0) : new ConfigAbsent();

    private static ConfigNumber Number(double number) => new ConfigNumber(number, double.IsInteger(number), 0);

    // A part of a second has no unit of its own.
    private static ConfigText Span(TimeSpan span) => new(
        span.Ticks % TimeSpan.TicksPerSecond == 0 ? DurationText.Of(span) : span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s", 0);
}
