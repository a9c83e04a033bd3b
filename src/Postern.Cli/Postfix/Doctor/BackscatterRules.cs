using Postern.Cli.Words;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>Every way in which this server takes mail first and bounces it later, or writes to senders that nobody has proven.</summary>
internal static class BackscatterRules
{
    private static readonly string[] s_lists = ["smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions", "smtpd_relay_restrictions", "smtpd_recipient_restrictions"];

    /// <summary>What is wrong.</summary>
    public static IEnumerable<DoctorFinding> Of(PostfixSetup postfix, IDoctorWords words) => [.. Recipients(postfix, words), .. Settings(postfix, words), .. TableRules.Of(postfix, words)];

    private static IEnumerable<DoctorFinding> Recipients(PostfixSetup postfix, IDoctorWords words)
    {
        if (postfix.Main("mydestination").Length > 0 && postfix.Seen("local_recipient_maps").Any(value => value.Length == 0))
        {
            yield return new("unlisted-local", words.UnlistedLocal(null), "postconf -X local_recipient_maps");
        }
        else if (postfix.Main("mydestination").Length > 0 && postfix.TablesOf("local_recipient_maps").FirstOrDefault(table => table.Any is not null) is { } everybody)
        {
            yield return new("unlisted-local", words.UnlistedLocal(everybody.Map.Text), "postconf -X local_recipient_maps");
        }

        if (postfix.Seen("smtpd_reject_unlisted_recipient").Contains("no", StringComparer.OrdinalIgnoreCase) && !postfix.HasWord("smtpd_recipient_restrictions", "reject_unlisted_recipient"))
        {
            yield return new("unlisted-recipient", words.UnlistedRecipient, "postconf -e 'smtpd_reject_unlisted_recipient = yes'");
        }

        var asksOn = AsksOn(postfix);
        var relayed = PostfixSetup.Words(postfix.Main("relay_domains")).Except(PostfixSetup.Words(postfix.Main("mydestination")), StringComparer.OrdinalIgnoreCase);
        if (!asksOn && relayed.Any() && postfix.Main("relay_recipient_maps").Length == 0)
        {
            yield return new("backup-mx", words.BackupMx(null, null), Verify(postfix));
        }

        if (!asksOn && postfix.TablesOf("relay_recipient_maps").FirstOrDefault(table => table.Any is not null) is { Any: { } any } all)
        {
            yield return new("backup-mx", words.BackupMx(all.Map.Text, any.Key), Verify(postfix));
        }

        if (!asksOn && postfix.Main("virtual_mailbox_domains").Length > 0 && postfix.Main("virtual_mailbox_maps").Length == 0)
        {
            yield return new("unlisted-virtual", words.UnlistedVirtual, Verify(postfix));
        }
    }

    private static IEnumerable<DoctorFinding> Settings(PostfixSetup postfix, IDoctorWords words)
    {
        if (postfix.Main("luser_relay").Length > 0)
        {
            yield return new("luser-relay", words.LuserRelay(postfix.Main("luser_relay")), "postconf -X luser_relay");
        }

        if (postfix.IsYes("soft_bounce") || postfix.Main("soft_bounce") is "yes")
        {
            yield return new("soft-bounce", words.SoftBounce, "postconf -e 'soft_bounce = no'");
        }

        if (postfix.Seen("content_filter").FirstOrDefault(value => value.Length > 0) is { } filter)
        {
            var next = filter[(filter.IndexOf(':', StringComparison.Ordinal) + 1)..].Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
            yield return new("content-filter", words.ContentFilter(filter),
                $"postconf -e 'content_filter =' 'smtpd_proxy_filter = {next}'");
        }

        foreach (var list in s_lists.Where(list => postfix.HasWord(list, "reject_unverified_sender")))
        {
            yield return new("sender-verification", words.SenderVerification(list), Without(postfix, list, "reject_unverified_sender"));
        }

        if (!postfix.HasWord("smtpd_relay_restrictions", "reject_unauth_destination", "defer_unauth_destination", "reject")
            && !postfix.HasWord("smtpd_recipient_restrictions", "reject_unauth_destination", "defer_unauth_destination", "reject"))
        {
            yield return new("open-relay", words.OpenRelay, "postconf -e 'smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination'");
        }

        if (PostfixSetup.Words(postfix.Main("mynetworks")).Any(network => network.EndsWith("/0", StringComparison.Ordinal)))
        {
            yield return new("mynetworks", words.MyNetworks, "postconf -e 'mynetworks = 127.0.0.0/8 [::1]/128'");
        }
    }

    private static bool AsksOn(PostfixSetup postfix) => s_lists.Any(list => postfix.HasWord(list, "reject_unverified_recipient"));

    private static string Verify(PostfixSetup postfix) =>
        $"postconf -e 'smtpd_recipient_restrictions = {(postfix.Main("smtpd_recipient_restrictions") is { Length: > 0 } list ? list : "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination")}, reject_unverified_recipient'";

    private static string Without(PostfixSetup postfix, string list, string word)
    {
        var parts = postfix.Main(list).Replace(word, "", StringComparison.OrdinalIgnoreCase).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return $"postconf -e '{list} = {string.Join(", ", parts)}'";
    }
}
