using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>Reads the logins of a session: which failed, which were not finished, and which only looked for the right mechanism.</summary>
internal static class LoginReader
{
    /// <summary>
    /// A mail program tries one mechanism after the other with the same password. Where it got in, those that failed before were no
    /// wrong passwords: each of another mechanism, and none for another user.
    /// </summary>
    public static void ForgetOtherMechanisms(SessionView view)
    {
        if (view.FailedLogins == 0 || !(view.Session.IsAuthenticated || view.Session.Counts.Accepted(SmtpVerb.Auth) > 0))
        {
            return;
        }

        HashSet<string> mechanisms = [];
        foreach (var e in view.Session.Events)
        {
            if (e.Kind is SmtpEventKind.AuthFailure or SmtpEventKind.AuthAborted && !TroubleReader.IsLoginService(e.Text.Span)
                && !mechanisms.Add(view.Texts.Get(Mechanism(e.Text.Span))))
            {
                return;
            }
        }

        if (mechanisms.Count == view.FailedLogins && (view.UserNames is null || view.UserNames.TrueForAll(name => IsSame(name, view.Session.User))))
        {
            view.ForgetLogins();
        }
    }

    /// <summary>
    /// AUTH that was refused without a word in the log. Where a login is offered it is one that was not finished, or that another
    /// service looked at; after one that succeeded it was a mechanism that the client tried before the right one.
    /// </summary>
    public static void ReadCounts(SessionView view)
    {
        var counts = view.Session.Counts;
        var untold = counts.Refused(SmtpVerb.Auth) - view.FailedLogins - view.LoginsNotOffered - view.LoginsUnanswered;
        if (untold <= 0 || (counts.Accepted(SmtpVerb.Auth) > 0 && view.FailedLogins == 0))
        {
            return;
        }

        if (view.Session.IsSubmission || view.FailedLogins > 0 || view.Session.EndStage == SmtpStage.Auth || IsLimited(view.Session))
        {
            view.FailedLogins += untold;
            view.UnfinishedLogins += untold;
        }
        else
        {
            view.LoginsNotOffered += untold;
        }
    }

    /// <summary>
    /// AUTH within which the connection was lost, where no line counts commands: before Postfix 3.0, and in a log that was filtered for
    /// this line. A login that the log tells of has been counted, or has succeeded.
    /// </summary>
    public static void ReadUncounted(SessionView view)
    {
        var session = view.Session;
        if (!session.Counts.IsKnown && session is { EndStage: SmtpStage.Auth, Ending: SessionEnd.LostConnection or SessionEnd.Timeout, IsAuthenticated: false, Dialogue.Count: 0 }
            && view.FailedLogins + view.LoginsUnanswered == 0)
        {
            view.FailedLogins++;
            view.UnfinishedLogins++;
        }
    }

    // "AUTH command rate limit exceeded" (smtpd_sasl_proto.c): Postfix would have taken the login.
    private static bool IsLimited(SmtpSession session)
    {
        foreach (var e in session.Events)
        {
            if (e.Kind == SmtpEventKind.LimitExceeded && e.Text.Span.StartsWith("AUTH "u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>, sasl_username=alice@example.org</c> at the end; the name is the client's, and nothing but a name to count.</summary>
    public static string? UserName(ReadOnlySpan<byte> text, TextPool texts)
    {
        var at = text.LastIndexOf("sasl_username="u8);
        return at < 0 ? null : texts.Get(text[(at + 14)..]);
    }

    // ": SASL PLAIN authentication failed: ..."
    private static ReadOnlySpan<byte> Mechanism(ReadOnlySpan<byte> text)
    {
        var start = text.IndexOf("SASL "u8);
        var end = text.IndexOf(" authentication "u8);
        return start >= 0 && end > start + 5 ? text[(start + 5)..end] : default;
    }

    // A mail program that sets up an account also tries the name without the domain.
    private static bool IsSame(string tried, string? user) =>
        user is not null && Local(tried).Equals(Local(user), StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Local(string name) => name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? name.AsSpan(0, at) : name;
}
