namespace Postern.Cli.Words;

/// <summary>What <c>setup</c> says, in English.</summary>
internal sealed class EnglishSetup : ISetupWords
{
    /// <inheritdoc/>
    public string FirstLine => "Written by 'postern setup'. docs/configuration.md explains every key. After a change: postern reload";

    /// <inheritdoc/>
    public string Found => "Found on this host:";

    /// <inheritdoc/>
    public string Log => "log";

    /// <inheritdoc/>
    public string Notices => "notices";

    /// <inheritdoc/>
    public string NeverBanned => "never banned";

    /// <inheritdoc/>
    public string Firewall => "packet filter";

    /// <inheritdoc/>
    public string Resolver => "resolver";

    /// <inheritdoc/>
    public string Journal => "the systemd journal";

    /// <inheritdoc/>
    public string NoLog => "none found: Postfix logs to syslog, and no syslog daemon writes a mail log here. Set maillog_file = /var/log/mail.log (Postfix 3.4 or later) or install rsyslog";

    /// <inheritdoc/>
    public string Mailbox(string path, bool canRead) => $"{path}{(canRead ? "" : " (missing, or not readable by Postern)")}";

    /// <inheritdoc/>
    public string HandedOver(string program) => $"handed to Postern by {program}";

    /// <inheritdoc/>
    public string Elsewhere(string place) => $"delivered to {place}, which Postern cannot read";

    /// <inheritdoc/>
    public string Networks(string own, string mynetworks) => $"this host ({own}) and mynetworks ({mynetworks})";

    /// <inheritdoc/>
    public string NoFail2Ban => "not installed";

    /// <inheritdoc/>
    public string Fail2BanJails(bool runs, IEnumerable<string> jails) => $"{(runs ? "running" : "not running")}; enabled jails: {(jails.Any() ? string.Join(", ", jails) : "none")}";

    /// <inheritdoc/>
    public string Beside(IEnumerable<string> programs) => $"{string.Join(", ", programs)}; Postern keeps its own nftables table beside it";

    /// <inheritdoc/>
    public string OwnTable => "neither firewalld nor ufw; Postern keeps its own nftables table";

    /// <inheritdoc/>
    public string Servers(string addresses, bool isPublic, bool isLocal) => $"{addresses} ({(isLocal ? "on this host" : isPublic ? "public" : "in a private network")})";

    /// <inheritdoc/>
    public string NoServers => "none in /etc/resolv.conf";

    /// <inheritdoc/>
    public string ListAnswers(string zone) => $"{zone} answers";

    /// <inheritdoc/>
    public string ListsNotAsked => "DNS lists not asked";

    /// <inheritdoc/>
    public string NewFile(string file) => $"{file} (new):";

    /// <inheritdoc/>
    public string Additions(string file) => $"{file} (these lines are added, the rest stays):";

    /// <inheritdoc/>
    public string SameFile(string file) => $"{file}: nothing to add";

    /// <inheritdoc/>
    public string PostfixChanges => "Postfix:";

    /// <inheritdoc/>
    public string PostfixSame => "Postfix: nothing to change";

    /// <inheritdoc/>
    public string Undo => "To undo the changes to Postfix:";

    /// <inheritdoc/>
    public string Notes => "Note:";

    /// <inheritdoc/>
    public string Nothing => "Everything is set up; nothing was changed.";

    /// <inheritdoc/>
    public string NotWritten(string command) => $"Nothing was written. To write it: {command}";

    /// <inheritdoc/>
    public string Written(string file) => $"Written: {file}";

    /// <inheritdoc/>
    public string KeptAs(string file) => $"The old file is kept as {file}";

    /// <inheritdoc/>
    public string Next => "Next:";

    /// <inheritdoc/>
    public string StepReload => "let Postfix read its settings";

    /// <inheritdoc/>
    public string StepStart => "start Postern with the new configuration";

    /// <inheritdoc/>
    public string StepDoctor => "check the result";

    /// <inheritdoc/>
    public string StepEnforce => "once the bans look right, set mode = \"enforce\"";

    /// <inheritdoc/>
    public string DryRun => "The file had no mode, so Postern has enforced its bans so far. With mode = \"dry-run\" it only records whom it would ban.";

    /// <inheritdoc/>
    public string LogKept(string asked) => $"{asked} is not added: the file names a log already, and each line would count twice.";

    /// <inheritdoc/>
    public string HandOver => "Notices can be handed over by an alias, such as: postmaster: root, \"|/usr/bin/postern notice\"";

    /// <inheritdoc/>
    public string TwoFail2Bans => "fail2ban runs as well. Compare both first, then take over its bans with 'postern import fail2ban' (docs/moving-from-fail2ban.md).";

    /// <inheritdoc/>
    public string PostfixFailed(string command, string why) => $"{command} failed: {why}";

    /// <inheritdoc/>
    public string Unsound(string file) => $"{file} cannot be extended without changing what is there; add the missing settings by hand";

    /// <inheritdoc/>
    public string BadListen(string option, string text) => $"{option} takes 127.0.0.1:10040, [::1]:10040 or unix:/path, not '{text}'";

    /// <inheritdoc/>
    public string BadPath(string option, string text) => $"{option} takes an absolute path, not '{text}'";

    /// <inheritdoc/>
    public string Ask(SetupQuestion kind, string detail) =>
        kind switch
        {
            SetupQuestion.Policy => $"Use the policy server at {detail}? It only observes until [policy] mode says otherwise. [y/N] ",
            SetupQuestion.Fail2Ban => $"Run fail2ban's jails in Postern ({detail})? Stop fail2ban then. [y/N] ",
            SetupQuestion.Harden => $"Follow the recommendations for Postfix ({detail})? [y/N] ",
            _ => "Write all this? [y/N] ",
        };
}
