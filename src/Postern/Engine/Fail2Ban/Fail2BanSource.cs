using Postern.Facts;

namespace Postern.Engine.Fail2Ban;

/// <summary>
/// The names under which the ledger keeps how far jails have read their logs: a jail's log may be Postfix's, too, or be named
/// by several patterns, and each reads it for itself.
/// </summary>
internal static class Fail2BanSource
{
    private const string Mark = "fail2ban:";
    private const char Bar = '|';

    /// <summary>The ledger's name of a log.</summary>
    /// <param name="foundBy">The pattern or path by which a jail names it.</param>
    /// <param name="source">The log.</param>
    public static string NameOf(string foundBy, string source) => $"{Mark}{foundBy}{Bar}{source}";

    /// <summary>True for a name that a jail's log has in the ledger.</summary>
    public static bool IsOne(string name) => name.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>The log of such a name.</summary>
    public static string LogOf(string name) => name[(name.LastIndexOf(Bar) + 1)..];

    /// <summary>The places of the logs that were found by a pattern, each named as the log itself.</summary>
    public static IReadOnlyList<SourcePosition> Of(string foundBy, IEnumerable<SourcePosition> positions)
    {
        var start = NameOf(foundBy, "");
        return [.. positions.Where(place => place.Source.StartsWith(start, StringComparison.Ordinal)).Select(place => place with { Source = place.Source[start.Length..] })];
    }
}
