namespace Postern.Fail2Ban.Configuration;

/// <summary>One file, or several merged.</summary>
internal sealed class IniFile
{
    /// <summary>The section whose options all others have too.</summary>
    public const string DefaultName = "DEFAULT";

    /// <summary>Options of <c>[DEFAULT]</c>.</summary>
    public IniSection Defaults { get; } = [];

    /// <summary>The other sections, by their names.</summary>
    public Dictionary<string, IniSection> Sections { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the sections in the order in which they first stand; what <see cref="Known"/> makes is not among them.</summary>
    public List<string> Names { get; } = [];

    /// <summary>The section in which earlier values of overridden options are kept.</summary>
    public static string Known(string section) => "KNOWN/" + section;

    /// <summary>
    /// Adds a later file: its values win, and what they replace stays reachable as <c>known/…</c>. A section
    /// <c>[Init?family=inet6]</c> adds its options to <c>[Init]</c> under names that end in <c>?family=inet6</c>.
    /// </summary>
    public void Merge(IniFile later)
    {
        foreach (var (name, value) in later.Defaults)
        {
            Defaults[name] = value;
        }

        foreach (var name in later.Names)
        {
            var section = later.Sections[name];
            var question = name.IndexOf('?', StringComparison.Ordinal);
            if (question > 0 && name.AsSpan(0, question).IndexOfAnyExcept(WordCharacters) < 0)
            {
                MergeSection(name[..question], Conditional(section, name[question..]));
            }
            else
            {
                MergeSection(name, section);
            }
        }
    }

    private static readonly System.Buffers.SearchValues<char> WordCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static IniSection Conditional(IniSection section, string condition)
    {
        var renamed = new IniSection();
        foreach (var (name, value) in section)
        {
            renamed[name + condition] = value;
        }

        return renamed;
    }

    private void MergeSection(string name, IniSection section)
    {
        if (!Sections.TryGetValue(name, out var mine))
        {
            Sections[name] = mine = [];
            Names.Add(name);
            foreach (var (option, value) in section)
            {
                mine[option] = value;
            }

            return;
        }

        var known = Sections.TryGetValue(Known(name), out var before) ? before : Sections[Known(name)] = [];
        foreach (var option in section.Keys)
        {
            if (mine.TryGetValue(option, out var old))
            {
                known[option] = old;
            }
        }

        foreach (var (option, value) in section)
        {
            mine[option] = value;
        }
    }
}
