using System.Globalization;
using Postern.Cli.Configuration;

namespace Postern.Cli.Doctor;

/// <summary>Our milter among others, and the messages that it does not test.</summary>
internal static class MilterRules
{
    /// <summary>What is wrong.</summary>
    /// <param name="postfix">How Postfix is set.</param>
    /// <param name="postern">How Postern is.</param>
    /// <param name="neighbours">The other milters.</param>
    public static IEnumerable<DoctorFinding> Of(PostfixSetup postfix, PosternOptions postern, IReadOnlyList<MilterNeighbour> neighbours)
    {
        if (postern.Milter.Listen is not { } at)
            yield break;
        var own = postern.Milter.AuthservId ?? postfix.Main("myhostname");
        foreach (var value in postfix.Seen("smtpd_milters"))
        {
            if (WiringRules.Entry(value, at, "") is not { } entry)
                continue;
            foreach (var neighbour in neighbours)
            {
                if (PlaceOf(value, neighbour) is not (>= 0 and var place) || !Is(neighbour.AuthservId ?? postfix.Main("myhostname"), own))
                    continue;
                if (place > value.IndexOf(entry, StringComparison.Ordinal))
                {
                    if (!neighbour.Keeps)
                        yield return new("milter-keep-results", $"{neighbour.Name} stands behind Postern under the same name ({own}) and deletes its results", $"echo 'KeepAuthResults yes' >> {neighbour.File}");
                    continue;
                }

                var others = value.Replace(entry, "", StringComparison.Ordinal).Trim(' ', ',').Replace(", ,", ",", StringComparison.Ordinal);
                yield return new("milter-order", $"Postern stands behind {neighbour.Name} under the same name ({own}): it deletes {neighbour.Name}'s results, as it deletes all that claims that name and came from before it",
                    $"postconf -e 'smtpd_milters = {entry}, {others}'");
            }
        }

        if (long.TryParse(postfix.Main("message_size_limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && (limit == 0 || limit > postern.Milter.MaxMessage))
        {
            yield return new("message-size", $"Postfix takes messages of {(limit == 0 ? "any size" : $"up to {limit} bytes")}, and those above {postern.Milter.MaxMessage} are let through untested (max_message in [milter])",
                string.Create(CultureInfo.InvariantCulture, $"postconf -e 'message_size_limit = {postern.Milter.MaxMessage}'"));
        }
    }

    private static int PlaceOf(string value, MilterNeighbour neighbour) =>
        neighbour.Places.Select(place => value.IndexOf(place, StringComparison.OrdinalIgnoreCase)).FirstOrDefault(place => place >= 0, -1);

    private static bool Is(string one, string other) => string.Equals(one.TrimEnd('.'), other.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
