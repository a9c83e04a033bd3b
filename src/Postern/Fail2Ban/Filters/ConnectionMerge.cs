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
    public FilterFailure Merge(string id, FilterFailure failure, IReadOnlyList<LineParts> lines)
    {
        bool gained = false, noFailure = false;
        if (failure[KnownGroup.Gained] is { Length: > 0 } gain)
        {
            gained = noFailure = true;
            if (!failure.IsNoFailure)
            {
                failure[KnownGroup.NoFailure] = gain;
            }
        }
        else if (failure.IsNoFailure)
        {
            noFailure = true;
        }

        var forget = failure.Take(KnownGroup.Forget) is { Length: > 0 };
        var hasSeveralUsers = false;
        if (_connections.Find(id) is { } known)
        {
            known.AddUser(failure[KnownGroup.User]);
            hasSeveralUsers = known.HasSeveralUsers;
            var wasHeld = known.Take(KnownGroup.NoFailure) is { Length: > 0 };
            wasHeld |= known.Take(KnownGroup.Gained) is { Length: > 0 };
            if (gained)
            {
                known.IsPending = false;
            }

            if (!wasHeld && !known.IsPending)
            {
                known.Matches = null;
            }

            known.Update(failure);
            failure = known;
            if (forget)
            {
                _connections.Remove(id);
            }
        }
        else if (!forget)
        {
            failure.AddUser(failure[KnownGroup.User]);
            _connections.Add(id, failure);
        }

        var pending = failure.IsPending;
        failure.IsPending = false;
        if (pending || hasSeveralUsers)
        {
            failure.Take(KnownGroup.NoFailure);
            failure.Take(KnownGroup.Gained);
            noFailure = gained = false;
        }

        AddLines(failure, lines, noFailure, gained, forget);
        return failure;
    }

    // Lists are never changed once they are set: a copy of the failure shares them.
    private static void AddLines(FilterFailure failure, IReadOnlyList<LineParts> lines, bool noFailure, bool gained, bool forget)
    {
        if (!noFailure)
        {
            var added = gained ? [] : lines;
            failure.Matches = failure.HeldMatches is null && failure.Matches is null ? added : [.. failure.HeldMatches ?? [], .. failure.Matches ?? [], .. added];
            failure.HeldMatches = null;
        }
        else if (!forget)
        {
            failure.HeldMatches = failure.HeldMatches is null ? lines : [.. failure.HeldMatches, .. lines];
        }
    }
}
