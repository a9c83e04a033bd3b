namespace Postern.Fail2Ban.Filters;

/// <summary>
/// Joins the lines of one connection: a line that names only the user or the address waits for one that is a failure
/// (<c>&lt;F-NOFAIL&gt;</c>), a success forgives (<c>&lt;F-MLFGAINED&gt;</c>) unless several users were tried, and the end of
/// the connection forgets it (<c>&lt;F-MLFFORGET&gt;</c>).
/// </summary>
internal sealed class ConnectionMerge(TimeProvider time)
{
    private readonly ConnectionCache _connections = new(time);

    /// <summary>What is known after this line; the same object grows with the connection.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="failure">What this line tells.</param>
    /// <param name="lines">The lines that it matched.</param>
    public Failure Merge(string id, Failure failure, IReadOnlyList<LineParts> lines)
    {
        bool gained = false, noFailure = false;
        if (failure["mlfgained"] is { Length: > 0 } gain)
        {
            gained = noFailure = true;
            if (!failure.IsNoFailure)
                failure.Values["nofail"] = gain;
        }
        else if (failure.IsNoFailure)
        {
            noFailure = true;
        }

        var forget = failure.Take("mlfforget") is { Length: > 0 };
        HashSet<string>? users = null;
        if (_connections.Find(id) is { } known)
        {
            users = known.AddUser(failure["user"]);
            var wasHeld = known.Take("nofail") is { Length: > 0 };
            wasHeld |= known.Take("mlfgained") is { Length: > 0 };
            if (gained)
                known.IsPending = false;
            if (!wasHeld && !known.IsPending)
                known.Matches = null;
            known.Update(failure);
            failure = known;
            if (forget)
                _connections.Remove(id);
        }
        else if (!forget)
        {
            users = failure.AddUser(failure["user"]);
            _connections.Add(id, failure);
        }

        var pending = failure.IsPending;
        failure.IsPending = false;
        if (pending || users?.Count > 1)
        {
            failure.Take("nofail");
            failure.Take("mlfgained");
            noFailure = gained = false;
        }

        AddLines(failure, lines, noFailure, gained, forget);
        return failure;
    }

    private static void AddLines(Failure failure, IReadOnlyList<LineParts> lines, bool noFailure, bool gained, bool forget)
    {
        if (!noFailure)
        {
            List<LineParts> all = [.. failure.HeldMatches ?? [], .. failure.Matches ?? []];
            failure.HeldMatches = null;
            if (!gained)
                all.AddRange(lines);
            failure.Matches = all;
        }
        else if (!forget)
        {
            failure.HeldMatches = [.. failure.HeldMatches ?? [], .. lines];
        }
    }
}
