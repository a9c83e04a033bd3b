using Postern.Facts;

namespace Postern.Decisions.Jails;

/// <summary>
/// What a session counts towards a ban, by behaviour: 1 is a failure in full, so that maxretry counts such sessions as
/// fail2ban does. A session counts with the heaviest thing that it showed; failed logins, unknown recipients and refused
/// relays count one by one.
/// </summary>
public static class JailWeights
{
    private const int FewRefusals = 2;
    private const double NameDeferred = 0.1;
    private static readonly double[] s_weights = Build();
    private static readonly BehaviourSet s_refusals = BehaviourSet.Of(Behaviour.RejectedMail, Behaviour.RelayProbe, Behaviour.UserEnumeration);

    private static readonly BehaviourSet s_deferred = BehaviourSet.Of(Behaviour.RejectedMail, Behaviour.DnsblListed, Behaviour.UserEnumeration);

    // What a client does wrong whose mail is accepted all the same: it is in haste, says a word that the server does not know, or
    // tries to log in where it need not.
    private static readonly BehaviourSet s_besideMail = BehaviourSet.Of(
        Behaviour.EarlyTalker, Behaviour.PipeliningAbuse, Behaviour.GarbageCommand, Behaviour.AuthNotOffered);

    private static readonly BehaviourSet s_counted = BehaviourSet.Of(
        Behaviour.AuthBruteForce, Behaviour.AuthFailure, Behaviour.UserEnumeration, Behaviour.RelayProbe);

    /// <summary>The weight of one behaviour, 0 to 1.</summary>
    public static double Of(Behaviour behaviour) => s_weights[(int)behaviour];

    /// <summary>The weight of one behaviour in that jail: 0 where the jail does not count it.</summary>
    public static double Of(Behaviour behaviour, JailOptions jail)
    {
        ArgumentNullException.ThrowIfNull(jail);
        return jail.Behaviours is { } counted && !counted.Has(behaviour) ? 0
            : jail.Weights.Count > 0 && jail.Weights.TryGetValue(behaviour, out var own) ? own
            : s_weights[(int)behaviour];
    }

    /// <summary>
    /// The weight of a session. Refusals of a sender that also delivers, or that is merely out of step, count nothing.
    /// </summary>
    public static double Of(SessionMark mark)
    {
        var weight = 0.0;
        foreach (var behaviour in Counting(mark))
        {
            weight = Math.Max(weight, s_weights[(int)behaviour] * Times(behaviour, mark));
        }

        return weight + Beside(mark, weight);
    }

    /// <summary>The weight of a session in that jail, by its own choice of behaviours and weights.</summary>
    public static double Of(SessionMark mark, JailOptions jail)
    {
        ArgumentNullException.ThrowIfNull(jail);
        if (jail.Behaviours is null && jail.Weights.Count == 0)
        {
            return Of(mark);
        }

        var weight = 0.0;
        foreach (var behaviour in Counting(mark))
        {
            weight = Math.Max(weight, Of(behaviour, jail) * Times(behaviour, mark));
        }

        return weight + Beside(mark, weight);
    }

    /// <summary>How often a behaviour of a session counts: once, or once for each refusal.</summary>
    public static int Times(Behaviour behaviour, SessionMark mark) => s_counted.Has(behaviour) ? Math.Max((int)mark.Failures, 1) : 1;

    /// <summary>What a session showed without what is no fault of its client's, or what honest software does, too.</summary>
    public static BehaviourSet Counting(SessionMark mark) => Doubtful(mark).Except(ByAcceptedMail(mark));

    /// <summary>The same, including what only the client's accepted mail excuses: no reason for a ban, but for a look.</summary>
    public static BehaviourSet Doubtful(SessionMark mark)
    {
        var behaviours = mark.Behaviours.Except(Excused(mark));
        if (behaviours.Has(Behaviour.OutOfStep) && mark.Failures <= FewRefusals)
        {
            // A sender with a bug goes on with its message after its one recipient was refused, for whatever reason.
            return behaviours.Except(s_refusals);
        }

        return behaviours.Has(Behaviour.Delivered) || behaviours.Has(Behaviour.OutOfStep) ? behaviours.Without(Behaviour.RejectedMail) : behaviours;
    }

    private static BehaviourSet ByAcceptedMail(SessionMark mark)
    {
        var excused = mark.Behaviours.Has(Behaviour.Delivered) ? s_besideMail : BehaviourSet.None;
        excused = mark.Traits.HasFlag(SessionTraits.MostlyAccepted) ? excused.Union(SessionMark.AmongMail) : excused;
        return (mark.Traits & (SessionTraits.SomeAccepted | SessionTraits.DeadAddress)) != SessionTraits.None ? excused.With(Behaviour.RejectedMail) : excused;
    }

    private static BehaviourSet Excused(SessionMark mark)
    {
        var excused = BehaviourSet.None;
        if (mark.Traits.HasFlag(SessionTraits.OnlyDeferred))
        {
            // "Come again" (4xx) is an order that a genuine sender follows; so is what the server's own trouble makes it say.
            excused = excused.Union(s_deferred);
        }

        if (mark.Traits.HasFlag(SessionTraits.RecipientAccepted))
        {
            // An application that ends lines with a bare line feed, in a session that is otherwise in order.
            excused = excused.With(Behaviour.SmugglingAttempt);
        }

        if (mark.Traits.HasFlag(SessionTraits.LocalHelo))
        {
            // Software whose host name nobody set says localhost; the refusal of its mail counts, the name does not.
            excused = excused.With(Behaviour.HeloForgery);
        }

        if (mark.Traits.HasFlag(SessionTraits.UnknownInOrder))
        {
            // What curl says to a server to see whether it is there: EHLO, HELP, QUIT.
            excused = excused.With(Behaviour.GarbageCommand);
        }

        if (mark.Traits.HasFlag(SessionTraits.PrivateClient))
        {
            // A printer that does not log in, a health check that sends all of its commands at once; or the gateway of containers, whose ban
            // would keep everybody out.
            excused = excused.With(Behaviour.RelayProbe).With(Behaviour.EarlyTalker).With(Behaviour.PipeliningAbuse);
        }

        if (mark.Traits.HasFlag(SessionTraits.OnSubmission))
        {
            // An own user's program or device that does not log in; one that speaks TLS at once where Postfix does not log it (before 3.7).
            // A DNS list names the addresses of access providers, whose users log in, and who did not is refused by whatever rule comes first.
            excused = excused.With(Behaviour.RelayProbe).With(Behaviour.RejectedMail).With(Behaviour.DnsblListed);
            excused = mark.Traits.HasFlag(SessionTraits.OneUnknownCommand) ? excused.With(Behaviour.GarbageCommand) : excused;
        }

        return excused;
    }

    // A 4xx for a name that is missing or unconfirmed counts a little, and only beside something else.
    private static double Beside(SessionMark mark, double weight) => weight > 0 && mark.Traits.HasFlag(SessionTraits.NameDeferred) ? NameDeferred : 0;

    private static double[] Build()
    {
        var weights = new double[BehaviourSet.Known];
        Array.Fill(weights, 1);
        foreach (var (behaviour, weight) in (ReadOnlySpan<(Behaviour, double)>)
            [
                // A telephone that sets up an account sends a TLS hello to the plain port.
                (Behaviour.TlsOnPlaintext, 0),
                // A genuine sender whose TLS is too old fails like this at each retry, and a load balancer each two seconds.
                (Behaviour.TlsHandshakeFailure, 0),
                // A user with an old password.
                (Behaviour.AuthFailure, 0.25),
                (Behaviour.AuthNotOffered, 0.5),
                (Behaviour.EarlyTalker, 0.5),
                (Behaviour.PipeliningAbuse, 0.5),
                (Behaviour.SmugglingAttempt, 0.5),
                (Behaviour.RejectedMail, 0.25),
                // Nothing was asked of the server, or it was a sender's fault or a delivery.
                (Behaviour.Hangup, 0),
                (Behaviour.ProbeAndQuit, 0),
                (Behaviour.OutOfStep, 0),
                (Behaviour.ServerTrouble, 0),
                // The account is closed, not the networks that a thief borrows.
                (Behaviour.AccountTakeover, 0),
                (Behaviour.Delivered, 0),
            ])
        {
            weights[(int)behaviour] = weight;
        }

        return weights;
    }
}
