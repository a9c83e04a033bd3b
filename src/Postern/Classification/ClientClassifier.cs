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
            IsOwnHost = found.Any(static clue => clue.Kind == ClueKind.OwnHost),
            Limits = found.Where(static clue => clue.Kind == ClueKind.LimitExceeded).Select(static clue => (Clue?)clue).FirstOrDefault(),
            HostName = history.HostName ?? history.ClaimedName,
            NameIsConfirmed = history.HostName is not null,
            HeloNames = details is null ? [] : [.. details.Helos.Items],
            Cause = causes[0],
            Others = [.. causes.Skip(1).Where(cause => cause.Confidence >= NearEnough && cause.Cause != Cause.Unclear)],
            Verdict = Verdict.Watch,
            Accepted = history.Accepted,
            Payload = details?.Payload is { } payload ? s_text.GetString(payload.Span) : null,
        };
    }

    private static List<KeyValuePair<Behaviour, int>> Behaviours(ClientHistory history)
    {
        var counts = ClueFinder.Count(history.Marks);
        counts[(int)Behaviour.Delivered] += history.Accepted > 0 ? history.Ordinary : 0;
        return [.. counts.Select((count, behaviour) => KeyValuePair.Create((Behaviour)behaviour, count))
            .Where(pair => pair.Value > 0).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key)];
    }
}
