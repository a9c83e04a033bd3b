namespace Postern.Fail2Ban.Dates;

/// <summary>Reads the option <c>datepattern</c>.</summary>
internal static class DatePatternList
{
    /// <summary>The forms in their order, each once; null and a clause where a pattern cannot be used.</summary>
    /// <param name="patterns">One pattern a line; null or empty for the default forms.</param>
    /// <param name="year">The present year.</param>
    /// <param name="defaults">The default forms.</param>
    public static (IReadOnlyList<DateTemplate>? Templates, string? Reason) Read(string? patterns, int year, Lazy<DefaultTemplates> defaults)
    {
        var lines = patterns?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (lines.Length == 0)
        {
            return (defaults.Value.All, null);
        }

        var all = new List<DateTemplate>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var (templates, mayRepeat, reason) = Templates(line, year, defaults, all.Count > 0);
            if (templates is null)
            {
                return (null, $"the date pattern '{line}' cannot be used: {reason}");
            }

            foreach (var template in templates)
            {
                if (names.Add(template.Name))
                {
                    all.Add(template);
                }
                else if (!mayRepeat)
                {
                    return (null, $"the date pattern '{line}' is there twice");
                }
            }
        }

        return (all, null);
    }

    private static (IReadOnlyList<DateTemplate>? Templates, bool MayRepeat, string? Reason) Templates(
        string line, int year, Lazy<DefaultTemplates> defaults, bool hasOthers)
    {
        var key = line.Contains('%', StringComparison.Ordinal) ? line : line.ToUpperInvariant();
        switch (key)
        {
            case "{DEFAULT}":
                return (defaults.Value.All, hasOthers, null);
            case "{^LN-BEG}":
                return ([.. defaults.Value.All.Where(template => (template.Bounds & DateBounds.LineBegin) != DateBounds.None)], hasOthers, null);
            case "{NONE}":
                line = "{UNB}^";
                break;
        }

        if (key.Contains("{DATE}", StringComparison.Ordinal))
        {
            var (templates, reason) = InPlace(line, year, defaults.Value);
            return (templates, hasOthers, reason);
        }

        var (template, why) = DateTemplateFactory.Create(line, year);
        return (template is null ? null : [template], false, why);
    }

    // {DATE}: each default form in its place. Those that are no patterns (EPOCH, TAI64N) have no such form.
    private static (List<DateTemplate>? Templates, string? Reason) InPlace(string line, int year, DefaultTemplates defaults)
    {
        var templates = new List<DateTemplate>();
        foreach (var form in defaults.Plain)
        {
            if (form.Pattern is null)
            {
                continue;
            }

            var inner = PatternBounds.Unbound(form.Pattern);
            var (template, reason) = DateTemplateFactory.Create(Replace(line, inner), year);
            if (template is null)
            {
                return (null, reason);
            }

            templates.Add(template);
        }

        return (templates, null);
    }

    private static string Replace(string line, string form)
    {
        const string Mark = "{DATE}";
        for (var at = line.IndexOf(Mark, StringComparison.OrdinalIgnoreCase); at >= 0; at = line.IndexOf(Mark, at, StringComparison.OrdinalIgnoreCase))
        {
            if (at > 0 && line[at - 1] == '\\')
            {
                at++;
                continue;
            }

            line = line.Remove(at, Mark.Length).Insert(at, form);
            at += form.Length;
        }

        return line;
    }
}
