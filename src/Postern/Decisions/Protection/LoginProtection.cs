using System.Globalization;
using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Decisions.Protection;

/// <summary>
/// The protection that a login gives. It covers what a mail program can do wrong, ends when others' passwords are guessed, and is
/// withdrawn where the account is in others' hands.
/// </summary>
public static class LoginProtection
{
    /// <summary>The ruling; null where no login protects.</summary>
    /// <param name="facts">What is known of the client.</param>
    /// <param name="window">Its sessions that count.</param>
    /// <param name="marks">Its sessions, in any order.</param>
    /// <param name="jail">The jail that would ban it.</param>
    /// <param name="now">The time.</param>
    public static ProtectionRuling? Judge(ProtectionFacts facts, WindowSum window, ReadOnlySpan<SessionMark> marks, JailOptions jail, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(jail);
        var today = (int)(now.UtcTicks / TimeSpan.TicksPerDay);
        if (facts.LastLogin is not { } day || today - day.DayNumber > ProtectionRules.LoginDays || facts.IsAccountStolen)
        {
            return null;
        }

        var (failed, guessed) = Failed(marks, jail, now);
        // Who guesses as often as it logs in may have guessed right.
        var isGuess = facts.UserNames == 0 && guessed >= facts.Logins;
        var isUncovered = facts.IsLongWindow
            ? !LoginCover.Uncovered(window.Behaviours).IsEmpty
            : JailWindow.Reaches(LoginCover.Uncovered(marks), jail, now, null);
        return isGuess || isUncovered || LoginCover.Exceeds(failed, facts.UserNames, facts.Logins) is not null ? null
            : new ProtectionRuling(ProtectionAnswer.Suppress, ProtectionReason.LoggedIn, string.Create(CultureInfo.InvariantCulture,
                $"its user logged in on {day:yyyy-MM-dd}, in {facts.Logins} known sessions against {failed} failed logins"), now);
    }

    private static (int Failed, int Guessed) Failed(ReadOnlySpan<SessionMark> marks, JailOptions jail, DateTimeOffset now)
    {
        var (first, last) = JailWindow.Bounds(marks, jail, now, null);
        int failed = 0, guessed = 0;
        foreach (var mark in marks)
        {
            if (mark.Time.UtcTicks < first || mark.Time.UtcTicks > last)
            {
                continue;
            }

            var isGuess = mark.Behaviours.Has(Behaviour.AuthBruteForce);
            guessed += isGuess ? mark.Failures : 0;
            failed += isGuess || mark.Behaviours.Has(Behaviour.AuthFailure) ? mark.Failures : 0;
        }

        return (failed, guessed);
    }
}
