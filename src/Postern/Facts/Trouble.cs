namespace Postern.Facts;

/// <summary>What is wrong with the server itself, in the order in which a report tells of it.</summary>
public enum TroubleKind : byte
{
    /// <summary>It seems to take mail for foreign domains from strangers.</summary>
    OpenRelay,
    /// <summary>Its settings are wrong, or a program that they name is missing (<c>4.3.5 Server configuration error</c>).</summary>
    Configuration,
    /// <summary>A table or database gives no answer (<c>4.3.0 Temporary lookup failure</c>).</summary>
    LookupFailure,
    /// <summary>A policy server gives no answer.</summary>
    PolicyServer,
    /// <summary>A milter or content filter gives no answer (<c>Service unavailable - try again later</c>).</summary>
    Milter,
    /// <summary>The login service (SASL) gives no answer.</summary>
    LoginService,
    /// <summary>TLS does not work (<c>454 4.7.0 TLS not available due to local problem</c>).</summary>
    Tls,
    /// <summary>A DNS list answers with an error instead of a listing, and the server takes it for one.</summary>
    DnsList,
    /// <summary>The resolver gives no answer (<c>Temporary failure in name resolution</c>).</summary>
    Resolver,
    /// <summary>The disk is full (<c>452 4.3.1 Insufficient system storage</c>).</summary>
    DiskFull,
    /// <summary>postscreen has no free smtpd, or no free port of its own.</summary>
    PortsBusy,
    /// <summary>The server's own limits hang up on a genuine sender.</summary>
    RateLimit,
    /// <summary>Any other fault that Postfix calls its own (4.3.x, 421).</summary>
    Other,
}

/// <summary>A trouble of the server's own.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Lines">Lines of logs and replies in notices that tell of it.</param>
/// <param name="Sessions">Sessions that it cost clients who did nothing hostile.</param>
/// <param name="FirstSeen">The first time; unknown where no source has times.</param>
/// <param name="LastSeen">The last time.</param>
/// <param name="Text">A word on it: the domains of an open relay, the list, the message; null where there is none. May hold a client's words.</param>
public sealed record Trouble(TroubleKind Kind, long Lines, int Sessions, LogTime FirstSeen, LogTime LastSeen, string? Text = null);

/// <summary>The ids of troubles in reports; fixed for all releases.</summary>
public static class TroubleNames
{
    private static readonly string[] s_ids =
    [
        "open-relay", "configuration", "lookup-failure", "policy-server", "milter", "login-service", "tls", "dns-list", "resolver",
        "disk-full", "ports-busy", "rate-limit", "other",
    ];

    /// <summary>The id, <c>lookup-failure</c> for <see cref="TroubleKind.LookupFailure"/>.</summary>
    public static string Id(this TroubleKind trouble) => s_ids[(int)trouble];

    /// <summary>The trouble of an id; false where there is none of that name.</summary>
    public static bool TryParse(string? id, out TroubleKind trouble)
    {
        var index = Array.IndexOf(s_ids, id);
        trouble = index < 0 ? TroubleKind.Other : (TroubleKind)index;
        return index >= 0;
    }
}
