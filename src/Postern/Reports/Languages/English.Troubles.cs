using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class English
{
    /// <inheritdoc/>
    public string Name(TroubleKind trouble) => trouble switch
    {
        TroubleKind.OpenRelay => "possible open relay",
        TroubleKind.Configuration => "server configuration error",
        TroubleKind.LookupFailure => "a table or database does not answer",
        TroubleKind.PolicyServer => "a policy server does not answer",
        TroubleKind.Milter => "a milter or content filter does not answer",
        TroubleKind.LoginService => "the login service (SASL) does not answer",
        TroubleKind.Tls => "TLS does not work",
        TroubleKind.DnsList => "a DNS list answers with an error, not with a listing",
        TroubleKind.Resolver => "the DNS resolver does not answer",
        TroubleKind.DiskFull => "the disk is full",
        TroubleKind.PortsBusy => "all SMTP server processes are busy",
        TroubleKind.RateLimit => "a rate limit holds off genuine senders",
        TroubleKind.Other => "temporary failure of the server",
        _ => throw new ArgumentOutOfRangeException(nameof(trouble), trouble, "No name for this trouble."),
    };

    /// <inheritdoc/>
    public string Advise(TroubleKind trouble) => trouble switch
    {
        TroubleKind.OpenRelay => "If neither these domains nor the client are yours (\"postconf mynetworks relay_domains\" tells), close it at once: put reject_unauth_destination into smtpd_relay_restrictions, check mynetworks, and look into the queue (postqueue -p).",
        TroubleKind.Configuration => "Run \"postfix check\" and read the warnings that Postfix logs beside it.",
        TroubleKind.LookupFailure => "Start the database or correct the table that the warnings beside it name, and try it with \"postmap -q\".",
        TroubleKind.PolicyServer => "Start the policy server, and give its check_policy_service entry default_action=DUNNO so that mail goes on without it.",
        TroubleKind.Milter => "Start the milter or content filter; milter_default_action=accept takes mail while it is down.",
        TroubleKind.LoginService => "Start the login service (dovecot or saslauthd) and check smtpd_sasl_path; until then no user can send.",
        TroubleKind.Tls => "Check smtpd_tls_chain_files (or smtpd_tls_cert_file and smtpd_tls_key_file): the files must exist, match and be readable.",
        TroubleKind.DnsList => "Use an own recursive resolver instead of a public one, and accept only real answers: reject_rbl_client zen.spamhaus.org=127.0.0.[2..11]. Until then genuine mail is refused.",
        TroubleKind.Resolver => "Check /etc/resolv.conf and the resolver; for a chroot copy resolv.conf into it. Without DNS genuine mail is put off.",
        TroubleKind.DiskFull => "Free space in the queue directory, or lower message_size_limit: Postfix wants 1.5 times that much.",
        TroubleKind.PortsBusy => "Raise default_process_limit or the maxproc of the smtpd service in master.cf, and look for what keeps the processes busy.",
        TroubleKind.RateLimit => "Raise the smtpd_client_*_limit that is exceeded, or name these clients in smtpd_client_event_limit_exceptions.",
        TroubleKind.Other => "Read what Postfix logs beside it: the reason stands there as a warning or an error.",
        _ => throw new ArgumentOutOfRangeException(nameof(trouble), trouble, "No advice for this trouble."),
    };

    /// <inheritdoc/>
    public string Say(Trouble trouble)
    {
        var text = string.IsNullOrEmpty(trouble.Text) ? "" : $" ({SafeText.Short(trouble.Text, QuotedCells)})";
        var cost = trouble.Sessions == 0 ? Counted(trouble.Lines, "line") : $"it cost {Sessions(trouble.Sessions)} of clients that did nothing hostile";
        var when = trouble.FirstSeen.IsKnown ? $", {Range(trouble.FirstSeen, trouble.LastSeen)}" : "";
        var name = Name(trouble.Kind);
        return trouble.Kind == TroubleKind.OpenRelay
            ? $"Possible open relay: recipients of foreign domains{text} were accepted without a login{when}. {Advise(trouble.Kind)}"
            : $"{char.ToUpperInvariant(name[0])}{name[1..]}{text}: {cost}{when}. {Advise(trouble.Kind)}";
    }
}
