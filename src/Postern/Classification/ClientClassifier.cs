using Postern.Classification.Causes;
using Postern.Classification.Clients;
using Postern.Facts;

namespace Postern.Classification;

/// <summary>Says what a client's history means: its behaviours, bursts, names and most likely cause.</summary>
/// <param name="clues">Finds the clues.</param>
internal sealed class ClientClassifier(ClueFinder clues)
{
    private const double NearEnough = 0.15;
    private static readonly System.Text.Encoding s_text = System.Text.Encoding.Latin1;

    /// <summary>The finding, its verdict still open.</summary>
    public ClientFinding Judge(ClientAddress address, ClientHistory history)
    {
        var found = clues.Find(address, history);
        var causes = CauseScorer.Judge(found);
        var details = history.Details;
        return new ClientFinding
        {
            Address = address,
            Sessions = history.Sessions,
            FirstSeen = history.First,
            LastSeen = history.Last,
            Behaviours = Behaviours(history),
            Bursts = Bursts.Of(history.Marks),
            IsOwnHost = First(found, ClueKind.OwnHost) is not null,
            Limits = First(found, ClueKind.LimitExceeded),
            HostName = history.HostName ?? history.ClaimedName,
            NameIsConfirmed = history.HostName is not null,
            HeloNames = details is null || details.Helos.Count == 0 ? [] : [.. details.Helos.Items],
            Cause = causes[0],
            Others = Others(causes) ?? (IReadOnlyList<CauseFinding>)[],
            Verdict = Verdict.Watch,
            Accepted = history.Accepted,
            Payload = details?.Payload is { } payload ? s_text.GetString(payload.Span) : null,
        };
    }

    // Loops in place of LINQ: a log may hold a million clients, and the queries took most of the time of judging one.
    private static Clue? First(IReadOnlyList<Clue> clues, ClueKind kind)
    {
        for (var i = 0; i < clues.Count; i++)
        {
            if (clues[i].Kind == kind)
            {
                return clues[i];
            }
        }

        return null;
    }

    private static List<CauseFinding>? Others(IReadOnlyList<CauseFinding> causes)
    {
        List<CauseFinding>? others = null;
        for (var i = 1; i < causes.Count; i++)
        {
            if (causes[i].Confidence >= NearEnough && causes[i].Cause != Cause.Unclear)
            {
                (others ??= []).Add(causes[i]);
            }
        }

        return others;
    }

    private static List<KeyValuePair<Behaviour, int>> Behaviours(ClientHistory history)
    {
        var counts = ClueFinder.Count(history.Marks);
        counts[(int)Behaviour.Delivered] += history.Accepted > 0 ? history.Ordinary : 0;
        var behaviours = new List<KeyValuePair<Behaviour, int>>(2);
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                behaviours.Add(KeyValuePair.Create((Behaviour)i, counts[i]));
            }
        }

        behaviours.Sort(static (a, b) => a.Value != b.Value ? b.Value.CompareTo(a.Value) : a.Key.CompareTo(b.Key));
        return behaviours;
    }
}
