using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;
using Postern.Tests.Fail2Ban.Samples;

namespace Postern.Tests.Fail2Ban.Filters;

/// <summary>Filters to test with: fail2ban's own, or of one expression.</summary>
internal static class TestFilters
{
    private static readonly Lazy<DefaultTemplates> s_defaults = new(() => DefaultTemplates.Create(2026));

    /// <summary>All filters of fail2ban's folder that can be used, with their default options; skips the test where they and their samples are not here.</summary>
    public static IReadOnlyList<CompiledFilter> Installed()
    {
        if (!SampleFolders.Exist)
        {
            Assert.Skip("fail2ban's filters and samples are not here");
        }

        var filters = new List<CompiledFilter>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SampleFolders.Config, "filter.d"), "*.conf").Order(StringComparer.Ordinal))
        {
            var (definition, _) = FilterReader.ReadName(SampleFolders.Config, Path.GetFileNameWithoutExtension(file), new Dictionary<string, string>(StringComparer.Ordinal), "file");
            if (definition is not null && CompiledFilter.Compile(definition, "warn", 2026, s_defaults).Filter is { FailRegex.Count: > 0 } filter)
            {
                filters.Add(filter);
            }
        }

        return filters;
    }

    /// <summary>A filter of one expression.</summary>
    public static CompiledFilter Of(string regex, int maxLines = 1)
    {
        var definition = new FilterDefinition { Name = "x", File = "x.conf", FailRegex = [regex], MaxLines = maxLines };
        var (filter, errors) = CompiledFilter.Compile(definition, "no", 2026, s_defaults);
        errors.ShouldBeEmpty();
        return filter!;
    }
}
