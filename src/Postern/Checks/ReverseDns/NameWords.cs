using System.Collections.Frozen;

namespace Postern.Checks.ReverseDns;

/// <summary>
/// The words that providers put into the names of their lines, and those that people give to mail servers. Two tables, so that
/// an operator's correction is one word in one place.
/// </summary>
internal static class NameWords
{
    /// <summary>Words of access networks, matched as whole words between digits and punctuation.</summary>
    private static readonly FrozenSet<string> s_access = Words("""
        dsl adsl vdsl xdsl hdsl adslplus cable catv hfc modem cm cpe dial dialup dialin dip dyn dynip dynamic dynamicip
        pool pools ppp pppoe pppoa dhcp bb bband broadband cust custs customer customers client clients user users usr
        home homes res resid residential retail fiber fibre fios ftth fttx fttb fttc gpon epon pon wifi wlan wireless wimax wisp
        mobile mob lte gsm gprs umts hspa cdma evdo cgn cgnat natpool isdn subs subscr subscriber subscribers abo abonnement
        access acc line lines hsd hsi hsia internet inet inetpool kabel telekabel tv net24 ras bras nas bng
        flets bflets ipngn ipbf ipbffx ipad ipoe ipnxs speedy speedtouch turbonet veloxzone virtua maxonline
        rev revdns revip reverse lightspeed unallocated unassigned unused notassigned dedicado dinamico dinamica dinamic
        consumer consumers cabletel cablemodem cliente clientes usuario usuarios klient abonent abonents kunde
        """);

    /// <summary>Longer access words, matched also inside of a word, as in <c>dslpool</c>.</summary>
    private static readonly string[] s_accessParts =
        ["dynamic", "dialup", "dial-up", "broadband", "customer", "residential", "subscriber", "wireless", "dslpool", "adsl", "vdsl", "dhcp", "pppoe", "cablemodem", "dinamic", "abonent", "cgnat"];

    /// <summary>Access words that are no machine's own name: whoever is called so has the name of a pool.</summary>
    private static readonly FrozenSet<string> s_pools = Words("""
        dsl adsl vdsl xdsl hdsl adslplus dyn dynip dynamic dynamicip dialup dialin ppp pppoe pppoa dhcp broadband bband cgn cgnat natpool
        gpon ftth fttx fttb fttc umts gprs hspa wimax cablemodem cpe subscr subscriber subscribers unallocated unassigned unused notassigned dinamico dinamica
        dinamic residential flets bflets ipngn ipbf ipbffx ipad ipoe abonent abonents hsd res
        """);

    /// <summary>Words of servers of the provider's own.</summary>
    private static readonly FrozenSet<string> s_servers = Words("sv ns dns www web ftp vpn gw proxy fw pop imap www2 ntp news irc cache cdn api app db sql mysql");

    /// <summary>Words of mail servers.</summary>
    private static readonly FrozenSet<string> s_mail = Words("""
        mail mails mailer mailers mailout mailin mailgw mailhost mailserver mailrelay mailgate mta mtas mx mxout smtp smtps smtpout smtpin
        outbound outgoing outmail omail mout out relay relays sender senders send sending newsletter newsletters bounce bounces
        email emails emailer post postfix posta poczta correo correio courrier exim exch exchange msa esp campaign campaigns
        mailing list lists listserv mailman imap zimbra edge spamfilter antispam delivery deliver notify notification notifications
        """);

    /// <summary>Words that say that the line is rented as a fixed one: a hosted machine or a business line.</summary>
    private static readonly FrozenSet<string> s_fixed = Words("""
        static fixed fix sta fest fija estatico statisch dedicated server servers srv vps hosting hosted cloud compute colo business biz corp vm kvm instance
        """);

    /// <summary>True for a word of access networks.</summary>
    public static bool IsAccess(string word)
    {
        if (s_access.Contains(word))
        {
            return true;
        }

        foreach (var part in s_accessParts)
        {
            if (word.Contains(part, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for an access word that names a whole pool.</summary>
    public static bool IsPool(string word) => s_pools.Contains(word) || word.Contains("dynamic", StringComparison.Ordinal) || word.Contains("adsl", StringComparison.Ordinal);

    /// <summary>True for a word of servers that are no mail servers.</summary>
    public static bool IsServer(string word) => s_servers.Contains(word);

    /// <summary>True for a word of mail servers.</summary>
    public static bool IsMail(string word) => s_mail.Contains(word);

    /// <summary>True for a word of hosted machines and business lines.</summary>
    public static bool IsFixed(string word) => s_fixed.Contains(word);

    private static FrozenSet<string> Words(string text) =>
        text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.Ordinal);
}
