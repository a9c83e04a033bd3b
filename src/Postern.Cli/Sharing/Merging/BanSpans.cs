namespace Postern.Cli.Sharing.Merging;

/// <summary>What is known of the bans of one network by one jail: those that none other covers, and until when all have ended. Nearly always there is one ban.</summary>
internal sealed class BanSpans
{
    private BanSpan _only;
    private List<BanSpan>? _more;

    /// <summary>All bans that began until then have ended; <see cref="long.MinValue"/> for none.</summary>
    public long UnbannedAt { get; private set; } = long.MinValue;

    /// <summary>Until when the end must be remembered.</summary>
    public long Keep { get; private set; }

    /// <summary>The latest time that anything in it is of use.</summary>
    public long LastUse => Math.Max(Keep, All.Select(static span => span.End).DefaultIfEmpty(long.MinValue).Max());

    /// <summary>The bans, in no order.</summary>
    public IEnumerable<BanSpan> All => _more is not null ? _more : _only.Host is null ? [] : [_only];

    /// <summary>Takes a ban.</summary>
    /// <returns>False where it has ended already, or another covers it.</returns>
    public bool Add(BanSpan span)
    {
        if (span.At <= UnbannedAt || (_more is null ? _only.Host is not null && _only.Covers(span) : _more.Exists(other => other.Covers(span))))
        {
            return false;
        }

        if (_more is null && (_only.Host is null || span.Covers(_only)))
        {
            _only = span;
            return true;
        }

        Replace([.. All.Where(other => !span.Covers(other)), span]);
        return true;
    }

    /// <summary>Takes the end of all bans until then.</summary>
    /// <param name="at">When.</param>
    /// <param name="keep">So long it is remembered.</param>
    public void End(long at, long keep)
    {
        UnbannedAt = Math.Max(UnbannedAt, at);
        Keep = Math.Max(Keep, keep);
        Replace([.. All.Where(span => span.At > UnbannedAt)]);
    }

    /// <summary>The ban that holds; null where none does.</summary>
    /// <param name="vetoedUntil">Bans that began before are vetoed.</param>
    public BanSpan? Effective(long vetoedUntil)
    {
        BanSpan? best = null;
        foreach (var span in All)
        {
            best = span.At >= vetoedUntil && (best is null || span > best.Value) ? span : best;
        }

        return best;
    }

    private void Replace(List<BanSpan> spans) => (_only, _more) = (spans.Count == 1 ? spans[0] : default, spans.Count > 1 ? spans : null);
}
