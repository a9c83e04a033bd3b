using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>What the only session of a client was; clients that did the same share one.</summary>
/// <param name="Behaviours">What it showed.</param>
/// <param name="Traits">What else it was.</param>
/// <param name="Failures">Refusals that count one by one.</param>
/// <param name="Details">What was counted; nothing is ever added to it.</param>
internal sealed record SessionShape(BehaviourSet Behaviours, SessionTraits Traits, byte Failures, ClientDetails Details);

/// <summary>A shape with the client's name.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Name">The PTR name.</param>
/// <param name="IsConfirmed">False where it does not resolve back.</param>
internal sealed record NamedShape(SessionShape Shape, string Name, bool IsConfirmed);

/// <summary>
/// The shapes of sessions that were seen. A flood of clients does the same again and again, and a million of them then need no details
/// each. Bounded: what is new when the table is full has no shape, for a client can make its sessions as odd as it likes.
/// </summary>
internal sealed class SessionShapes
{
    private const int Most = 4096;
    private readonly Dictionary<Key, SessionShape> _shapes = [];

    /// <summary>The shape of a client's first session; null where it has none.</summary>
    public SessionShape? Find(BehaviourSet behaviours, SessionTraits traits, byte failures, ClientDetails details)
    {
        if (!details.IsPlain)
        {
            return null;
        }

        var key = new Key(behaviours, traits, failures, details);
        if (!_shapes.TryGetValue(key, out var shape) && _shapes.Count < Most)
        {
            _shapes[key] = shape = new SessionShape(behaviours, traits, failures, details);
        }

        return shape;
    }

    private readonly struct Key(BehaviourSet behaviours, SessionTraits traits, byte failures, ClientDetails details) : IEquatable<Key>
    {
        private readonly BehaviourSet _behaviours = behaviours;
        private readonly SessionTraits _traits = traits;
        private readonly byte _failures = failures;
        private readonly ClientDetails _details = details;

        public bool Equals(Key other) =>
            _behaviours == other._behaviours && _traits == other._traits && _failures == other._failures && _details.IsSame(other._details);

        public override bool Equals(object? other) => other is Key key && Equals(key);

        public override int GetHashCode() => HashCode.Combine(_behaviours.Bits, _traits, _failures, _details.PlainHash());
    }
}
