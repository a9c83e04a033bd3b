using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Lint;

/// <summary>
/// The forms of Postfix's messages about clients, as its sources write them (2.3 to 3.10: smtpd/smtpd.c, smtpd_check.c,
/// smtpd_sasl_glue.c, postscreen/*.c, tls/tls_server.c, cleanup/cleanup_message.c, anvil/anvil.c), with its own replies and
/// without what a client wrote: places of the latter are filled with harmless letters only.
/// </summary>
internal sealed class PostfixForms
{
    private const string Prefix = @" ?(?P<host>[\w.-]+) (?P<program>[\w./-]+)\[\d+\]: ";
    private const string Ip = @"(?P<ip4>\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9a-f:]+)";
    private const string Client = @"(?P<client>[\w.-]+)\[" + Ip + @"\](?::\d+)?";
    private const string Bare = @"\[" + Ip + @"\](?::\d+)?";

    // A reply to RCPT and its like: 500 and 502 only ever answer commands that are not known, and no such answer is logged as a reject.
    private const string Code = @"(?:(?P<code>450 4\.7\.1)|4\d\d 4\.\d+\.\d+|5(?:0[134]|[1-7]\d) 5\.\d+\.\d+|2\d\d 2\.\d+\.\d+)";
    private const string Text = @"[^\[\]<>""]*";
    private const string Reason = "(?:<[^<>\"\\s]*>: )?(?P<reason>" + Text + @")(?:\[[\da-f.:]+\](?: blocked using " + Text + @")?)?";
    private const string Tail = @"(?:;? (?P<tail>[a-z_]+=<?[\w.@+:\[\]-]*>?,?(?: [a-z_]+=<?[\w.@+:\[\]-]*>?,?)*))?";
    private const string Queue = @"(?:NOQUEUE|[0-9A-Za-z]{5,20})";

    // A form a line.
    private static readonly string[] s_messages =
    [
        Queue + @": (?:reject|reject_warning|milter-reject|proxy-reject): (?P<command>[A-Z-]+) from " + Client + ": (?:" + Code + @"|[45]\.\d+\.\d+) " + Reason + Tail,
        Queue + @": (?:milter-hold|milter-discard|hold|discard|redirect|filter|prepend|replace|bcc|delay|info|warn): (?P<command>[A-Z-]+) from " + Client + ": " + Reason + Tail,
        Queue + @": reject: (?P<command>[A-Z-]+) from " + Bare + @": (?:(?P<code>550 5\.5\.1)|4\d\d 4\.\d+\.\d+|5(?:2[01]|5\d) 5\.\d+\.\d+|(?:all server ports busy|all screening ports busy|too many connections)) ?" + Reason + Tail,
        Queue + @": (?:reject|hold|discard|redirect|filter|warning|info|prepend|replace|strip): (?:(?:header|mime|nested) [\w-]+: [\w .,-]*|body [\w .,-]*) from " + Client + ";" + Tail + @"(?:: [45]\.\d+\.\d+ " + Text + ")?",
        Queue + ": client=" + Client + @"(?:, [a-z_]+=[\w.@:\[\]-]*)*",
        Queue + @": (?:to|from|message-id|uid|removed|resent-message-id|replace|warning)[=:]?" + Text + @"(?:<" + Text + ">" + Text + @")*(?:\([^""\[\]]*(?:host [\w.-]+" + Bare + @" (?:said|refused)[^""\[\]]*)?\))?",
        "connect from " + Client,
        "disconnect from " + Client + @"(?: [a-z_]+=\d+(?:/\d+)?)*",
        @"(?P<what>lost connection|timeout|too many errors) after (?P<command>[A-Z-]+|end of message|sending data block|DATA \(\d+ bytes\))(?: \(approximately \d+ bytes\))? from " + Client,
        @"improper command pipelining after (?P<command>[A-Z-]+) from " + Client + ": ?" + Text,
        "(?:setting up TLS connection|SSL_accept error|initializing the server-side TLS engine|" + @"[A-Za-z]+ TLS connection (?:established|reused)) from " + Client + "(?:: ?" + Text + ")?",
        Client + ": (?:save|re-using|Issuing|TLS|subject_CN|certificate|Trusted|Untrusted|depth)" + Text,
        "warning: " + Client + ": " + Text,
        @"(?:warning|error|fatal|panic): [^:""\[\]<>]*(?:" + Client + @"[^:""\[\]<>]*)?(?:: " + Text + @"|in [A-Z]+ command: <[\w.@-]*>)?",
        @"warning: hostname [\w.-]+ does not resolve to address [\da-f.:]+(?:: " + Text + ")?",
        @"warning: (?:Connection|Message delivery request|Recipient address|New TLS session|AUTH) (?:rate|concurrency) limit exceeded: \d+ from " + Client + @" for service \S+",
        "CONNECT from " + Bare + @"(?: to \[[\da-f.:]+\]:\d+)?",
        "(?:PASS NEW|PASS OLD|WHITELISTED|ALLOWLISTED|BLACKLISTED|DENYLISTED|WHITELIST VETO|ALLOWLIST VETO|DISCONNECT) " + Bare,
        @"PREGREET \d+ after [\d.]+ from " + Bare + ": " + Text,
        @"HANGUP after [\d.]+ from " + Bare + @"(?: in tests (?:before|after) SMTP handshake)?",
        @"DNSBL rank \d+ for " + Bare,
        "(?:COMMAND PIPELINING|COMMAND TIME LIMIT|COMMAND COUNT LIMIT|COMMAND LENGTH LIMIT|BARE NEWLINE|NON-SMTP COMMAND) from " + Bare + @" after [A-Z-]+(?: \(\d+ bytes\))?(?:: " + Text + ")?",
        @"statistics: max (?:connection|message|recipient|newtls|auth) (?:rate|count) \d+(?:/\d+s)? for \([\w.:-]+\) at " + Text,
        @"addr [\da-f.:]+ listed by domain [\w.-]+ as [\da-f.:]+",
        "TLS handshake failed for service=" + Text,
    ];

    private static readonly Dictionary<string, string> s_texts = new(StringComparer.Ordinal)
    {
        ["host"] = "mx",
        ["program"] = "postfix/smtpd",
        ["client"] = "unknown",
        ["reason"] = "Client host rejected: cannot find your reverse hostname",
        ["command"] = "RCPT",
        ["tail"] = "from=<a@example.com> to=<user@example.net> proto=ESMTP helo=<mx.example.com>",
    };

    private readonly (Automaton Automaton, string Example)[] _forms;

    /// <summary>Reads the forms.</summary>
    public PostfixForms()
    {
        _forms = [.. s_messages.Select(message =>
        {
            var pattern = PythonPattern.Create(Prefix + message).Pattern!;
            return (Automaton.Of(pattern.Tree, false, false), "Nov 25 01:00:00" + Example(pattern));
        })];
    }

    /// <summary>An example of each form.</summary>
    public IEnumerable<string> Examples => _forms.Select(form => form.Example);

    /// <summary>Whether some message of Postfix matches.</summary>
    public bool Have(Automaton wanted) => Array.Exists(_forms, form => form.Automaton.Meets(wanted));

    private static string Example(PythonPattern pattern)
    {
        var text = MatchExample.Write(pattern, new ExampleChoice { Texts = s_texts }).Text;
        return text.StartsWith(' ') ? text : " " + text;
    }
}
