using Postern.Facts;

namespace Postern.Decisions.Protection;

/// <summary>What a login excuses: no more than what a user's mail program can do wrong.</summary>
public static class LoginCover
{
    /// <summary>So many failed logins within findtime are a mail program's, where it is one user's password: one each 3 seconds.</summary>
    public const int OneName = 200;

    /// <summary>The same where the log names no user: one each 10 seconds.</summary>
    public const int NoNames = 60;

    private static readonly BehaviourSet s_covered = BehaviourSet.Of(
        Behaviour.AuthFailure, Behaviour.AuthBruteForce, Behaviour.AuthNotOffered, Behaviour.TlsOnPlaintext, Behaviour.TlsHandshakeFailure,
        Behaviour.RelayProbe, Behaviour.RejectedMail, Behaviour.HeloForgery, Behaviour.DnsblListed, Behaviour.EarlyTalker,
        Behaviour.PipeliningAbuse, Behaviour.SmugglingAttempt, Behaviour.TooManyErrors, Behaviour.OutOfStep);

    /// <summary>The session without what a login excuses. Whatever a user does in a session with a login of its own is excused.</summary>
    public static SessionMark Uncovered(in SessionMark mark) =>
        mark with { Behaviours = mark.Traits.HasFlag(SessionTraits.LoggedIn) ? BehaviourSet.None : mark.Behaviours.Except(s_covered) };

    /// <summary>The same for a list of behaviours.</summary>
    public static BehaviourSet Uncovered(BehaviourSet behaviours) => behaviours.Except(s_covered);

    /// <summary>The sessions without what a login excuses.</summary>
    public static SessionMark[] Uncovered(ReadOnlySpan<SessionMark> marks)
    {
        var rest = new SessionMark[marks.Length];
        for (var i = 0; i < marks.Length; i++)
        {
            rest[i] = Uncovered(marks[i]);
        }

        return rest;
    }

    /// <summary>Why the failed logins of a user's network are more than its own mistakes; null where they are not.</summary>
    /// <param name="failed">Failed logins that count now.</param>
    /// <param name="names">Different user names among them, as far as the log names any.</param>
    /// <param name="logins">Sessions with a login that succeeded, as many as are remembered.</param>
    public static string? Exceeds(int failed, int names, int logins) =>
        names >= GuessingLimits.ManyNames && failed > logins ? FormattableString.Invariant($"{failed} logins failed for {names} user names or more")
        : names is > 0 and < GuessingLimits.ManyNames && failed > OneName ? FormattableString.Invariant($"{failed} logins failed")
        : names == 0 && failed > Math.Max(NoNames, logins) ? FormattableString.Invariant($"{failed} logins failed against {logins} that succeeded")
        : null;
}
