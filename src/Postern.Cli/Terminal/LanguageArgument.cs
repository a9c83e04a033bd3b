using System.CommandLine;
using Postern.Reports.Languages;

namespace Postern.Cli.Terminal;

/// <summary>The option <c>--lang</c>, which every command takes; what it chose is read before the command line is parsed.</summary>
internal static class LanguageArgument
{
    /// <summary>The option.</summary>
    public static Option<string?> Create()
    {
        var lang = new Option<string?>("--lang") { HelpName = "en|ja", Recursive = true };
        lang.AcceptOnlyFromAmong([.. ReportLanguages.Tags]);
        return lang;
    }
}
