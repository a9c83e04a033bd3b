using Postern.Facts;
using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Lint;

/// <summary>
/// Looks for lines in which a client's own words make a filter name somebody else: the part of an expression that names the
/// address is put where a daemon logs what a client wrote, and the filter is asked whom it names.
/// </summary>
internal static class InjectionRule
{
    private const string Attacker = "192.0.2.1", Victim = "203.0.113.9";

    // Longer than what most protocols allow in one word.
    private const int LongestPayload = 200;

    /// <summary>The expressions that can be turned against others, a line for each.</summary>
    public static IEnumerable<LintWarning> Look(LintSubject subject)
    {
        var filter = subject.Filter;
        if (filter.Definition.MaxLines > 1)
        {
            yield break;
        }

        var proven = new HashSet<int>();
        var payloads = filter.FailRegex.Select(Payloads).ToArray();
        foreach (var daemon in DaemonLines.Of(subject))
        {
            for (var regex = 0; regex < payloads.Length; regex++)
            {
                foreach (var payload in payloads[regex])
                {
                    if (proven.Contains(regex))
                    {
                        break;
                    }

                    if (daemon.Write(payload) is { } line && Names(subject, line) is { } by && proven.Add(by))
                    {
                        yield return Warn(subject, by, line, LintReason.DaemonLogsClient) with { Detail = daemon.Daemon };
                    }
                }
            }
        }

        var isKnown = DaemonLines.Of(subject).Any();
        for (var regex = 0; regex < payloads.Length; regex++)
        {
            if (proven.Contains(regex))
            {
                continue;
            }

            var lines = UserLines(subject, regex, payloads[regex]).Select(line => (Line: line, Why: LintReason.UserName));
            if (!isKnown)
            {
                lines = lines.Concat(WideLines(subject, regex, payloads[regex]).Select(line => (Line: line, Why: LintReason.AnyTextBefore)))
                    .Concat(TailLines(subject, regex, payloads[regex]).Select(line => (Line: line, Why: LintReason.TextAfter)));
            }

            foreach (var (line, why) in lines)
            {
                if (Names(subject, line) is not { } by || !proven.Add(by))
                {
                    continue;
                }

                yield return Warn(subject, by, line, why);
                break;
            }
        }
    }

    // Ends of a text that matches, each beginning with another part of the expression and naming the victim.
    private static List<string> Payloads(Filters.FilterExpression expression)
    {
        var all = new List<string>();
        foreach (var example in MatchExample.Variants(expression.Pattern.Tree, expression.Pattern.GroupNames, new ExampleChoice { Address = Victim }))
        {
            foreach (var cut in example.Cuts)
            {
                if (cut > example.AddressAt)
                {
                    break;
                }

                var end = example.Text[cut..].TrimEnd('\n');
                if (end.Length <= LongestPayload && !all.Contains(end, StringComparer.Ordinal))
                {
                    all.Add(end);
                }
            }
        }

        return all;
    }

    private static int? Names(LintSubject subject, string line) =>
        subject.Match(line) is { } match && match.Id is { } id && IsVictim(id.Text) ? match.Regex : null;

    private static bool IsVictim(string id) => ClientAddress.TryParse(id, out var address) && string.Equals(address.ToString(), Victim, StringComparison.Ordinal);

    // The expression's own line, with a hostile name of a user in it.
    private static IEnumerable<string> UserLines(LintSubject subject, int regex, List<string> payloads)
    {
        var pattern = subject.Filter.FailRegex[regex].Pattern;
        foreach (var group in pattern.GroupNames.Keys)
        {
            if (group is not "user" && !group.StartsWith("alt_user", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var payload in payloads)
            {
                foreach (var text in (string[])[payload, "x" + payload, "x " + payload])
                {
                    var content = MatchExample.Write(pattern, new ExampleChoice { Address = Attacker, Texts = new Dictionary<string, string>(StringComparer.Ordinal) { [group] = text } }).Text;
                    if (content.Contains(Attacker, StringComparison.Ordinal) && subject.LineOf(content.TrimEnd('\n')) is { } line)
                    {
                        yield return line;
                    }
                }
            }
        }
    }

    // The expression's own line, with hostile words where it takes anything.
    private static IEnumerable<string> WideLines(LintSubject subject, int regex, List<string> payloads)
    {
        var pattern = subject.Filter.FailRegex[regex].Pattern;
        foreach (var repeat in BacktrackingRule.Repeats(pattern.Tree).Where(repeat => repeat.Body is AnyNode or SequenceNode { Items: [AnyNode] }))
        {
            foreach (var payload in payloads)
            {
                var content = MatchExample.Write(pattern, new ExampleChoice { Address = Attacker, Filled = repeat, Filling = "x" + payload }).Text;
                if (content.LastIndexOf(Attacker, StringComparison.Ordinal) > content.IndexOf(Victim, StringComparison.Ordinal) && subject.LineOf(content.TrimEnd('\n')) is { } line)
                {
                    yield return line;
                }
            }
        }
    }

    // The expression's own line, followed by a client's words and more of the daemon's.
    private static IEnumerable<string> TailLines(LintSubject subject, int regex, List<string> payloads)
    {
        var content = MatchExample.Write(subject.Filter.FailRegex[regex].Pattern, new ExampleChoice { Address = Attacker }).Text.TrimEnd('\n');
        foreach (var payload in payloads)
        {
            foreach (var between in (string[])[" ", ""])
            {
                if (subject.LineOf(content + between + payload + "\" x") is { } line)
                {
                    yield return line;
                }
            }
        }
    }

    private static LintWarning Warn(LintSubject subject, int regex, string line, LintReason why) => subject.Warning(LintWarning.Injectable, regex, why) with
    {
        IsOpen = !PatternStart.Of(subject.Filter.FailRegex[regex].Pattern.Tree).IsAnchored,
        Example = line,
        Sender = Attacker,
        Named = Victim,
    };
}
