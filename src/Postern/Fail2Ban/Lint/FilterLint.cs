using System.Globalization;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;

namespace Postern.Fail2Ban.Lint;

/// <summary>Looks for faults of a filter. What it claims it has tried: a line that it shows was given to the filter.</summary>
internal static class FilterLint
{
    /// <summary>The faults, by expression.</summary>
    public static IReadOnlyList<LintWarning> Run(FilterDefinition definition, DateClock clock)
    {
        var year = clock.Now.Year;
        var (filter, errors) = CompiledFilter.Compile(definition, "warn", year, new Lazy<DefaultTemplates>(() => DefaultTemplates.Create(year)));
        if (filter is null)
        {
            return [.. errors.Select(error => Unsupported(error))];
        }

        if (filter.FailRegex.Count == 0)
        {
            return [new LintWarning { Code = LintWarning.Unsupported, Part = "failregex", Expression = "", Reason = LintReason.Empty }];
        }

        var subject = new LintSubject(filter, clock);
        return
        [
            .. ((IEnumerable<LintWarning>)[.. InjectionRule.Look(subject), .. NeverMatchesRule.Look(subject), .. BacktrackingRule.Look(subject)])
                .OrderBy(warning => warning.Regex ?? 0),
        ];
    }

    private static LintWarning Unsupported(FilterError error) => new()
    {
        Code = LintWarning.Unsupported,
        Part = error.Part,
        Regex = error.Part.StartsWith("failregex ", StringComparison.Ordinal) ? int.Parse(error.Part.AsSpan(10), CultureInfo.InvariantCulture) : null,
        Expression = error.Text,
        Reason = LintReason.Unusable,
        Detail = error.Reason,
    };
}
