using System.Globalization;
using Postern.Cli.Words;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>Settings that make abuse cheap: TLS, HELO, VRFY, rates, errors.</summary>
internal static class AbuseRules
{
    /// <summary>What is wrong.</summary>
    public static IEnumerable<DoctorFinding> Of(PostfixSetup postfix, IDoctorWords words)
    {
        if (!postfix.IsYes("smtpd_use_tls") && postfix.Seen("smtpd_tls_security_level").Any(level => level is "" or "none"))
        {
            yield return new("tls-off", words.TlsOff,
                HasCertificate(postfix) ? "postconf -e 'smtpd_tls_security_level = may'" : "postfix tls enable-server");
        }

        if (postfix.IsYes("smtpd_sasl_auth_enable") && postfix.Seen("smtpd_tls_auth_only").Contains("no", StringComparer.Ordinal) && !postfix.Seen("smtpd_tls_security_level").All(level => level is "encrypt"))
        {
            yield return new("auth-in-clear", words.AuthInClear, "postconf -e 'smtpd_tls_auth_only = yes'");
        }

        if (postfix.Seen("smtpd_helo_required").Contains("no", StringComparer.Ordinal))
        {
            yield return new("helo-not-required", words.HeloNotRequired, "postconf -e 'smtpd_helo_required = yes'");
        }

        if (postfix.Seen("disable_vrfy_command").Contains("no", StringComparer.Ordinal))
        {
            yield return new("vrfy", words.Vrfy, "postconf -e 'disable_vrfy_command = yes'");
        }

        if (postfix.Seen("smtpd_client_connection_rate_limit").Contains("0", StringComparer.Ordinal))
        {
            yield return new("connection-rate", words.ConnectionRate, "postconf -e 'smtpd_client_connection_rate_limit = 60'");
        }

        if (postfix.IsYes("smtpd_sasl_auth_enable") && postfix.Seen("smtpd_client_auth_rate_limit").Contains("0", StringComparer.Ordinal) && postfix.Knows("smtpd_client_auth_rate_limit"))
        {
            yield return new("auth-rate", words.AuthRate, "postconf -e 'smtpd_client_auth_rate_limit = 10'");
        }
        // By default the limit depends on the load: "${stress?{1}:{20}}".
        if (postfix.Seen("smtpd_hard_error_limit").Any(limit => int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 20))
        {
            yield return new("error-limit", words.ErrorLimit, "postconf -X smtpd_hard_error_limit");
        }

        if (postfix.Knows("smtpd_forbid_bare_newline") && postfix.Seen("smtpd_forbid_bare_newline").Contains("no", StringComparer.Ordinal))
        {
            yield return new("smuggling", words.Smuggling, "postconf -e 'smtpd_forbid_bare_newline = yes'");
        }

        if (postfix.Seen("smtpd_delay_reject").Contains("no", StringComparer.Ordinal) && postfix.Main("smtpd_delay_reject") is "no")
        {
            yield return new("no-delay-reject", words.NoDelayReject, "postconf -e 'smtpd_delay_reject = yes'");
        }
    }

    private static bool HasCertificate(PostfixSetup postfix) =>
        postfix.Main("smtpd_tls_chain_files").Length > 0 || postfix.Main("smtpd_tls_cert_file").Length > 0;
}
