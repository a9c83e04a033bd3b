using System.Globalization;
using Postern.Cli.Configuration;
using Postern.Cli.Words;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>Our milter among others, and the messages that it does not test.</summary>
internal static class MilterRules
{
    /// <summary>What is wrong.</summary>
    /// <param name="postfix">How Postfix is set.</param>
    /// <param name="postern">How Postern is.</param>
    /// <param name="others">The other milters.</param>
    /// <param name="words">The language.</param>
    public static IEnumerable<DoctorFinding> Of(PostfixSetup postfix, PosternOptions postern, IReadOnlyList<OtherMilter> others, IDoctorWords words)
    {
        if (postern.Milter.Listen is not { } at)
        {
            yield break;
        }

        var own = postern.Milter.AuthservId ?? postfix.Main("myhostname");
        foreach (var value in postfix.Seen("smtpd_milters"))
        {
            if (WiringRules.Entry(value, at, "") is not { } entry)
            {
                continue;
            }

            foreach (var other in others)
            {
                if (PlaceOf(value, other) is not (>= 0 and var place) || !Is(other.AuthservId ?? postfix.Main("myhostname"), own))
                {
                    continue;
                }

                if (place > value.IndexOf(entry, StringComparison.Ordinal))
                {
                    if (!other.Keeps)
                    {
                        yield return new("milter-keep-results", words.MilterKeepResults(other.Name, own), $"echo 'KeepAuthResults yes' >> {other.File}");
                    }

                    continue;
                }

                var rest = value.Replace(entry, "", StringComparison.Ordinal).Trim(' ', ',').Replace(", ,", ",", StringComparison.Ordinal);
                yield return new("milter-order", words.MilterOrder(other.Name, own),
                    $"postconf -e 'smtpd_milters = {entry}, {rest}'");
            }
        }

        if (long.TryParse(postfix.Main("message_size_limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && (limit == 0 || limit > postern.Milter.MaxMessage))
        {
            yield return new("message-size", words.MessageSize(limit, postern.Milter.MaxMessage),
                string.Create(CultureInfo.InvariantCulture, $"postconf -e 'message_size_limit = {postern.Milter.MaxMessage}'"));
        }
    }

    private static int PlaceOf(string value, OtherMilter other) =>
        other.Places.Select(place => value.IndexOf(place, StringComparison.OrdinalIgnoreCase)).FirstOrDefault(place => place >= 0, -1);

    private static bool Is(string one, string other) => string.Equals(one.TrimEnd('.'), other.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
