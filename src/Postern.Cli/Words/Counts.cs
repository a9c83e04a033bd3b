using System.Globalization;

namespace Postern.Cli.Words;

/// <summary>Numbers in sentences.</summary>
internal static class Counts
{
    /// <summary>A number with its thousands apart.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number and its English noun: <c>1 ban</c>, <c>1,000 bans</c>.</summary>
    /// <param name="number">The number.</param>
    /// <param name="one">The noun for one.</param>
    /// <param name="many">The noun for any other number; null where it only takes an s.</param>
    public static string Of(long number, string one, string? many = null) => $"{Number(number)} {(number == 1 ? one : many ?? one + "s")}";
}
