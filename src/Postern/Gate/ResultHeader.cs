using System.Globalization;
using Postern.Facts;

namespace Postern.Gate;

/// <summary>The header that tells what the gate found, for filters behind it and for people.</summary>
internal static class ResultHeader
{
    /// <summary>Its name.</summary>
    public const string Name = "X-Postern";

    /// <summary>
    /// Its value on one line: <c>suspect; advice=defer; points=-2.5; deciding=ptr,helo-rdns; client=192.0.2.1; would=defer</c>.
    /// Made of our own words alone.
    /// </summary>
    public static string Value(GateDecision decision, ClientAddress client)
    {
        if (decision.Answer is not { Verdict: var verdict })
        {
            var word = decision.Cause switch { GateCause.Ban => "banned", GateCause.Allowed => "allowed", _ => "untested" };
            return $"{word}; client={client}{Would(decision)}";
        }

        var deciding = verdict.Deciding.Count == 0 ? "" : "; deciding=" + string.Join(',', verdict.Deciding);
        var troubled = verdict.Troubled.Count == 0 ? "" : "; no-dns=" + string.Join(',', verdict.Troubled);
        return string.Create(CultureInfo.InvariantCulture, $"{Word(verdict.Legitimacy)}; advice={Word(verdict.Advice)}; points={verdict.Points:0.##}{deciding}{troubled}; client={client}{Would(decision)}");
    }

    private static string Would(GateDecision decision) => decision switch
    {
        { Cause: GateCause.CameBack } => "; came-back=yes",
        { Wanted: GateAction.Pass } or { IsEnforced: true } => "",
        _ => "; would=" + Word(decision.Wanted),
    };

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
