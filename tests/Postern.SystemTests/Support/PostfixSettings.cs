using System.Text;

namespace Postern.SystemTests.Support;

/// <summary>How a test's Postfix is set. Everything that is not here is as on a usual small server.</summary>
internal sealed record PostfixSettings
{
    /// <summary>Postfix as it comes, with notices of every kind that a client can cause.</summary>
    public static PostfixSettings Current { get; } = new() { Name = "current" };

    /// <summary>The reply to a lone dot as before 3.7: command not recognized, and the session goes on.</summary>
    public static PostfixSettings OlderReply { get; } = new()
    {
        Name = "older-reply",
        Main = new Dictionary<string, string>(StringComparer.Ordinal) { ["smtpd_forbidden_commands"] = "CONNECT,GET,POST" },
    };

    /// <summary>postscreen on port 25 with its deep protocol tests.</summary>
    public static PostfixSettings BehindPostscreen { get; } = new()
    {
        Name = "postscreen",
        Postscreen = true,
        Main = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["postscreen_greet_wait"] = "2s",
            ["postscreen_greet_action"] = "enforce",
            ["postscreen_pipelining_enable"] = "yes",
            ["postscreen_pipelining_action"] = "enforce",
            ["postscreen_non_smtp_command_enable"] = "yes",
            ["postscreen_non_smtp_command_action"] = "drop",
            ["postscreen_bare_newline_enable"] = "yes",
            ["postscreen_bare_newline_action"] = "enforce",
            ["postscreen_dnsbl_sites"] = NameServer.DnsList,
            ["postscreen_dnsbl_action"] = "enforce",
        },
    };

    /// <summary>Postfix that refuses bare line feeds, the service of SMTP smuggling.</summary>
    public static PostfixSettings NoBareNewlines { get; } = new()
    {
        Name = "no-bare-newlines",
        Main = new Dictionary<string, string>(StringComparer.Ordinal) { ["smtpd_forbid_bare_newline"] = "reject" },
    };

    /// <summary>A word for messages and folders.</summary>
    public required string Name { get; init; }

    /// <summary>Parameters of main.cf beyond the usual ones, which they override.</summary>
    public IReadOnlyDictionary<string, string> Main { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>postscreen instead of smtpd on port 25.</summary>
    public bool Postscreen { get; init; }

    /// <summary>
    /// A port that greets two seconds late, so that what a client sends ahead is always there by then. A plain smtpd looks
    /// once, when it greets, and a quick server sees nothing of most early talkers; postscreen waits of itself.
    /// </summary>
    public int LatePort => Postscreen ? 25 : 2526;

    /// <summary>
    /// A port with one process alone, which takes two seconds for each client: what the next one sends ahead is there before it
    /// is greeted, and smtpd tells of it.
    /// </summary>
    public const int BusyPort = 2527;

    /// <summary>The same, a second each, for those who talk ahead.</summary>
    public const int TalkAheadPort = 2528;

    /// <summary>Further lines of master.cf.</summary>
    public string Master { get; init; } = "";

    /// <summary>The text of main.cf, with all that the server writes below the folder.</summary>
    public string MainFile(string folder)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["compatibility_level"] = "3.6",
            ["queue_directory"] = $"{folder}/spool",
            ["data_directory"] = $"{folder}/data",
            ["maillog_file"] = $"{folder}/mail.log",
            ["maillog_file_prefixes"] = folder,
            ["myhostname"] = "mx.example.org",
            ["mydestination"] = "mx.example.org, example.org",
            ["mynetworks"] = "127.0.0.0/8",
            ["inet_interfaces"] = "all",
            ["inet_protocols"] = "all",
            // The postmaster has a real mailbox of each kind; all other users' mail is accepted and dropped.
            ["alias_maps"] = $"inline:{{ {{postmaster = {folder}/mail/notices.mbox, {folder}/mail/Maildir/}}, alice=/dev/null, bob=/dev/null }}",
            ["alias_database"] = "",
            ["local_recipient_maps"] = "$alias_maps",
            ["default_transport"] = "discard:",
            ["notify_classes"] = "resource, software, protocol, policy",
            ["smtpd_error_sleep_time"] = "0",
            ["smtpd_helo_required"] = "yes",
            ["smtpd_client_restrictions"] = $"permit_mynetworks, reject_rbl_client {NameServer.DnsList}",
            ["smtpd_helo_restrictions"] = "permit_mynetworks, reject_invalid_helo_hostname, check_helo_access inline:{ {mx.example.org = REJECT You are not me} }",
            ["smtpd_relay_restrictions"] = "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
            ["smtpd_data_restrictions"] = "reject_unauth_pipelining",
            ["smtpd_tls_security_level"] = "may",
            ["smtpd_tls_cert_file"] = $"{folder}/cert.pem",
            ["smtpd_tls_key_file"] = $"{folder}/key.pem",
            ["smtpd_tls_loglevel"] = "1",
            ["smtpd_sasl_auth_enable"] = "yes",
            ["smtpd_sasl_local_domain"] = "mx.example.org",
        };
        foreach (var (name, value) in Main)
        {
            parameters[name] = value;
        }

        var text = new StringBuilder();
        foreach (var (name, value) in parameters)
        {
            text.Append(name).Append(" = ").Append(value).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>
    /// The text of master.cf. Port 2526 is <see cref="LatePort"/>, 2527 <see cref="BusyPort"/>, 2528 <see cref="TalkAheadPort"/>; port 2525 greets after eight seconds, for scanners
    /// that lose patience.
    /// </summary>
    public string MasterFile() => $$"""
        {{(Postscreen
            ? "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\ndnsblog unix - - n - 0 dnsblog\ntlsproxy unix - - n - 0 tlsproxy"
            : "smtp inet n - n - - smtpd")}}
        2526 inet n - n - - smtpd
          -o smtpd_delay_reject=no
          -o { smtpd_client_restrictions = sleep 2 }
        2527 inet n - n - 1 smtpd
          -o smtpd_delay_reject=no
          -o { smtpd_client_restrictions = sleep 2 }
        2528 inet n - n - 1 smtpd
          -o smtpd_delay_reject=no
          -o { smtpd_client_restrictions = sleep 1 }
        2525 inet n - n - - smtpd
          -o syslog_name=postfix/slow
          -o smtpd_delay_reject=no
          -o { smtpd_client_restrictions = sleep 8 }
        submission inet n - n - - smtpd
          -o syslog_name=postfix/submission
          -o smtpd_tls_security_level=encrypt
          -o smtpd_client_restrictions=
        smtps inet n - n - - smtpd
          -o syslog_name=postfix/smtps
          -o smtpd_tls_wrappermode=yes
          -o smtpd_client_restrictions=
        {{Master}}
        postlog unix-dgram n - n - 1 postlogd
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        verify unix - - n - 1 verify
        flush unix n - n 1000? 0 flush
        proxymap unix - - n - - proxymap
        showq unix n - n - - showq
        error unix - - n - - error
        retry unix - - n - - error
        discard unix - - n - - discard
        local unix - n n - - local
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache

        """;
}
