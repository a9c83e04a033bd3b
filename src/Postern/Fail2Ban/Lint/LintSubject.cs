using System.Globalization;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Expressions;
using Postern.Fail2Ban.Filters;

namespace Postern.Fail2Ban.Lint;

/// <summary>A filter that is looked at, and what it makes of lines.</summary>
internal sealed class LintSubject(CompiledFilter filter, DateClock clock)
{
    private static readonly FilterOptions s_options = new();

    private readonly string _text = string.Join('\n', [filter.Definition.Name, filter.PrefRegex?.Pattern.Text ?? "", .. filter.FailRegex.Select(one => one.Pattern.Text)]);

    /// <summary>The filter.</summary>
    public CompiledFilter Filter => filter;

    /// <summary>What it makes of a line of a log of its own.</summary>
    public FilterMatch? Match(string line)
    {
        foreach (var match in new FilterMatcher(filter, s_options, clock).Match(line).Matches)
        {
            if (match.Id is not null && !match.Failure.IsNoFailure)
            {
                return match;
            }
        }

        return null;
    }

    /// <summary>Whether the filter's name or expressions speak of a daemon.</summary>
    public bool Names(string daemon) => _text.Contains(daemon, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an expression wants a long text that this one, in lower case, holds.</summary>
    public bool Quotes(string text, int least) => filter.FailRegex.Any(one => one.Pattern.Literals.Texts()
        .Any(literal => literal.Trim().Length >= least && text.Contains(literal.Trim(), StringComparison.OrdinalIgnoreCase)));

    /// <summary>The line in which <c>prefregex</c> finds this content; null where it finds none.</summary>
    public string? LineOf(string content)
    {
        if (filter.PrefRegex is not { } pref || !pref.Pattern.GroupNames.ContainsKey("content"))
        {
            return content;
        }

        var line = MatchExample.Write(pref.Pattern, new ExampleChoice { Texts = new Dictionary<string, string>(StringComparer.Ordinal) { ["content"] = content } }).Text;
        var scratch = new MatchScratch();
        return pref.Pattern.Search(line + "\n", scratch) == SearchResult.Match
            && string.Equals(scratch.Text(line + "\n", pref.Pattern.GroupNames["content"]), content, StringComparison.Ordinal) ? line : null;
    }

    /// <summary>A fault of one of its failure expressions.</summary>
    public LintWarning Warning(string code, int regex, LintReason reason) => new()
    {
        Code = code,
        Part = string.Create(CultureInfo.InvariantCulture, $"failregex {regex + 1}"),
        Regex = regex + 1,
        Expression = filter.FailRegex[regex].Source,
        Reason = reason,
    };
}
