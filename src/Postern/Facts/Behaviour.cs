using System.Collections;
using System.Numerics;

namespace Postern.Facts;

/// <summary>
/// What a client did in a session, as the catalogue names it. What each is, the evidence it needs and what it is not
/// stands in <c>docs/behaviours.md</c>.
/// </summary>
public enum Behaviour : byte
{
    /// <summary>A line with a lone dot where a command belongs.</summary>
    LoneDot,
    /// <summary>A blank line where a command belongs.</summary>
    BlankLine,
    /// <summary>Commands that SMTP does not know, of no protocol that is recognised.</summary>
    GarbageCommand,
    /// <summary>An HTTP request.</summary>
    HttpRequest,
    /// <summary>A TLS ClientHello where plain text belongs.</summary>
    TlsOnPlaintext,
    /// <summary>Another protocol than SMTP, HTTP or TLS.</summary>
    OtherProtocol,
    /// <summary>Many TLS handshakes with changing outcome.</summary>
    TlsScan,
    /// <summary>A TLS handshake that failed.</summary>
    TlsHandshakeFailure,
    /// <summary>Password guessing.</summary>
    AuthBruteForce,
    /// <summary>A login that failed.</summary>
    AuthFailure,
    /// <summary>AUTH where the server does not offer it.</summary>
    AuthNotOffered,
    /// <summary>Talks before the greeting.</summary>
    EarlyTalker,
    /// <summary>Sends commands ahead where it must wait.</summary>
    PipeliningAbuse,
    /// <summary>Tries out which addresses exist.</summary>
    UserEnumeration,
    /// <summary>Asks to relay to a foreign domain.</summary>
    RelayProbe,
    /// <summary>A HELO name that it cannot own.</summary>
    HeloForgery,
    /// <summary>Refused because a DNS list names it.</summary>
    DnsblListed,
    /// <summary>Bare line feeds, of which SMTP smuggling is made.</summary>
    SmugglingAttempt,
    /// <summary>Cut off by Postfix after too many errors.</summary>
    TooManyErrors,
    /// <summary>Mail refused for any other reason.</summary>
    RejectedMail,
    /// <summary>Connects and leaves without a word of farewell, or falls silent.</summary>
    Hangup,
    /// <summary>Greets, perhaps tries STARTTLS, and takes its leave without mail.</summary>
    ProbeAndQuit,
    /// <summary>A sender that goes on with its message after a refusal.</summary>
    OutOfStep,
    /// <summary>A refusal or an abort for which the server itself is the reason.</summary>
    ServerTrouble,
    /// <summary>A login to an account that others than its owner use.</summary>
    AccountTakeover,
    /// <summary>Mail accepted.</summary>
    Delivered,
}

/// <summary>A set of behaviours, one bit each.</summary>
/// <param name="Bits">Bit n stands for the behaviour of value n.</param>
public readonly record struct BehaviourSet(uint Bits) : IEnumerable<Behaviour>
{
    /// <summary>How many behaviours there are.</summary>
    public const int Known = (int)Behaviour.Delivered + 1;

    /// <summary>No behaviour.</summary>
    public static BehaviourSet None => default;

    /// <summary>The set of these behaviours.</summary>
    public static BehaviourSet Of(params ReadOnlySpan<Behaviour> behaviours)
    {
        var bits = 0u;
        foreach (var behaviour in behaviours)
        {
            bits |= 1u << (int)behaviour;
        }

        return new BehaviourSet(bits);
    }

    /// <summary>True where nothing is in it.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>How many are in it.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>True where it holds the behaviour.</summary>
    public bool Has(Behaviour behaviour) => (Bits & (1u << (int)behaviour)) != 0;

    /// <summary>True where it shares any with the other.</summary>
    public bool Overlaps(BehaviourSet other) => (Bits & other.Bits) != 0;

    /// <summary>The set with one more.</summary>
    public BehaviourSet With(Behaviour behaviour) => new(Bits | (1u << (int)behaviour));

    /// <summary>The set without one.</summary>
    public BehaviourSet Without(Behaviour behaviour) => new(Bits & ~(1u << (int)behaviour));

    /// <summary>Both together.</summary>
    public BehaviourSet Union(BehaviourSet other) => new(Bits | other.Bits);

    /// <summary>This without the other's.</summary>
    public BehaviourSet Except(BehaviourSet other) => new(Bits & ~other.Bits);

    /// <summary>In the order of the catalogue; without allocating, because every session is asked.</summary>
    public Enumerator GetEnumerator() => new(Bits);

    IEnumerator<Behaviour> IEnumerable<Behaviour>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Goes through the bits from the lowest.</summary>
    /// <param name="bits">What is still to come.</param>
    public struct Enumerator(uint bits) : IEnumerator<Behaviour>
    {
        private readonly uint _all = bits;
        private uint _rest = bits;

        /// <inheritdoc/>
        public Behaviour Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (_rest == 0)
            {
                return false;
            }

            Current = (Behaviour)BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }

        /// <inheritdoc/>
        public void Reset() => _rest = _all;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}

/// <summary>The names that reports and configuration use; fixed for all releases.</summary>
public static class BehaviourNames
{
    private static readonly string[] s_ids =
    [
        "lone-dot", "blank-line", "garbage-command", "http-request", "tls-on-plaintext", "other-protocol", "tls-scan",
        "tls-handshake-failure", "auth-brute-force", "auth-failure", "auth-not-offered", "early-talker",
        "pipelining-abuse", "user-enumeration", "relay-probe", "helo-forgery", "dnsbl-listed", "smuggling-attempt",
        "too-many-errors", "rejected-mail", "hangup", "probe-and-quit", "out-of-step", "server-trouble", "account-takeover",
        "delivered",
    ];

    /// <summary>The id, <c>lone-dot</c> for <see cref="Behaviour.LoneDot"/>.</summary>
    public static string Id(this Behaviour behaviour) => s_ids[(int)behaviour];

    /// <summary>The behaviour of an id; false where there is none of that name.</summary>
    public static bool TryParse(string id, out Behaviour behaviour)
    {
        var index = Array.IndexOf(s_ids, id);
        behaviour = index < 0 ? default : (Behaviour)index;
        return index >= 0;
    }
}
