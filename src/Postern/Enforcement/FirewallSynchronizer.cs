using System.Threading.Channels;

namespace Postern.Enforcement;

/// <summary>
/// Keeps one firewall: gathers the changes that wait into one step, so that ten thousand bans of a burst are a few steps;
/// compares the firewall now and then and when somebody disturbed it; and says when its state changes.
/// </summary>
/// <param name="firewall">The firewall.</param>
/// <param name="standing">What should stand in it.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told one line for the operator when the firewall fails, stands again, or had to be mended.</param>
/// <param name="between">How often it is compared without a reason.</param>
public sealed class FirewallSynchronizer(IFirewall firewall, Func<IReadOnlyCollection<FirewallEntry>> standing, TimeProvider time, Action<string> say, TimeSpan between) : IAsyncDisposable
{
    private static readonly TimeSpan s_whileFailed = TimeSpan.FromSeconds(10);

    // The same firewall in other words of trouble, such as a program's about each single ban, is no news so soon.
    private static readonly TimeSpan s_sayAgain = TimeSpan.FromMinutes(10);

    // A look without a reason costs at most one part in so many of a processor's time, however long the firewall is.
    private const int LeastRest = 500;
    private static readonly TimeSpan s_longestRest = TimeSpan.FromHours(1);

    // Who changes one thing often changes more: one look a moment later serves for all of it.
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(200);

    // Nor is a firewall that somebody removes again and again absent for longer than this before it is built again.
    private static readonly TimeSpan s_longestSettle = TimeSpan.FromSeconds(1);

    // More are more than one step: the kernel tells every change to whoever listens, and holds only so much of it for them.
    private const int MostAtOnce = 20_000;

    // Unbounded: a change is small, comes from a decision that is bounded itself, and must not be lost.
    private readonly Channel<(FirewallChange Change, DateTimeOffset? SeenAt)> _changes = Channel.CreateUnbounded<(FirewallChange, DateTimeOffset?)>(new UnboundedChannelOptions { SingleReader = true });
    private long _compared;
    private int _waiting;
    private long _missing;
    private long _foreign;
    private long _rebuilt;

    // Since when a disturbance waits for a look at the firewall as a whole, which is short, and for one at each ban.
    private long? _disturbed;
    private long? _doubtful;
    private TimeSpan _quickSettle = s_settle;
    private TimeSpan _settle = s_settle;
    private TimeSpan _rest;
    private bool _hasStood;
    private string? _said;
    private long _saidAt;

    /// <summary>The firewall.</summary>
    public IFirewall Firewall => firewall;

    /// <summary>The jails whose bans it is for, as others close other ports; null for all.</summary>
    public Predicate<string>? Jails { get; init; }

    /// <summary>Told of each ban that took effect, how long after what led to it was seen.</summary>
    public Action<TimeSpan>? TookEffect { get; init; }

    /// <summary>Changes that wait for the next step.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How often it was out of step since the start: bans that were missing, entries that were none of ours, and how often it was removed or changed as a whole.</summary>
    public (long Missing, long Foreign, long Rebuilt) Repairs => (Interlocked.Read(ref _missing), Interlocked.Read(ref _foreign), Interlocked.Read(ref _rebuilt));

    /// <summary>Builds the firewall with what should stand.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await firewall.OpenAsync(standing(), cancellationToken);
        _compared = time.GetTimestamp();
        SayState();
    }

    /// <summary>Hands over a change; it takes effect soon.</summary>
    /// <param name="change">The change.</param>
    /// <param name="seenAt">When what led to it was seen, for <see cref="TookEffect"/>; null where nobody asks.</param>
    public void Add(FirewallChange change, DateTimeOffset? seenAt = null)
    {
        Interlocked.Increment(ref _waiting);
        _changes.Writer.TryWrite((change, seenAt));
    }

    /// <summary>Keeps the firewall until stopped, then removes it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var waiting = _changes.Reader.WaitToReadAsync(stop).AsTask();
        var disturbed = firewall.DisturbedAsync(stop);
        try
        {
            while (true)
            {
                using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var timer = Task.Delay(UntilDue(), time, over.Token);
                await (_disturbed is null ? Task.WhenAny(waiting, disturbed, timer) : Task.WhenAny(waiting, timer));
                await over.CancelAsync();
                stop.ThrowIfCancellationRequested();

                // Each is asked for itself: a stream of bans must not keep the firewall from being looked at.
                var hasFailed = false;
                if (waiting.IsCompleted)
                {
                    hasFailed = await ApplyAsync(stop);
                    waiting = _changes.Reader.WaitToReadAsync(stop).AsTask();
                }

                if (disturbed.IsCompleted && _disturbed is null)
                {
                    _disturbed = time.GetTimestamp();
                    _doubtful ??= _disturbed;
                }

                if (hasFailed || UntilDue() == TimeSpan.Zero)
                {
                    disturbed = disturbed.IsCompleted ? firewall.DisturbedAsync(stop) : disturbed;
                    await CompareAsync(isThorough: firewall.State == FirewallState.Failed || UntilThorough() == TimeSpan.Zero, stop);
                }

                SayState();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await firewall.CloseAsync(CancellationToken.None);
            if (firewall.Trouble is not null)
            {
                SayState();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => firewall.DisposeAsync();

    // True where the firewall failed just now: often it is only that somebody removed it, which a look mends.
    private async Task<bool> ApplyAsync(CancellationToken cancellationToken)
    {
        var stood = firewall.State == FirewallState.Standing;
        List<FirewallChange> changes = [];
        List<DateTimeOffset> seen = [];
        while (changes.Count < MostAtOnce && _changes.Reader.TryRead(out var one))
        {
            Interlocked.Decrement(ref _waiting);
            changes.Add(one.Change);
            if (one.SeenAt is { } at && TookEffect is not null)
            {
                seen.Add(at);
            }
        }

        await firewall.ApplyAsync(changes, cancellationToken);
        if (firewall.State != FirewallState.Failed)
        {
            var now = time.GetUtcNow();
            seen.ForEach(at => TookEffect!(now - at));
        }

        return stood && firewall.State == FirewallState.Failed;
    }

    private async Task CompareAsync(bool isThorough, CancellationToken cancellationToken)
    {
        _disturbed = null;
        var began = time.GetTimestamp();
        var drift = await firewall.CompareAsync(standing, isThorough, cancellationToken);
        // A long firewall takes its time to look at; whoever disturbs it all the time must not keep us busy all the time.
        var took = time.GetElapsedTime(began);
        _quickSettle = Shorter(Longer(s_settle, took * 4), s_longestSettle);
        if (isThorough || drift.WasRebuilt)
        {
            (_compared, _doubtful) = (time.GetTimestamp(), null);
        }

        if (isThorough && !drift.WasRebuilt)
        {
            (_settle, _rest) = (Longer(s_settle, took * 4), Shorter(took * LeastRest, s_longestRest));
        }

        Interlocked.Add(ref _missing, drift.Missing);
        Interlocked.Add(ref _foreign, drift.Foreign);
        Interlocked.Add(ref _rebuilt, drift.WasRebuilt ? 1 : 0);
        if (drift.WasRebuilt)
        {
            say($"{firewall.Name}: somebody removed or changed our table; all bans stand again");
        }
        else if (!drift.IsNone)
        {
            say($"{firewall.Name}: mended {drift.Missing} bans that were missing or ended at another time, and {drift.Foreign} entries that were none of ours");
        }
    }

    private TimeSpan UntilDue() => Shorter(UntilThorough(), _disturbed is { } since ? Left(_quickSettle, since) : TimeSpan.MaxValue);

    private TimeSpan UntilThorough() => Shorter(
        Left(firewall.State == FirewallState.Failed ? s_whileFailed : Longer(between, _rest), _compared),
        _doubtful is { } since ? Left(_settle, since) : TimeSpan.MaxValue);

    private TimeSpan Left(TimeSpan rest, long since) => Longer(rest - time.GetElapsedTime(since), TimeSpan.Zero);

    private void SayState()
    {
        var trouble = firewall.Trouble;
        var isNews = (trouble, _said) switch
        {
            (null, null) => false,
            ({ } now, { } before) => !string.Equals(now, before, StringComparison.Ordinal) && time.GetElapsedTime(_saidAt) > s_sayAgain,
            _ => true,
        };
        if (isNews)
        {
            (_said, _saidAt) = (trouble, time.GetTimestamp());
            say($"{firewall.Name}: {trouble ?? (_hasStood ? "stands again" : "stands now, and bans take effect")}{Meanwhile()}");
        }

        _hasStood |= firewall.State == FirewallState.Standing;
    }

    private string Meanwhile() => firewall.State != FirewallState.Failed ? "" : _hasStood ? "; what failed is tried again" : "; bans are only recorded until it can be used";

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
