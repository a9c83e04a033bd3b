using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>
/// What the brake holds: a group of behaviours that one fault of the server's causes together, or a jail of fail2ban's. Its name is
/// what the operator sees and types.
/// </summary>
public static class BrakeReason
{
    /// <summary>Logins that fail: the login service is down, or its table is gone.</summary>
    public const string Logins = "logins";

    /// <summary>Troubles that the server reports of itself.</summary>
    public const string Server = "server-trouble";

    /// <summary>The groups of what logins are judged by, a bit each; the others are of mail.</summary>
    public const uint LoginGroups = 1;

    // Too many errors follow from refusals; they count with whatever they follow.
    private static readonly (string Name, BehaviourSet Behaviours)[] s_groups =
    [
        (Logins, BehaviourSet.Of(Behaviour.AuthFailure, Behaviour.AuthBruteForce, Behaviour.AuthNotOffered)),
        ("refusals", BehaviourSet.Of(Behaviour.RejectedMail, Behaviour.UserEnumeration, Behaviour.TooManyErrors)),
        ("relaying", BehaviourSet.Of(Behaviour.RelayProbe)),
        ("dns-lists", BehaviourSet.Of(Behaviour.DnsblListed)),
        ("tls", BehaviourSet.Of(Behaviour.TlsHandshakeFailure, Behaviour.TlsScan, Behaviour.TlsOnPlaintext)),
        ("helo-names", BehaviourSet.Of(Behaviour.HeloForgery)),
        ("pace", BehaviourSet.Of(Behaviour.EarlyTalker, Behaviour.PipeliningAbuse)),
        (Server, BehaviourSet.Of(Behaviour.ServerTrouble)),
        ("lone-dot", BehaviourSet.Of(Behaviour.LoneDot)),
        ("blank-line", BehaviourSet.Of(Behaviour.BlankLine)),
        ("garbage-command", BehaviourSet.Of(Behaviour.GarbageCommand)),
        ("http-request", BehaviourSet.Of(Behaviour.HttpRequest)),
        ("other-protocol", BehaviourSet.Of(Behaviour.OtherProtocol)),
        ("smuggling-attempt", BehaviourSet.Of(Behaviour.SmugglingAttempt)),
    ];

    private static readonly BehaviourSet s_unmistakable = BehaviourSet.Of(
        Behaviour.LoneDot, Behaviour.BlankLine, Behaviour.GarbageCommand, Behaviour.HttpRequest, Behaviour.OtherProtocol, Behaviour.SmugglingAttempt);

    private static readonly BehaviourSet s_followers = BehaviourSet.Of(Behaviour.TooManyErrors);

    /// <summary>How many groups there are.</summary>
    public static int Count => s_groups.Length;

    /// <summary>The name of a group.</summary>
    public static string Name(int group) => s_groups[group].Name;

    /// <summary>The behaviours that count nothing while a group is held.</summary>
    public static BehaviourSet Held(int group) => IsUnmistakable(group) ? s_groups[group].Behaviours : s_groups[group].Behaviours.Union(s_followers);

    /// <summary>The groups of what a session showed, a bit each.</summary>
    public static uint Groups(BehaviourSet behaviours)
    {
        var groups = 0u;
        for (var i = 0; i < s_groups.Length; i++)
        {
            groups |= s_groups[i].Behaviours.Overlaps(behaviours) ? 1u << i : 0;
        }

        return groups;
    }

    /// <summary>True for what logins are judged by, false for what mail is.</summary>
    public static bool IsOfLogins(int group) => group == 0;

    /// <summary>
    /// True where only the client can have written what counts: no fault of the server's puts an HTTP request into a client's
    /// mouth. Only a fault of Postern's own could, which most established clients would show.
    /// </summary>
    public static bool IsUnmistakable(int group) => s_groups[group].Behaviours.Overlaps(s_unmistakable);

    /// <summary>True where a fault of the server's can cause one of the groups that a client showed.</summary>
    public static bool IsExcusable(uint groups)
    {
        for (var group = 0; group < s_groups.Length; group++)
        {
            if ((groups & (1u << group)) != 0 && !IsUnmistakable(group))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for what attackers do most: the search for addresses, relaying, guessing.</summary>
    public static bool IsOftenHostile(int group) => group is 0 or 1 or 2;

    /// <summary>The group that contributes most to a window, and how much; -1 where nothing does.</summary>
    /// <param name="marks">The client's sessions.</param>
    /// <param name="jail">The jail.</param>
    /// <param name="bounds">Between which times sessions count, by <see cref="JailWindow.Bounds"/>.</param>
    public static int Leading(ReadOnlySpan<SessionMark> marks, JailOptions jail, (long First, long Last) bounds)
    {
        Span<double> sums = stackalloc double[s_groups.Length];
        sums.Clear();
        foreach (var mark in marks)
        {
            if (mark.Time.UtcTicks < bounds.First || mark.Time.UtcTicks > bounds.Last)
            {
                continue;
            }

            var (best, heaviest) = (-1, 0.0);
            foreach (var behaviour in JailWeights.Counting(mark))
            {
                var weight = JailWeights.Of(behaviour, jail) * JailWeights.Times(behaviour, mark);
                // Of equals, the one that others follow.
                if (weight > heaviest || (weight > 0 && weight >= heaviest && best >= 0 && s_groups[best].Behaviours.Has(Behaviour.TooManyErrors)))
                {
                    (best, heaviest) = (GroupOf(behaviour), weight);
                }
            }

            if (best >= 0)
            {
                sums[best] += heaviest;
            }
        }

        var leading = -1;
        for (var i = 0; i < sums.Length; i++)
        {
            leading = sums[i] > 0 && (leading < 0 || sums[i] > sums[leading]) ? i : leading;
        }

        return leading;
    }

    /// <summary>The group of that name; -1 where there is none.</summary>
    public static int GroupOf(string reason) => Array.FindIndex(s_groups, group => string.Equals(group.Name, reason, StringComparison.Ordinal));

    private static int GroupOf(Behaviour behaviour) => Array.FindIndex(s_groups, group => group.Behaviours.Has(behaviour));
}
