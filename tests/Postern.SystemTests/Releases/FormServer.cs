using Postern.SystemTests.Support;

namespace Postern.SystemTests.Releases;

/// <summary>
/// One Postfix that can be provoked to say all that it says of a client: each port is set otherwise. Waits are short, so that
/// a session of each form takes seconds together.
/// </summary>
internal static class FormServer
{
    public const int Smtp = 25;
    public const int Submission = 587;
    public const int Wrapped = 465;
    public const int LoginLimit = 2001;
    public const int NoLogin = 2002;
    public const int ConnectionRate = 2003;
    public const int ConnectionCount = 2004;
    public const int MessageRate = 2005;
    public const int RecipientRate = 2006;
    public const int TlsRate = 2007;
    public const int AtOnce = 2008;
    public const int NoName = 2009;
    public const int BrokenTable = 2010;
    public const int DeadPolicy = 2011;
    public const int DeadMilter = 2012;
    public const int Content = 2013;
    public const int Small = 2014;
    public const int BareNewline = 2015;
    public const int FewErrors = 2016;
    public const int Impatient = 2017;
    public const int Busy = 2018;
    public const int Proxy = 2019;
    public const int ProxyFilter = 2020;
    public const int DeadProxy = 2021;
    public const int FullDisk = 2022;
    public const int BrokenTls = 2023;
    public const int BrokenLogin = 2024;
    public const int EndOfData = 2025;
    public const int DataRefused = 2026;
    public const int Listed = 2027;
    public const int Upstream = 2028;
    public const int Verifying = 2029;
    public const int OpenList = 2030;
    public const int StrictSyntax = 2031;
    public const int PerUserTable = 2032;
    public const int Postscreen = 2600;
    public const int BusyPostscreen = 2601;

    /// <summary>The files below etc/postfix.</summary>
    public static Dictionary<string, string> Files => new(StringComparer.Ordinal)
    {
        ["main.cf"] = $$"""
            compatibility_level = 2
            queue_directory = /mnt/spool
            data_directory = /mnt/data
            maillog_file = /mnt/mail.log
            maillog_file_prefixes = /mnt
            myhostname = mx.example.org
            mydestination = mx.example.org, example.org
            mynetworks = 127.0.0.0/8
            inet_interfaces = all
            inet_protocols = all
            alias_maps = inline:{ {postmaster=/mnt/mail/notices.mbox}, {alice=/dev/null}, {bob=/dev/null} }
            alias_database =
            local_recipient_maps = $alias_maps
            default_transport = discard:
            notify_classes = resource, software, protocol, policy
            smtpd_error_sleep_time = 0
            smtpd_helo_required = yes
            smtpd_client_restrictions = permit_mynetworks
            smtpd_helo_restrictions = reject_invalid_helo_hostname, check_helo_access inline:{ {mx.example.org = REJECT You are not me}, {defer.example = 450 4.7.1 come later} }
            smtpd_sender_restrictions = check_sender_access inline:{ {bad@sender.example = REJECT not wanted}, {gone@sender.example = DISCARD}, {hold@sender.example = HOLD}, {warn@sender.example = WARN}, {redirect@sender.example = REDIRECT alice@example.org} }, reject_non_fqdn_sender
            smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
            smtpd_recipient_restrictions = check_recipient_access inline:{ {grey@example.org = 450 4.2.0 Greylisted}, {full@example.org = 452 4.2.2 Mailbox is full}, {fq@example.org = 550 5.7.23 Message rejected due to: SPF fail} }
            smtpd_data_restrictions = reject_unauth_pipelining
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = /mnt/cert.pem
            smtpd_tls_key_file = /mnt/key.pem
            smtpd_tls_loglevel = 1
            smtpd_sasl_auth_enable = yes
            cyrus_sasl_config_path = /etc/postfix/sasl
            smtpd_sasl_local_domain = mx.example.org
            smtpd_client_event_limit_exceptions =
            smtpd_policy_service_try_limit = 1
            smtpd_policy_service_timeout = 2s
            smtpd_policy_service_retry_delay = 1s
            unverified_recipient_reject_code = 550
            address_verify_poll_delay = 1s
            address_verify_poll_count = 1
            address_verify_map =
            postscreen_greet_wait = 2s
            postscreen_greet_action = enforce
            postscreen_pipelining_enable = yes
            postscreen_pipelining_action = enforce
            postscreen_non_smtp_command_enable = yes
            postscreen_non_smtp_command_action = drop
            postscreen_bare_newline_enable = yes
            postscreen_bare_newline_action = enforce
            postscreen_dnsbl_sites = {{NameServer.DnsList}}=127.0.0.2
            postscreen_dnsbl_action = enforce
            postscreen_access_list = cidr:/etc/postfix/screen.cidr
            postscreen_blacklist_action = enforce
            postscreen_command_time_limit = 10s
            postscreen_command_count_limit = 5
            postscreen_cache_map =
            """,
        ["master.cf"] = $$"""
            25 inet n - n - - smtpd
            submission inet n - n - - smtpd
              -o syslog_name=postfix/submission
              -o smtpd_tls_security_level=encrypt
              -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
            smtps inet n - n - - smtpd
              -o syslog_name=postfix/smtps
              -o smtpd_tls_wrappermode=yes
            2001 inet n - n - - smtpd
              -o smtpd_client_auth_rate_limit=1
            2002 inet n - n - - smtpd
              -o smtpd_sasl_auth_enable=no
            2003 inet n - n - - smtpd
              -o smtpd_client_connection_rate_limit=1
            2004 inet n - n - - smtpd
              -o smtpd_client_connection_count_limit=1
            2005 inet n - n - - smtpd
              -o smtpd_client_message_rate_limit=1
            2006 inet n - n - - smtpd
              -o smtpd_client_recipient_rate_limit=1
            2007 inet n - n - - smtpd
              -o smtpd_client_new_tls_session_rate_limit=1
            2008 inet n - n - - smtpd
              -o smtpd_delay_reject=no
              -o { smtpd_client_restrictions = check_client_access inline:{ {192.0.2 = REJECT not here} } }
            2009 inet n - n - - smtpd
              -o { smtpd_client_restrictions = reject_unknown_client_hostname }
              -o { smtpd_sender_restrictions = reject_unknown_sender_domain }
            2010 inet n - n - - smtpd
              -o { smtpd_recipient_restrictions = check_recipient_access texthash:/nowhere/table }
            2011 inet n - n - - smtpd
              -o { smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:9 }
            2012 inet n - n - - smtpd
              -o smtpd_milters=inet:127.0.0.1:9
            2013 inet n - n - - smtpd
              -o cleanup_service_name=strict
            2014 inet n - n - - smtpd
              -o message_size_limit=3000
              -o cleanup_service_name=small
            2015 inet n - n - - smtpd
              -o smtpd_forbid_bare_newline=reject
            2016 inet n - n - - smtpd
              -o smtpd_hard_error_limit=3
              -o smtpd_junk_command_limit=3
            2017 inet n - n - - smtpd
              -o smtpd_timeout=1s
              -o smtpd_starttls_timeout=1s
            2018 inet n - n - 1 smtpd
              -o smtpd_delay_reject=no
              -o { smtpd_client_restrictions = sleep 1 }
            2019 inet n - n - - smtpd
              -o smtpd_proxy_filter=127.0.0.1:2020
            2020 inet n - n - - smtpd
              -o syslog_name=postfix/filter
              -o cleanup_service_name=strict
              -o smtpd_authorized_xforward_hosts=127.0.0.0/8
              -o smtpd_helo_restrictions=
              -o smtpd_sasl_auth_enable=no
            2021 inet n - n - - smtpd
              -o smtpd_proxy_filter=127.0.0.1:9
            2022 inet n - n - - smtpd
              -o queue_minfree=900000000000000
              -o message_size_limit=10240000
            2023 inet n - n - - smtpd
              -o smtpd_tls_cert_file=/nowhere/cert.pem
              -o smtpd_tls_key_file=/nowhere/cert.pem
            2024 inet n - n - - smtpd
              -o smtpd_sasl_type=dovecot
              -o smtpd_sasl_path=private/nobody
            2025 inet n - n - - smtpd
              -o { smtpd_end_of_data_restrictions = check_client_access inline:{ {192.0.2 = REJECT not this} } }
            2026 inet n - n - - smtpd
              -o { smtpd_data_restrictions = check_client_access inline:{ {192.0.2 = REJECT not now} } }
            2027 inet n - n - - smtpd
              -o { smtpd_client_restrictions = reject_rbl_client {{NameServer.DnsList}}=127.0.0.2 }
            2028 inet n - n - - smtpd
              -o smtpd_upstream_proxy_protocol=haproxy
              -o smtpd_upstream_proxy_timeout=2s
            2029 inet n - n - - smtpd
              -o { smtpd_recipient_restrictions = reject_unverified_sender }
            2030 inet n - n - - smtpd
              -o { smtpd_client_restrictions = reject_rbl_client unanswered.example }
            2031 inet n - n - - smtpd
              -o strict_rfc821_envelopes=yes
              -o disable_vrfy_command=yes
            2032 inet n - n - - smtpd
              -o { local_recipient_maps = tcp:127.0.0.1:9 }
            2600 inet n - n - 1 postscreen
            2601 inet n - n - 1 postscreen
              -o postscreen_pre_queue_limit=10
            smtpd pass - - n - - smtpd
            dnsblog unix - - n - 0 dnsblog
            tlsproxy unix - - n - 0 tlsproxy
            strict unix n - n - 0 cleanup
              -o header_checks=regexp:/etc/postfix/header_checks
              -o body_checks=regexp:/etc/postfix/body_checks
            small unix n - n - 0 cleanup
              -o message_size_limit=3000
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

            """,
        ["header_checks"] = """
            /^Subject: refuse/ REJECT We do not take this
            /^Subject: discard/ DISCARD
            /^Subject: hold/ HOLD
            /^Subject: warn/ WARN look at this
            /^Subject: info/ INFO seen
            /^Subject: replace/ REPLACE Subject: other
            /^Subject: prepend/ PREPEND X-Seen: yes
            /^Subject: redirect/ REDIRECT alice@example.org

            """,
        ["body_checks"] = """
            /cheap pills/ REJECT We do not buy

            """,
        ["screen.cidr"] = """
            192.0.2.199/32 reject
            192.0.2.198/32 permit

            """,
        ["sasl/smtpd.conf"] = """
            pwcheck_method: auxprop
            auxprop_plugin: sasldb
            mech_list: PLAIN LOGIN
            sasldb_path: /mnt/sasldb2

            """,
    };
}
