namespace Postern.Cli.Sharing.Merging;

/// <summary>
/// What is known of the bans of one network by one jail: those that none other covers, and until when all have ended. Nearly always there is one ban, and
/// there are very many of these: the rest is held apart. Changed in place.
/// </summary>
internal struct BanSpans
{
    private BanSpan _only;
    private Rest? _rest;

    /// <summary>All bans that began until then have ended; <see cref="long.MinValue"/> for none.</summary>
    public readonly long UnbannedAt => _rest?.UnbannedAt ?? long.MinValue;

    /// <summary>Until when the end must be remembered.</summary>
    public readonly long Keep => _rest?.Keep ?? 0;

    /// <summary>The latest time that anything in it is of use.</summary>
    public readonly long LastUse
    {
        get
        {
            var last = Math.Max(Keep, _only.Host is null ? long.MinValue : _only.End);
            foreach (var span in _rest?.Spans ?? [])
            {
                last = Math.Max(last, span.End);
            }

            return last;
        }
    }

    /// <summary>The bans, in no order.</summary>
    public readonly IEnumerable<BanSpan> All => _rest?.Spans ?? (_only.Host is null ? (IEnumerable<BanSpan>)[] : [_only]);

    /// <summary>Takes a ban.</summary>
    /// <returns>False where it has ended already, or another covers it.</returns>
    public bool Add(BanSpan span)
    {
        if (span.At <= UnbannedAt || (_rest?.Spans is { } more ? more.Exists(other => other.Covers(span)) : _only.Host is not null && _only.Covers(span)))
        {
            return false;
        }

        if (_rest?.Spans is null && (_only.Host is null || span.Covers(_only)))
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
        _rest ??= new Rest();
        var until = _rest.UnbannedAt = Math.Max(_rest.UnbannedAt, at);
        _rest.Keep = Math.Max(_rest.Keep, keep);
        Replace([.. All.Where(span => span.At > until)]);
    }

    /// <summary>The ban that holds; null where none does.</summary>
    /// <param name="vetoedUntil">Bans that began before are vetoed.</param>
    public readonly BanSpan? Effective(long vetoedUntil)
    {
        if (_rest?.Spans is not { } more)
        {
            return _only.Host is not null && _only.At >= vetoedUntil ? _only : null;
        }

        BanSpan? best = null;
        foreach (var span in more)
        {
            best = span.At >= vetoedUntil && (best is null || span > best.Value) ? span : best;
        }

        return best;
    }

    private void Replace(List<BanSpan> spans)
    {
        _only = spans.Count == 1 ? spans[0] : default;
        if (spans.Count > 1 || _rest is not null)
        {
            _rest ??= new Rest();
            _rest.Spans = spans.Count > 1 ? spans : null;
        }
    }

    private sealed class Rest
    {
        public List<BanSpan>? Spans { get; set; }

        public long UnbannedAt { get; set; } = long.MinValue;

        public long Keep { get; set; }
    }
}
