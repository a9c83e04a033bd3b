using Postern.Facts;

namespace Postern.Gate;

/// <summary>What the book says of a sender who should come back later.</summary>
internal enum Deferral : byte
{
    /// <summary>It is asked to come back.</summary>
    Wait,
    /// <summary>It has come back, as a genuine server does.</summary>
    CameBack,
}

/// <summary>
/// Remembers who was asked to come back: the client's network (large senders retry from another host of it), the sender and the
/// recipient. Who comes back within the window is let through from then on. Bounded: when full, the oldest are forgotten.
/// </summary>
/// <param name="options">Its times and sizes.</param>
internal sealed class DeferralBook(DeferralOptions options)
{
    private readonly OldestGo<Triplet, (DateTimeOffset First, DateTimeOffset Until, bool IsKnown)> _triplets = new(options.Most);
    private readonly Lock _lock = new();

    /// <summary>How many are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _triplets.Count;
        }
    }

    /// <summary>Asks whether this sender has still to wait, and remembers that it was here.</summary>
    public Deferral Ask(ClientAddress client, string sender, string recipient, DateTimeOffset now)
    {
        var triplet = new Triplet(
            ClientNetwork.Of(client, client.IsIPv4 ? 24 : 64),
            StringComparer.OrdinalIgnoreCase.GetHashCode(sender), StringComparer.OrdinalIgnoreCase.GetHashCode(recipient));
        lock (_lock)
        {
            if (_triplets.TryGet(triplet, out var seen) && seen.Until > now)
            {
                if (!seen.IsKnown && now - seen.First < options.Least)
                    return Deferral.Wait;
                _triplets.Set(triplet, (seen.First, now + options.Memory, true));
                return Deferral.CameBack;
            }

            _triplets.Set(triplet, (now, now + options.Window, false));
            return Deferral.Wait;
        }
    }

    // The texts themselves are not kept: the book need not know who writes to whom. A collision lets somebody through sooner.
    private readonly record struct Triplet(ClientNetwork Network, int Sender, int Recipient);
}

/// <summary>Times and sizes of selective deferral.</summary>
internal sealed record DeferralOptions
{
    /// <summary>Who comes back sooner has still to wait; default 1 minute.</summary>
    public TimeSpan Least { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Who comes back later than this begins again; default 2 days.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(2);

    /// <summary>How long one who came back is remembered, from the last time on; default 36 days, so that monthly mail does not wait.</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromDays(36);

    /// <summary>Triplets remembered, at most; default 100,000.</summary>
    public int Most { get; init; } = 100_000;
}
