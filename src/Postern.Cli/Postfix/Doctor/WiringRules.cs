using System.Globalization;
using Postern.Cli.Configuration;
using Postern.Cli.Words;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>How Postern is wired into Postfix, and whether mail goes on without it.</summary>
internal static class WiringRules
{
    private const int LongestTimeout = 30;
    private static readonly string[] s_restrictions =
        ["smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions", "smtpd_relay_restrictions", "smtpd_recipient_restrictions", "smtpd_data_restrictions", "smtpd_end_of_data_restrictions"];

    /// <summary>What is wrong.</summary>
    public static IEnumerable<DoctorFinding> Of(PostfixSetup postfix, PosternOptions postern, IDoctorWords words)
    {
        if (postern.Policy.Listen is { } policy)
        {
            foreach (var finding in Policy(postfix, policy, words))
            {
                yield return finding;
            }
        }

        if (postern.Milter.Listen is { } milter)
        {
            foreach (var finding in Milter(postfix, milter, words))
            {
                yield return finding;
            }

            if (milter.Path is null && !postern.Milter.TrustsTcp)
            {
                yield return new("milter-trust", words.MilterTrust(milter.ToString()),
                    "listen = \"unix:/var/spool/postfix/postern/milter\" in [milter], or trust = \"tcp\" where only Postfix reaches the port");
            }
        }

        // What else the operator is told of stays.
        var classes = PostfixSetup.Words(postfix.Main("notify_classes"));
        if (!classes.Contains("protocol", StringComparer.OrdinalIgnoreCase))
        {
            yield return new("notices", words.Notices, Set("notify_classes", string.Join(", ", [.. classes, "protocol"])));
        }
    }

    private static IEnumerable<DoctorFinding> Policy(PostfixSetup postfix, ListenAddress at, IDoctorWords words)
    {
        var wanted = $"check_policy_service {{ {Place(at)}, timeout=8s, try_limit=1, default_action=DUNNO }}";
        var lists = s_restrictions.SelectMany(name => postfix.Seen(name).Select(value => (Name: name, Value: value)));
        var found = lists.Select(list => (list.Name, list.Value, Entry: Entry(list.Value, at, "check_policy_service"))).FirstOrDefault(list => list.Entry is not null);
        if (found.Entry is null)
        {
            var before = postfix.Main("smtpd_recipient_restrictions") is { Length: > 0 } list ? list : "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination";
            yield return new("policy-not-wired", words.PolicyNotWired(at.ToString()), Set("smtpd_recipient_restrictions", $"{before}, {wanted}"));
            yield break;
        }

        var fix = Set(found.Name, found.Value.Replace(found.Entry, wanted, StringComparison.Ordinal));
        if (!Option(found.Entry, "default_action", postfix.Main("smtpd_policy_service_default_action")).StartsWith("DUNNO", StringComparison.OrdinalIgnoreCase))
        {
            yield return new("policy-default-action", words.PolicyDefaultAction, fix);
        }

        if (Seconds(Option(found.Entry, "timeout", postfix.Main("smtpd_policy_service_timeout"))) is > LongestTimeout or < 8)
        {
            yield return new("policy-timeout", words.PolicyTimeout, fix);
        }
    }

    private static IEnumerable<DoctorFinding> Milter(PostfixSetup postfix, ListenAddress at, IDoctorWords words)
    {
        var wanted = $"{{ {Place(at)}, connect_timeout=3s, command_timeout=10s, content_timeout=20s, default_action=accept }}";
        var found = postfix.Seen("smtpd_milters").Select(value => (Value: value, Entry: Entry(value, at, ""))).FirstOrDefault(list => list.Entry is not null);
        if (found.Entry is null)
        {
            yield return new("milter-not-wired", words.MilterNotWired(at.ToString()),
                Set("smtpd_milters", postfix.Main("smtpd_milters") is { Length: > 0 } list ? $"{wanted}, {list}" : wanted));
            yield break;
        }

        var fix = Set("smtpd_milters", found.Value.Replace(found.Entry, wanted, StringComparison.Ordinal));
        if (!Option(found.Entry, "default_action", postfix.Main("milter_default_action")).StartsWith("accept", StringComparison.OrdinalIgnoreCase))
        {
            yield return new("milter-default-action", words.MilterDefaultAction, fix);
        }

        if (Seconds(Option(found.Entry, "content_timeout", postfix.Main("milter_content_timeout"))) is > LongestTimeout or < 8)
        {
            yield return new("milter-timeout", words.MilterTimeout, fix);
        }
    }

    /// <summary>The part of a list that names this place, with its keyword and braces; null where none does.</summary>
    internal static string? Entry(string value, ListenAddress at, string keyword)
    {
        foreach (var place in Places(at))
        {
            var start = value.IndexOf(place, StringComparison.OrdinalIgnoreCase);
            if (start < 0)
            {
                continue;
            }

            var open = value.LastIndexOf('{', start);
            var isBraced = open >= 0 && !value[open..start].Contains('}', StringComparison.Ordinal);
            var close = isBraced ? value.IndexOf('}', start) : -1;
            var (from, to) = close > 0 ? (open, close + 1) : (start, start + place.Length);
            var word = keyword.Length == 0 ? -1 : value.LastIndexOf(keyword, from, StringComparison.OrdinalIgnoreCase);
            return keyword.Length == 0 ? value[from..to] : word >= 0 ? value[word..to] : null;
        }

        return null;
    }

    private static string Option(string entry, string name, string otherwise)
    {
        var at = entry.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0 || (at > 0 && (char.IsLetter(entry[at - 1]) || entry[at - 1] == '_')))
        {
            return otherwise;
        }

        return entry[(at + name.Length)..].TrimStart(' ', '=').Split((char[])[' ', ',', '}'], 2)[0];
    }

    private static double Seconds(string span)
    {
        var unit = span.Length > 0 && char.IsLetter(span[^1]) ? span[^1] : 's';
        if (!double.TryParse(span.TrimEnd('s', 'm', 'h', 'd'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return 0;
        }

        return number * (unit switch { 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 1 });
    }

    private static string Place(ListenAddress at) => at.Path is { } path ? "unix:" + path : "inet:" + at.EndPoint;

    // A chrooted smtpd names a socket from its queue directory on.
    private static IEnumerable<string> Places(ListenAddress at) => at.Path is { } path
        ? ["unix:" + path, "unix:" + path.Replace("/var/spool/postfix/", "", StringComparison.Ordinal), "unix:" + path.Replace("/var/spool/postfix/", "/", StringComparison.Ordinal)]
        : ["inet:" + at.EndPoint, $"inet:localhost:{at.EndPoint!.Port}"];

    private static string Set(string name, string value) => $"postconf -e '{name} = {value}'";
}
