using Postern.Facts;

namespace Postern.Fail2Ban.Filters;

/// <summary>How a filter is run.</summary>
internal sealed record FilterOptions
{
    /// <summary><c>yes</c>, <c>warn</c>, <c>no</c> or <c>raw</c>; the filter's own <c>usedns</c> goes before it.</summary>
    public string UseDns { get; init; } = "warn";

    /// <summary>Takes host names as they stand instead of looking them up.</summary>
    public bool RawNames { get; init; }

    /// <summary>Tries all expressions on a line instead of stopping at the first that matches, as <c>fail2ban-regex</c> does.</summary>
    public bool TryAll { get; init; }

    /// <summary>Gives failures that wait for their address, too, as <c>fail2ban-regex</c> does.</summary>
    public bool GivePending { get; init; }

    /// <summary>Takes lines whose time is far from now as happening now, as a running daemon does.</summary>
    public bool InOperation { get; init; }

    /// <summary>Minutes east of UTC for dates without a zone (<c>logtimezone</c>); null for the machine's zone.</summary>
    public int? DefaultOffset { get; init; }

    /// <summary>Asked of each address that a match names: true where the match is to be passed over, since the lines are another client's; null to ask nobody.</summary>
    public Func<FailureId, IReadOnlyList<LineParts>, bool>? Refuses { get; init; }

    /// <summary>Looks up a host name; null where that is not to be done.</summary>
    public Func<string, IReadOnlyList<ClientAddress>>? Resolve { get; init; }
}
