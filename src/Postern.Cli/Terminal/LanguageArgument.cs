using System.CommandLine;
using Postern.Reports.Languages;

namespace Postern.Cli.Terminal;

/// <summary>The option <c>--lang</c>, and which language a person wants who does not give it.</summary>
internal static class LanguageArgument
{
    /// <summary>The option.</summary>
    public static Option<string?> Create()
    {
        var lang = new Option<string?>("--lang") { Description = "en or ja; else by LANG", HelpName = "en|ja" };
        lang.AcceptOnlyFromAmong([.. ReportLanguages.Tags]);
        return lang;
    }

    /// <summary>The language that was asked for, else the one of the environment.</summary>
    public static string Choose(string? lang) => lang ?? ReportLanguages.Choose(
        Environment.GetEnvironmentVariable("LC_ALL"), Environment.GetEnvironmentVariable("LC_MESSAGES"), Environment.GetEnvironmentVariable("LANG"));
}
