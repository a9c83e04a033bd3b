using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;

namespace Postern.Reports.Outlines;

/// <summary>What stands out in a client, apart from words.</summary>
internal static class Deed
{
    private const int FewestOfBurst = 10;
    private const int NameStartCells = 10;

    /// <summary>The most frequent behaviour that tells something; one that many sessions show together goes before all others.</summary>
    public static Behaviour Main(ClientFinding client)
    {
        foreach (var raised in (ReadOnlySpan<Behaviour>)[Behaviour.AccountTakeover, Behaviour.AuthBruteForce, Behaviour.TlsScan])
        {
            if (client.Behaviours.Any(pair => pair.Key == raised))
            {
                return raised;
            }
        }

        return client.Behaviours.Select(static pair => pair.Key)
            .FirstOrDefault(static behaviour => behaviour is not (Behaviour.Delivered or Behaviour.Hangup or Behaviour.TooManyErrors), ClientLines.Main(client));
    }

    /// <summary>The number of a clue; 0 where the client has none of that kind.</summary>
    public static int Number(ClientFinding client, ClueKind kind) => client.Cause.Clues.FirstOrDefault(clue => clue.Kind == kind).Number;

    /// <summary>The text of a clue; null where there is none.</summary>
    public static string? Text(ClientFinding client, ClueKind kind) => client.Cause.Clues.FirstOrDefault(clue => clue.Kind == kind).Text;

    /// <summary>How long it took, where all sessions of a client came in one go; else null.</summary>
    public static TimeSpan? Burst(ClientFinding client)
    {
        if (client.Sessions < FewestOfBurst || client.Bursts is not [var burst] || burst.Sessions < client.Sessions)
        {
            return null;
        }

        var length = Moments.Between(burst.From, burst.To);
        return burst.Sessions >= length.TotalMinutes ? length : null;
    }

    /// <summary>The tool that names itself in its HELO name, in brackets; else nothing.</summary>
    public static string Tool(ClientFinding client) => client.HeloNames.Any(static helo => helo.Contains("nmap", StringComparison.OrdinalIgnoreCase)) ? " (nmap)" : "";

    /// <summary>The start of a name whose rest is the same for all customers.</summary>
    public static string NameStart(string name)
    {
        var safe = SafeText.Escape(name);
        var end = safe.IndexOf('.', StringComparison.Ordinal);
        var dash = safe.IndexOf('-', StringComparison.Ordinal);
        var start = dash > 0 && dash < end ? safe[..(dash + 1)] : end > 0 ? safe[..end] : safe;
        return SafeText.Short(start, NameStartCells) is var shown && shown.EndsWith("...", StringComparison.Ordinal) ? shown : shown + "...";
    }
}
