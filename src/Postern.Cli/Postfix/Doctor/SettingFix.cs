using Postern.Cli.Words;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>How a setting gets into a configuration file of Postern's without harm to what is there: TOML allows each table once.</summary>
/// <param name="file">The file.</param>
/// <param name="words">The language.</param>
internal sealed class SettingFix(string file, IDoctorWords words)
{
    /// <summary>The command that appends the table, where the file has none of that name; else where to write the setting.</summary>
    /// <param name="header">The table, <c>[dns]</c> or <c>[[logs]]</c>.</param>
    /// <param name="setting">The line.</param>
    public string Of(string header, string setting) => Has(header.Trim('[', ']'))
        ? words.Edit(setting, header, file)
        : $"printf '\\n{header}\\n{setting}\\n' >> {TableFix.Shell(file)}";

    private bool Has(string table)
    {
        try
        {
            return File.Exists(file) && File.ReadLines(file).Any(line => Names(line, table));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that may not be read may hold it.
            return true;
        }
    }

    private static bool Names(string line, string table)
    {
        var text = line.AsSpan().TrimStart().TrimStart('[').TrimStart();
        return text.StartsWith(table, StringComparison.Ordinal) && text[table.Length..].TrimStart() is { IsEmpty: false } rest && rest[0] is (']' or '.' or '=');
    }
}
