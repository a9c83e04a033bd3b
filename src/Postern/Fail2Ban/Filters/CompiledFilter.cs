using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;

namespace Postern.Fail2Ban.Filters;

/// <summary>Why a part of a filter cannot be used.</summary>
/// <param name="Part"><c>failregex 3</c>, <c>prefregex</c>, <c>datepattern</c>.</param>
/// <param name="Text">The expression.</param>
/// <param name="Reason">A clause.</param>
internal sealed record FilterError(string Part, string Text, string Reason)
{
    /// <summary>Part and reason.</summary>
    public override string ToString() => $"{Part}: {Reason}";
}

/// <summary>A filter whose expressions are ready to match. It holds no state: each log has its own <see cref="FilterMatcher"/>.</summary>
internal sealed class CompiledFilter
{
    private CompiledFilter(FilterDefinition definition) => Definition = definition;

    /// <summary>What it was made of.</summary>
    public FilterDefinition Definition { get; }

    /// <summary>Expressions of failures.</summary>
    public IReadOnlyList<FilterExpression> FailRegex { get; private init; } = [];

    /// <summary>Expressions of what is no failure after all.</summary>
    public IReadOnlyList<FilterExpression> IgnoreRegex { get; private init; } = [];

    /// <summary>What a line must match first; null for none.</summary>
    public FilterExpression? PrefRegex { get; private init; }

    /// <summary>Forms of its dates.</summary>
    public IReadOnlyList<DateTemplate> Dates { get; private init; } = [];

    /// <summary><c>yes</c>, <c>warn</c>, <c>no</c> or <c>raw</c>.</summary>
    public string UseDns { get; private init; } = "warn";

    /// <summary>What tells quickly that a line cannot match.</summary>
    public LinePrefilter Prefilter { get; private init; } = LinePrefilter.None;

    /// <summary>What tells which expressions need be tried on a line.</summary>
    public ExpressionRoutes Routes { get; private init; } = null!;

    /// <summary>Whether lines are compared with the ignoring expressions before all else: they are few against those of failures.</summary>
    public bool IgnoresFirst => IgnoreRegex.Count > 0 && IgnoreRegex.Count < FailRegex.Count - 2;

    /// <summary>Compiles a filter; the errors name every part that cannot be used.</summary>
    /// <param name="definition">The filter.</param>
    /// <param name="useDns">The jail's <c>usedns</c>, where the filter says nothing.</param>
    /// <param name="year">The present year.</param>
    /// <param name="defaults">The default forms of dates, shared by filters.</param>
    public static (CompiledFilter? Filter, IReadOnlyList<FilterError> Errors) Compile(
        FilterDefinition definition, string useDns, int year, Lazy<DefaultTemplates> defaults)
    {
        var errors = new List<FilterError>();
        var names = definition.UseDns ?? useDns;
        var withNames = names is not "no";
        var pref = definition.PrefRegex is { } text ? Create("prefregex", text, withNames, false, errors) : null;
        var fail = new List<FilterExpression>();
        for (var i = 0; i < definition.FailRegex.Count; i++)
        {
            var part = $"failregex {i + 1}";
            if (Create(part, definition.FailRegex[i], withNames, definition.MaxLines > 1, errors) is not { } expression)
            {
                continue;
            }

            if (!expression.HasIdentifier && pref?.HasIdentifier is not true)
            {
                errors.Add(new FilterError(part, expression.Source, "no group names whom the failure is counted by (such as <HOST>)"));
            }

            fail.Add(expression);
        }

        var ignore = new List<FilterExpression>();
        for (var i = 0; i < definition.IgnoreRegex.Count; i++)
        {
            if (Create($"ignoreregex {i + 1}", definition.IgnoreRegex[i], withNames, false, errors) is { } expression)
            {
                ignore.Add(expression);
            }
        }

        var (dates, reason) = DatePatternList.Read(definition.DatePattern, year, defaults);
        if (dates is null)
        {
            errors.Add(new FilterError("datepattern", definition.DatePattern!, reason!));
        }

        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var filter = new CompiledFilter(definition) { FailRegex = fail, IgnoreRegex = ignore, PrefRegex = pref, Dates = dates!, UseDns = names };
        return (new CompiledFilter(definition)
        {
            FailRegex = fail,
            IgnoreRegex = ignore,
            PrefRegex = pref,
            Dates = dates!,
            UseDns = names,
            Prefilter = LinePrefilter.For(filter),
            Routes = ExpressionRoutes.For(filter),
        }, errors);
    }

    private static FilterExpression? Create(string part, string text, bool withNames, bool multiline, List<FilterError> errors)
    {
        var (expression, reason) = FilterExpression.Create(text, withNames, multiline);
        if (expression is null)
        {
            errors.Add(new FilterError(part, text, reason!));
        }

        return expression;
    }
}
