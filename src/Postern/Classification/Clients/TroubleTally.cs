using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>The server's own troubles, counted.</summary>
internal sealed class TroubleTally
{
    private readonly SortedDictionary<TroubleKind, Trouble> _troubles = [];

    /// <summary>Every trouble, in the order of their kinds.</summary>
    public IEnumerable<Trouble> All => _troubles.Values;

    /// <summary>Counts a line that tells of a trouble.</summary>
    public void AddLine(TroubleKind kind, LogTime time, string? text, int lines = 1) => Add(new Trouble(kind, lines, 0, time, time, text));

    /// <summary>Counts what a session showed.</summary>
    public void AddSession(IReadOnlyList<(TroubleKind Kind, string? Text)> lines, LogTime start, LogTime end)
    {
        foreach (var group in lines.GroupBy(line => line.Kind))
        {
            Add(new Trouble(group.Key, group.Count(), 1, start, end, group.Select(line => line.Text).FirstOrDefault(text => text is not null)));
        }
    }

    /// <summary>Adds the troubles of another tally.</summary>
    /// <param name="other">The other.</param>
    /// <param name="isInnocent">False where its sessions are of a client that the server need not be sorry for.</param>
    /// <param name="hasMail">False where that client never had mail accepted nor logged in: then a limit that it exceeds does its work.</param>
    public void Add(TroubleTally other, bool isInnocent, bool hasMail)
    {
        foreach (var trouble in other.All)
        {
            Add(isInnocent && (hasMail || trouble.Kind != TroubleKind.RateLimit) ? trouble : trouble with { Sessions = 0 });
        }
    }

    private void Add(Trouble more)
    {
        _troubles[more.Kind] = _troubles.TryGetValue(more.Kind, out var known)
            ? known with
            {
                Lines = known.Lines + more.Lines,
                Sessions = known.Sessions + more.Sessions,
                FirstSeen = !known.FirstSeen.IsKnown || (more.FirstSeen.IsKnown && more.FirstSeen < known.FirstSeen) ? more.FirstSeen : known.FirstSeen,
                LastSeen = more.LastSeen > known.LastSeen ? more.LastSeen : known.LastSeen,
                Text = known.Text ?? more.Text,
            }
            : more;
    }
}
