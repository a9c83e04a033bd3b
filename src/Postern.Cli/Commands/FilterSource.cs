using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Filters;

namespace Postern.Cli.Commands;

/// <summary>Finds the filter that an argument of the command line names.</summary>
internal static class FilterSource
{
    /// <summary>
    /// Reads <c>postfix[mode=aggressive]</c> from a folder's <c>filter.d</c>, or a filter from a file; the complaint is one line.
    /// </summary>
    public static (FilterDefinition? Filter, string? Complaint) Read(string argument, string folder)
    {
        var (reference, reason) = NameWithOptions.Parse(argument);
        if (reference is null)
        {
            return (null, $"{argument}: {reason}");
        }

        var (filter, error) = Find(reference, folder);
        return (filter, error?.ToString());
    }

    /// <summary>One line that says where a part of a filter stands and why it cannot be used.</summary>
    public static string Describe(FilterDefinition filter, FilterError error) =>
        $"{(filter.Places.TryGetValue(error.Part, out var place) ? place.ToString() : filter.File)}: {error}";

    private static (FilterDefinition? Filter, ConfigError? Error) Find(NameWithOptions reference, string folder)
    {
        var name = reference.Name;
        if (!name.Contains('/', StringComparison.Ordinal))
        {
            // The folder may be given as filter.d itself.
            if (string.Equals(Path.GetFileName(folder.TrimEnd('/')), "filter.d", StringComparison.Ordinal))
            {
                folder = Path.GetDirectoryName(folder.TrimEnd('/'))!;
            }

            var bare = WithoutExtension(name);
            if (Exists(Path.Combine(folder, "filter.d", bare)) || !File.Exists(name))
            {
                return Directory.Exists(folder)
                    ? FilterReader.ReadName(folder, bare, reference.Options, "file")
                    : (null, new ConfigError(folder, 0, "there is no such folder"));
            }
        }

        var path = new[] { name, name + ".conf", name + ".local" }.FirstOrDefault(File.Exists) ?? name;
        var place = Path.GetDirectoryName(Path.GetFullPath(path))!;
        // A file of a filter.d is read with the others of its name.
        return string.Equals(Path.GetFileName(place), "filter.d", StringComparison.Ordinal)
            ? FilterReader.ReadName(Path.GetDirectoryName(place)!, WithoutExtension(Path.GetFileName(path)), reference.Options, "file")
            : FilterReader.ReadFile(path, reference.Options, "file");
    }

    private static bool Exists(string name) => File.Exists(name + ".conf") || File.Exists(name + ".local");

    private static string WithoutExtension(string name) =>
        name.EndsWith(".conf", StringComparison.Ordinal) || name.EndsWith(".local", StringComparison.Ordinal) ? Path.ChangeExtension(name, null) : name;
}
