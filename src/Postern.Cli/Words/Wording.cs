using Postern.Reports.Languages;

namespace Postern.Cli.Words;

/// <summary>The languages that one run of the program writes in.</summary>
/// <param name="People">For text: <c>--lang</c>, else the environment's language.</param>
/// <param name="Scripts">For JSON: <c>--lang</c>, else English, so that the locale of cron changes nothing.</param>
internal sealed record Wording(Catalogue People, Catalogue Scripts)
{
    private const string Option = "--lang";

    /// <summary>The catalogue for a format.</summary>
    public Catalogue For(string format) => format is "json" ? Scripts : People;

    /// <summary>
    /// Chooses the languages before the command line is parsed, because help and mistakes are told in them too.
    /// </summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public static Wording Choose(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var asked = Asked(arguments);
        return new Wording(
            Catalogue.For(asked ?? ReportLanguages.Choose(environment("LC_ALL"), environment("LC_MESSAGES"), environment("LANG"))),
            Catalogue.For(asked ?? "en"));
    }

    private static string? Asked(IReadOnlyList<string> arguments)
    {
        string? asked = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            var given = arguments[i].StartsWith(Option + "=", StringComparison.Ordinal) ? arguments[i][(Option.Length + 1)..]
                : arguments[i] is Option && i + 1 < arguments.Count ? arguments[i + 1]
                : null;
            asked = given is not null && ReportLanguages.Tags.Contains(given, StringComparer.Ordinal) ? given : asked;
        }

        return asked;
    }
}
