namespace Postern.Cli.Configuration;

/// <summary>A key of the configuration as the documentation needs it: its name, what it takes, and the keys within it.</summary>
/// <param name="Name">Its name within its section.</param>
/// <param name="Takes">What it takes with its range, to follow 'it takes'.</param>
/// <param name="Inner">The section that it opens; null for a plain value.</param>
internal abstract record Setting(string Name, string Takes, Section? Inner);

/// <summary>A key that changes the options of a section.</summary>
/// <typeparam name="T">The section's options.</typeparam>
/// <param name="Name">Its name within its section.</param>
/// <param name="Takes">What it takes with its range, to follow 'it takes'.</param>
/// <param name="Read">Gives the options with the value in them, or unchanged with a complaint.</param>
/// <param name="Inner">The section that it opens; null for a plain value.</param>
internal sealed record Setting<T>(string Name, string Takes, Func<T, Reading, T> Read, Section? Inner = null) : Setting(Name, Takes, Inner);

/// <summary>A table of keys.</summary>
internal abstract class Section
{
    /// <summary>The keys, in the order in which they are read.</summary>
    public abstract IReadOnlyList<Setting> Settings { get; }

    /// <summary>Every key in it and below, by its whole name: <c>jail.findtime</c>.</summary>
    public IEnumerable<(string Path, Setting Setting)> Walk(string prefix = "")
    {
        foreach (var setting in Settings)
        {
            yield return (prefix + setting.Name, setting);
            foreach (var inner in setting.Inner?.Walk(prefix + setting.Name + ".") ?? [])
            {
                yield return inner;
            }
        }
    }
}

/// <summary>A table of keys that fill one record of options.</summary>
/// <typeparam name="T">The options.</typeparam>
/// <param name="settings">The keys, in the order in which they are read.</param>
internal sealed class Section<T>(params IReadOnlyList<Setting<T>> settings) : Section
{
    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings => settings;

    /// <summary>Reads a table over the options: known keys in the section's order, then a complaint for each unknown one.</summary>
    public T Read(ConfigTable table, string prefix, T options, ReadingContext context)
    {
        foreach (var setting in settings)
        {
            if (!table.Entries.TryGetValue(setting.Name, out var value))
            {
                continue;
            }

            context.Places[prefix + setting.Name] = value.Line;
            options = setting.Read(options, new Reading(value, prefix + setting.Name, setting.Takes, context));
        }

        foreach (var (name, value) in table.Entries)
        {
            if (settings.Any(setting => string.Equals(setting.Name, name, StringComparison.Ordinal)))
            {
                continue;
            }

            var nearest = NearestName.Of(name, settings.Select(static setting => setting.Name));
            Sentence known = $"known here are {string.Join(", ", settings.Select(static setting => setting.Name).Order(StringComparer.Ordinal))}";
            context.Mistakes.Add(value.Line, prefix + name, "unknown key", NearestName.Suggest(nearest) ?? known);
        }

        return options;
    }

    /// <summary>Reads the value of a key that must be a table of this section.</summary>
    public T Read(Reading value, T options) =>
        value.TryTable(out var table) ? Read(table, value.Path + ".", options, value.Context) : options;
}
