using Postern.Facts;

namespace Postern.Decisions.Persistence;

/// <summary>What counts in the long window, and when a whole history is a ban by it.</summary>
public static class PersistenceRule
{
    /// <summary>Whoever asks for unknown recipients is banned at so many times maxretry: a stale list has many of them, too.</summary>
    public const int RecipientsFactor = 2;

    // No mail program, sender or monitor does any of these, however often it comes. Everything else is missing on purpose: TLS
    // failures, refused mail, refused relays, hang-ups and impatience are what genuine senders repeat for days.
    private static readonly BehaviourSet s_strange = BehaviourSet.Of(
        Behaviour.LoneDot, Behaviour.HttpRequest, Behaviour.OtherProtocol, Behaviour.AuthBruteForce);

    // A monitor may say HELP or send a blank line, but it greets or takes its leave as well.
    private static readonly BehaviourSet s_strangeAlone = BehaviourSet.Of(Behaviour.GarbageCommand, Behaviour.BlankLine);

    /// <summary>All behaviours that may count, and those that a session may become by more of its kind.</summary>
    public static BehaviourSet Telling { get; } = s_strange.Union(s_strangeAlone)
        .Union(BehaviourSet.Of(Behaviour.UserEnumeration, Behaviour.AuthFailure, Behaviour.RejectedMail));

    /// <summary>What of a session counts in full.</summary>
    public static BehaviourSet Counting(in SessionMark mark)
    {
        var counted = new BehaviourSet(mark.Behaviours.Bits & s_strange.Bits);
        return mark.Traits.HasFlag(SessionTraits.Wordless) ? counted.Union(new BehaviourSet(mark.Behaviours.Bits & s_strangeAlone.Bits)) : counted;
    }

    /// <summary>How much of it counts: a session once, guesses one by one.</summary>
    public static int Strange(in SessionMark mark) =>
        Counting(mark) is { IsEmpty: false } counted ? (counted.Has(Behaviour.AuthBruteForce) ? Math.Max((int)mark.Failures, 1) : 1) : 0;

    /// <summary>True where the long window would ban a client of this history.</summary>
    /// <param name="marks">Its sessions in order of time, raised by what they show together.</param>
    /// <param name="accepted">Messages accepted from it.</param>
    /// <param name="options">The settings.</param>
    public static bool ReachesEver(ReadOnlySpan<SessionMark> marks, int accepted, PersistenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Enabled)
        {
            return false;
        }

        int strange = 0, recipients = 0, first = 0;
        for (var i = 0; i < marks.Length; i++)
        {
            strange += Strange(marks[i]);
            recipients += Recipients(marks[i]);
            for (; marks[i].Time.UtcTicks - marks[first].Time.UtcTicks > options.FindTime.Ticks; first++)
            {
                strange -= Strange(marks[first]);
                recipients -= Recipients(marks[first]);
            }

            if (strange >= options.MaxRetry || (accepted == 0 && recipients >= options.MaxRetry * RecipientsFactor))
            {
                return true;
            }
        }

        return false;
    }

    private static int Recipients(in SessionMark mark) => mark.Behaviours.Has(Behaviour.UserEnumeration) ? mark.Failures : 0;
}
