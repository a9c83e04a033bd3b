using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Lint;

/// <summary>
/// Looks for expressions that no message of Postfix's has the form of: what they match and what Postfix writes are compared
/// as a whole, not line by line.
/// </summary>
internal static class NeverMatchesRule
{
    private const string UnknownCommand = "Nov 25 01:00:00 mx postfix/smtpd[100]: warning: non-SMTP command from unknown[192.0.2.1]: .";

    // Only expressions that speak of one of these are taken for Postfix's: others may be for programs beside it.
    private static readonly string[] s_subjects =
    [
        "reject:", "lost connection", "timeout after", "too many errors after", "disconnect from", "improper command pipelining",
        "non-smtp command", "ssl_accept error", "sasl login authentication", "pregreet", "hangup after", "dnsbl rank",
    ];

    private static readonly string[] s_commandReplies = ["500 5.5.", "502 5.5.", "command not recognized", "bad syntax", "not implemented"];

    /// <summary>The expressions, with what Postfix logs instead.</summary>
    public static IEnumerable<LintWarning> Look(LintSubject subject)
    {
        var filter = subject.Filter;
        if (filter.Definition.MaxLines > 1)
        {
            yield break;
        }

        var forms = new Lazy<PostfixForms>(() => new PostfixForms());
        for (var regex = 0; regex < filter.FailRegex.Count; regex++)
        {
            var pattern = filter.FailRegex[regex].Pattern;
            string[] literals = [.. pattern.Literals.Texts().Distinct(StringComparer.Ordinal)];
            if (!s_subjects.Any(word => Array.Exists(literals, literal => literal.Contains(word, StringComparison.Ordinal))))
            {
                continue;
            }
            // The content that prefregex finds begins somewhere in the message.
            var anyStart = filter.PrefRegex is not null || !PatternStart.Of(pattern.Tree).IsAnchored;
            if (forms.Value.Have(Automaton.Of(pattern.Tree, anyStart, anyEnd: true)))
            {
                continue;
            }

            var (example, reason) = Instead(MatchExample.Write(pattern, new ExampleChoice()).Text, literals, forms.Value);
            if (subject.Match(example)?.Regex != regex)
            {
                yield return subject.Warning(LintWarning.NeverMatches, regex, reason) with { Example = example };
            }
        }
    }

    private static (string Example, LintReason Reason) Instead(string wanted, string[] literals, PostfixForms forms)
    {
        if (Array.Exists(s_commandReplies, reply => wanted.Contains(reply, StringComparison.OrdinalIgnoreCase)))
        {
            return (UnknownCommand, LintReason.CommandReply);
        }

        string[] words = [.. literals.SelectMany(literal => literal.Split((char[])[' ', ':', '[', ']', '=', '<', '>'])).Where(word => word.Length > 2).Distinct(StringComparer.Ordinal)];
        var nearest = forms.Examples.MaxBy(example => words.Where(word => example.Contains(word, StringComparison.OrdinalIgnoreCase)).Sum(word => word.Length))!;
        return (nearest, LintReason.NoSuchForm);
    }
}
