namespace Postern.Cli.Words;

/// <summary>The findings of <c>doctor</c> in English.</summary>
internal sealed class EnglishDoctor : IDoctorWords
{
    private const string Backscatter = "so that this server sends backscatter";

    /// <inheritdoc/>
    public string Error => "error";

    /// <inheritdoc/>
    public string Recommendation => "recommended";

    /// <inheritdoc/>
    public string Fix => "fix";

    /// <inheritdoc/>
    public string Afterwards => "After changes to Postfix: postfix reload; to Postern: postern reload";

    /// <inheritdoc/>
    public string Notices => "Postfix sends no notices of protocol errors. Blank lines and most transcripts are recorded nowhere else (notify_classes).";

    /// <inheritdoc/>
    public string PolicyDefaultAction => "If Postern stops, Postfix defers all mail: the entry lacks default_action=DUNNO.";

    /// <inheritdoc/>
    public string PolicyTimeout => "If Postern hangs, each session waits too long, or Postern has too little time: the entry's timeout should be 8s.";

    /// <inheritdoc/>
    public string MilterDefaultAction => "If Postern stops, Postfix refuses all mail: the entry lacks default_action=accept.";

    /// <inheritdoc/>
    public string MilterTimeout => "If Postern hangs, each message waits too long, or Postern has too little time: the entry's content_timeout should be 20s.";

    /// <inheritdoc/>
    public string UnlistedRecipient => $"Unknown recipients are accepted and bounced later, {Backscatter} (smtpd_reject_unlisted_recipient).";

    /// <inheritdoc/>
    public string UnlistedVirtual => $"Any name of virtual_mailbox_domains is accepted and bounced later, {Backscatter} (virtual_mailbox_maps is empty).";

    /// <inheritdoc/>
    public string SoftBounce => "All refusals are temporary: senders of spam retry for days, and mail for refused recipients stays queued elsewhere (soft_bounce).";

    /// <inheritdoc/>
    public string OpenRelay => "Open relay: anybody can send anywhere through this server (no reject_unauth_destination).";

    /// <inheritdoc/>
    public string MyNetworks => "mynetworks holds every address: anybody can send anywhere through this server, and no client is tested.";

    /// <inheritdoc/>
    public string TlsOff => "Mail arrives in clear text: TLS is off (smtpd_tls_security_level).";

    /// <inheritdoc/>
    public string AuthInClear => "Passwords can be sent, and guessed, without TLS (smtpd_tls_auth_only).";

    /// <inheritdoc/>
    public string HeloNotRequired => "Clients need not send HELO, so there may be no name to test (smtpd_helo_required).";

    /// <inheritdoc/>
    public string Vrfy => "VRFY tells anybody which addresses exist (disable_vrfy_command).";

    /// <inheritdoc/>
    public string ConnectionRate => "The number of connections of a client is not limited (smtpd_client_connection_rate_limit).";

    /// <inheritdoc/>
    public string AuthRate => "The number of password attempts of a client is not limited (smtpd_client_auth_rate_limit).";

    /// <inheritdoc/>
    public string ErrorLimit => "A client can make more than 20 errors in a session (smtpd_hard_error_limit).";

    /// <inheritdoc/>
    public string Smuggling => "SMTP smuggling is possible: a bare line feed can hide a second message (smtpd_forbid_bare_newline).";

    /// <inheritdoc/>
    public string NoDelayReject => "Clients are refused before MAIL FROM and RCPT TO, so the log does not show which mail was lost (smtpd_delay_reject).";

    /// <inheritdoc/>
    public string Summary(int errors, int recommendations) => errors + recommendations == 0
        ? "No problems found."
        : $"{Counts.Of(errors + recommendations, "problem")} ({Counts.Of(errors, "error")}, {Counts.Of(recommendations, "recommendation")})";

    /// <inheritdoc/>
    public string NoPostfix(string why) => $"Postfix's settings cannot be read: {why}";

    /// <inheritdoc/>
    public string MilterTrust(string listen) =>
        $"Any local user can talk to the milter at {listen}, so the sessions it reports count neither for bans nor for protection.";

    /// <inheritdoc/>
    public string PolicyNotWired(string listen) => $"The policy server listens at {listen}, but Postfix does not ask it.";

    /// <inheritdoc/>
    public string MilterNotWired(string listen) => $"The milter listens at {listen}, but Postfix does not use it.";

    /// <inheritdoc/>
    public string MilterKeepResults(string other, string name) => $"{other} runs after Postern under the same name ({name}) and deletes its results.";

    /// <inheritdoc/>
    public string MilterOrder(string other, string name) =>
        $"Postern runs after {other} under the same name ({name}) and deletes its results, as it deletes all earlier results that claim this name.";

    /// <inheritdoc/>
    public string MessageSize(long postfixLimit, long postern) =>
        $"Postfix accepts messages of {(postfixLimit == 0 ? "any size" : $"up to {Counts.Of(postfixLimit, "byte")}")}; those above {Counts.Of(postern, "byte")} pass untested (max_message in [milter]).";

    /// <inheritdoc/>
    public string UnlistedLocal(string? table) =>
        $"Any name of the local domains is accepted and bounced later, {Backscatter} ({(table is null ? "local_recipient_maps is empty" : $"{table} in local_recipient_maps matches every name")}).";

    /// <inheritdoc/>
    public string BackupMx(string? table, string? key) =>
        $"Any name of relay_domains is accepted and bounced when the next server refuses it ({(table is null ? "relay_recipient_maps is empty" : $"{table} in relay_recipient_maps matches {key}")}).";

    /// <inheritdoc/>
    public string LuserRelay(string to) => $"luser_relay accepts mail for unknown users and sends it to {to}, where it may bounce.";

    /// <inheritdoc/>
    public string ContentFilter(string filter) => $"The filter {filter} sees mail only after it was accepted; it can only bounce or drop what it refuses (content_filter).";

    /// <inheritdoc/>
    public string SenderVerification(string list) => $"Servers of forged senders are asked whether the address exists, which burdens third parties (reject_unverified_sender in {list}).";

    /// <inheritdoc/>
    public string CatchAll(string key, string value, string table, string parameter) =>
        $"{key} accepts every name and forwards to {value}, where mail for guessed names may bounce ({table} in {parameter}).";

    /// <inheritdoc/>
    public string Vacation(string? alias, string where) => $"{(alias is null ? "A user's forward file" : $"The alias {alias}")} replies automatically, also to forged senders ({where}).";

    /// <inheritdoc/>
    public string Forwarding(string? key, string elsewhere, string where) =>
        $"{key ?? "A user's forward file"} forwards all mail to {elsewhere}; what is refused there is bounced from here ({where}).";

    /// <inheritdoc/>
    public string LogMissing(string path) => $"The log {path} does not exist.";

    /// <inheritdoc/>
    public string LogStale(string path, int days) => $"Nothing was written to {path} for {Counts.Of(days, "day")}.";

    /// <inheritdoc/>
    public string DnsList(string zone, DnsListProblem problem, string? detail) => $"{zone} is not used: " + problem switch
    {
        DnsListProblem.NoAnswer => $"DNS gives no answer ({detail}).",
        DnsListProblem.Refused => "it refuses this resolver, which is a public one or sends too many queries.",
        DnsListProblem.NothingListed => "its test entry 127.0.0.2 does not resolve: the resolver or a firewall alters DNS answers.",
        _ => "it seems to list every address: the resolver or a firewall alters DNS answers.",
    };

    /// <inheritdoc/>
    public string SharingServer(string url, string why) => $"The server that the hosts share, {url}, cannot be used: {why}. Until it can, this host shares nothing.";

    /// <inheritdoc/>
    public string SharingKey(string path) => $"Others than its owner and group may read {path}, the key of the site: whoever has it can ban anybody at all hosts.";

    /// <inheritdoc/>
    public string SharingHost(string host) => $"Two hosts share by the name {host}: neither the log nor postern hosts tells them apart.";

    /// <inheritdoc/>
    public string SharingClock(long seconds) => $"This host's clock and that of the server it shares differ by {Counts.Of(seconds, "second")}: bans end at the right time, and the times in log and reports mislead.";

    /// <inheritdoc/>
    public string PublicSuffixes(string date) => $"The list of public suffixes is of {date}, older than a year: tests may take two owners' domains for one.";

    /// <inheritdoc/>
    public string Fail2BanTwice(IEnumerable<string> jails, bool runs) =>
        $"fail2ban {(runs ? "also runs" : "is stopped, but starts with the host and then also runs")} {string.Join(", ", jails)}: each failure is counted and each client banned twice ([fail2ban] config).";

    /// <inheritdoc/>
    public string Edit(string setting, string table, string file) => $"set {setting} in the {table} table of {file}";
}
