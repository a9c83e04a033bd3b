namespace Postern.Cli.Words;

/// <summary>The help in English.</summary>
internal sealed class EnglishHelp : IHelpWords
{
    private static readonly (string Name, string Meaning) s_config = ("--config", "The configuration; default: /etc/postern/postern.toml");
    private static readonly (string Name, string Meaning) s_format = ("--format", "text (default) or json");
    private static readonly (string Name, string Meaning) s_lang = ("--lang", "en or ja; default: by LC_ALL, LC_MESSAGES or LANG (JSON: en)");
    private static readonly (string Name, string Meaning) s_help = ("--help", "Show this help");
    private static readonly (string Name, string Meaning) s_wide = ("--wide", "Show all columns and rows, however wide");
    private static readonly (string Name, string Meaning) s_filter = ("FILTER", "A filter file, or its name in filter.d, with options as in a jail: postfix[mode=aggressive]");
    private static readonly (string Name, string Meaning) s_fail2ban = ("--fail2ban", "The configuration folder of fail2ban; default: /etc/fail2ban");
    private static readonly (string Name, string Meaning) s_logs = ("INPUT", "Mail logs, mboxes or Maildirs with Postfix's notices; plain, gzip, xz or zstd; - for standard input");

    /// <inheritdoc/>
    public string Program => "Find out who abuses a Postfix mail server, why, and ban them temporarily";

    /// <inheritdoc/>
    public string Uses => "Common uses:";

    /// <inheritdoc/>
    public string Syntax => "Syntax:";

    /// <inheritdoc/>
    public string Options => "options";

    /// <inheritdoc/>
    public string Commands => "Commands:";

    /// <inheritdoc/>
    public string Details => "Arguments and options:";

    /// <inheritdoc/>
    public string More(string command) => $"'{command}' shows the help of a command.";

    /// <inheritdoc/>
    public CommandHelp Of(string command) => command switch
    {
        "" => new(Program,
            [
                new("postern explain /var/log/mail.log", "who, why, and what to do"),
                new("postern run --dry-run", "whom it would ban"),
                new("postern check ADDRESS --helo NAME", "is this sender genuine?"),
            ],
            s_help, s_lang, ("--version", "Show the version")),
        "explain" => new("Analyse logs and notices: who, why, and what to do",
            [
                new("postern explain /var/log/mail.log", "the answer on one screen"),
                new("postern explain notice.eml", "what one notice or transcript means"),
                new("postern explain --details --since 24h LOG", "each client of the last day"),
            ],
            ("INPUT", "Mail logs, mboxes or Maildirs with Postfix's notices, a pasted transcript; plain, gzip, xz or zstd; - for standard input. An address asks the running daemon"),
            ("--format", "text (default), json or html"),
            ("--output", "Write the report to this file"),
            ("--resolver", "Ask this DNS server about the clients to ban or watch"),
            ("--offline", "Ask no network; this is the default"),
            ("--since", "Only sessions from this time on: 2026-11-25T01:00, or 24h for the last day"),
            ("--until", "Only sessions up to this time"),
            ("--year", "The year of each log's first line, where stamps have none"),
            ("--details", "The long report: every question, and each client with its reasons"),
            ("--all", "The long report with every client, also those that only sent mail"),
            s_wide, s_config, s_lang, s_help),
        "check" => new("Test whether a server and its envelope sender are genuine, with the reasons",
            [
                new("postern check 192.0.2.1", "the address alone: DNSBL, PTR"),
                new("postern check 192.0.2.1 --helo NAME", "with its HELO name"),
                new("postern check 192.0.2.1 --sender ADDR --message FILE", "with SPF, DKIM and DMARC"),
            ],
            ("ADDRESS", "The client's IPv4 or IPv6 address"),
            ("--helo", "The name it gave in HELO or EHLO"),
            ("--sender", "The address of MAIL FROM; '<>' for a bounce"),
            ("--message", "A file with the message as received; - for standard input"),
            ("--resolver", "Ask this DNS server instead of the system's"),
            s_format, s_config, s_lang, s_help),
        "run" => new("Follow the logs and ban abusive clients temporarily",
            [
                new("postern run --dry-run", "log whom it would ban"),
                new("systemctl start postern", "run as a service"),
                new("postern run --config FILE", "run in the foreground"),
            ],
            ("--dry-run", "Log what would be banned; change no firewall"), s_config, s_lang, s_help),
        "filter" => new("Try fail2ban filters on logs, and find their faults",
            [
                new("postern filter test FILTER LOG", "which lines it matches"),
                new("postern filter lint FILTER", "whether clients can misuse it"),
            ],
            s_lang, s_help),
        "filter test" => new("Show which lines of logs a fail2ban filter matches, and its faults",
            [
                new("postern filter test postfix /var/log/mail.log", "a summary"),
                new("postern filter test FILTER LOG --print matched", "the lines"),
                new("postern filter test FILTER LOG --failregex RE", "with another expression"),
            ],
            s_filter,
            ("LOG", "Logs, plain or compressed; - for standard input"),
            s_fail2ban,
            ("--failregex", "Use this expression instead of the filter's"),
            ("--ignoreregex", "Use this expression instead of the filter's"),
            ("--datepattern", "Use this date pattern instead of the filter's"),
            ("--maxlines", "Match this many lines together"),
            ("--usedns", "yes, warn, no or raw (names as they are)"),
            ("--encoding", "Encoding of the logs; default: utf-8"),
            ("--now", "Take this as the present, for dates without a year"),
            ("--tz", "Zone of dates without one: Europe/Zurich, UTC, +0200"),
            ("--print", "Print these lines: matched, ignored, missed"),
            s_format, s_lang, s_help),
        "filter lint" => new("Find faults of a fail2ban filter, each with an example line",
            [
                new("postern filter lint postfix", "a filter of /etc/fail2ban"),
                new("postern filter lint ./my-filter.conf", "a file"),
                new("postern filter lint 'postfix[mode=aggressive]'", "with options as in a jail"),
            ],
            s_filter, s_fail2ban, s_format, s_lang, s_help),
        "replay" => new("Show whom 'run' would have banned in these logs; bans nobody",
            [
                new("postern replay /var/log/mail.log", "by the present settings"),
                new("postern replay --against new.toml LOG", "what other settings change"),
                new("postern replay --since 7d /var/log/mail.log*", "the last week"),
            ],
            s_logs,
            ("--against", "Show which bans the settings of this file would add and remove"),
            ("--resolver", "Ask this DNS server before a ban, as 'run' does"),
            ("--offline", "Ask no network; this is the default"),
            ("--since", "Only what happened from this time on: 2026-11-25T01:00, or 24h for the last day"),
            ("--until", "Only what happened up to this time"),
            ("--year", "The year of each log's first line, where stamps have none"),
            s_wide, s_config, s_format, s_lang, s_help),
        "notice" => new("Hand a notice of Postfix on standard input to the daemon; always exits with 0",
            [
                new("postmaster: root, \"|/usr/bin/postern notice\"", "a line of /etc/aliases"),
                new("postern notice < notice.eml", "by hand"),
            ],
            s_config, s_lang, s_help),
        "doctor" => new("Check Postfix and Postern settings and print the fix for each problem",
            [
                new("postern doctor", "all checks"),
                new("postern doctor --offline", "without DNS"),
                new("postern doctor --format json", "for a script"),
            ],
            ("--offline", "Ask no DNS"), s_config, s_format, s_lang, s_help),
        "setup" => new("Find Postfix, its log and fail2ban on this host, and write the configuration",
            [
                new("postern setup", "look, ask, show, write when told so"),
                new("postern setup --yes", "write without questions"),
                new("postern setup --yes --harden false", "touch Postfix as little as possible"),
            ],
            ("--yes", "Write what is shown, without questions"),
            ("--log", "The mail log, or 'journal'; default: what Postfix writes here"),
            ("--notices", "The mailbox of Postfix's notices, or 'none'; default: the postmaster's, where it can be read"),
            ("--policy", "Use the policy server at this address, such as 127.0.0.1:10040"),
            ("--milter", "Use the milter at this address, such as 127.0.0.1:10041"),
            ("--fail2ban", "Run the enabled jails of this configuration folder of fail2ban in Postern"),
            ("--harden", "false: do not set what doctor recommends for Postfix itself; default: true, or asked"),
            ("--offline", "Ask no DNS"), s_config, s_format, s_lang, s_help),
        "import" => new("Take over bans and settings of another program",
            [new("postern import fail2ban", "from fail2ban")],
            s_lang, s_help),
        "import fail2ban" => new("Take over fail2ban's bans, and print its settings in Postern's language",
            [
                new("postern import fail2ban --dry-run", "show, take nothing"),
                new("postern import fail2ban", "take over the bans"),
            ],
            ("--dry-run", "Only show what would be taken over"),
            s_fail2ban,
            ("--database", "fail2ban's database; default: the one that its configuration names"), s_config, s_format, s_lang, s_help),
        "report" => new("Show what the checks at SMTP time refused, or would refuse",
            [
                new("postern report", "the last 7 days"),
                new("postern report --days 30", "the last 30 days"),
                new("postern report --wide", "with HELO names"),
            ],
            ("--days", "How many days back; default: 7"), s_wide, s_config, s_format, s_lang, s_help),
        "web" => new("Serve the page for operators, and the JSON API",
            [
                new("postern web", "on 127.0.0.1:10080, or as [web] says"),
                new("systemctl enable --now postern-web", "as a service"),
            ],
            s_config, s_lang, s_help),
        "status" => new("Show the daemon's state: jails, logs, firewalls, problems",
            [
                new("postern status", "now"),
                new("postern status fail2ban/sshd", "one jail"),
                new("postern status --format json", "for monitoring"),
            ],
            ("JAIL", "One jail; default: all"), s_wide, s_config, s_format, s_lang, s_help),
        "bans" => new("Show who is banned, for how long and why",
            [
                new("postern bans", "address, time left, reason"),
                new("postern bans 192.0.2.0/24", "those of an address or network; exit 1 where there are none"),
                new("postern bans --format json", "for a script"),
            ],
            ("ADDR", "Only the bans that cover it or lie within it"), s_wide, s_config, s_format, s_lang, s_help),
        "ban" => new("Ban addresses or networks temporarily",
            [
                new("postern ban 192.0.2.1 203.0.113.0/24 --for 7d", "for a week"),
                new("postern ban 192.0.2.1 --reason TEXT", "with a reason"),
                new("postern ban - < list.txt", "a list, one a line; # begins a comment"),
            ],
            ("ADDR", "Addresses or networks; - for a list on standard input"),
            ("--for", "How long: 90s, 10m, 1h, 7d; default: the jail's bantime"),
            ("--reason", "The reason that 'bans' shows"),
            s_config, s_format, s_lang, s_help),
        "unban" => new("Lift the bans of an address or network",
            [
                new("postern unban 192.0.2.1", "an address"),
                new("postern unban 192.0.2.0/24", "all of a network"),
                new("postern unban --all", "every ban"),
            ],
            ("ADDR", "Addresses or networks; - for a list on standard input"), ("--all", "Lift every ban"), s_config, s_format, s_lang, s_help),
        "allow" => new("Never ban an address, network or name, and lift its bans",
            [
                new("postern allow mx.example.org", "whatever the name resolves to"),
                new("postern allow 192.0.2.1 --for 7d", "for a week"),
                new("postern allow list", "show the allow list"),
            ],
            ("ADDR", "Addresses, networks, DNS names, senders (ann@example.org, @example.org); - for a list on standard input"), ("--for", "How long: 90s, 10m, 1h, 7d; default: for good"), s_config, s_format, s_lang, s_help),
        "allow list" => new("Show who is never banned, by the configuration or by command",
            [
                new("postern allow list", "entries, until when, addresses of names"),
                new("postern allow list --format json", "for a script"),
            ],
            s_wide, s_config, s_format, s_lang, s_help),
        "allow remove" => new("Take out of the allow list what a command put there",
            [new("postern allow remove 192.0.2.1", "an address")],
            ("ADDR", "Addresses, networks or DNS names, as 'allow list' shows them"), s_config, s_format, s_lang, s_help),
        "config" => new("Check or show the configuration",
            [
                new("postern config check", "before a reload"),
                new("postern config show", "the settings in effect"),
            ],
            s_lang, s_help),
        "config show" => new("Show the settings in effect as TOML",
            [
                new("postern config show", "those that the file sets"),
                new("postern config show --defaults", "every key"),
                new("postern config show --format json", "for a script"),
            ],
            ("--defaults", "Also the keys that have their defaults"), s_config, s_format, s_lang, s_help),
        "config check" => new("Report every mistake of the configuration, with line, key and fix",
            [
                new("postern config check", "the default file"),
                new("postern config check --config FILE", "another one"),
            ],
            s_config, s_lang, s_help),
        "brake" => new("Control the safety brake, which withholds bans when the server itself is at fault",
            [new("postern brake release", "decide the withheld bans again")],
            s_lang, s_help),
        "brake release" => new("Release the safety brake and decide the withheld bans again",
            [
                new("postern brake release", "all reasons"),
                new("postern brake release refusals", "one reason"),
            ],
            ("REASON", "The reason to release, as 'status' names it; default: all"), s_config, s_format, s_lang, s_help),
        "top" => new("Show the most active clients, live; q quits",
            [
                new("postern top", "live"),
                new("postern top --once", "one view"),
            ],
            ("--once", "Show one view and exit"), s_wide, s_config, s_format, s_lang, s_help),
        "hosts" => new("Show the hosts that share bans with this one",
            [
                new("postern hosts", "who is there, and how far behind"),
                new("postern hosts --format json", "for a script"),
            ],
            s_wide, s_config, s_format, s_lang, s_help),
        "metrics" => new("Print what the daemon measures, for Prometheus",
            [
                new("postern metrics", "OpenMetrics text"),
                new("postern metrics --format json", "for a script"),
            ],
            s_config, s_format, s_lang, s_help),
        "reload" => new("Reload the configuration; keep the old one if it has errors",
            [
                new("postern reload", "after a change"),
                new("postern reload --config FILE", "of another daemon"),
            ],
            s_config, s_format, s_lang, s_help),
        "notify" => new("Test how people are told of what happens",
            [new("postern notify test", "one test by each way")],
            s_lang, s_help),
        "notify test" => new("Send one test by each configured way, and say which of them work",
            [
                new("postern notify test", "events file, mail, webhooks, abuse reports"),
                new("postern notify test --format json", "for a script"),
            ],
            s_config, s_format, s_lang, s_help),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "No help for this command."),
    };
}
