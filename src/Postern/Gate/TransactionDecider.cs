using Postern.Facts;

namespace Postern.Gate;

/// <summary>
/// Decides on transactions for both services. Whatever fails here lets the mail through: no verdict in time, none at all, an
/// exception.
/// </summary>
/// <param name="inquiry">Asks for a verdict.</param>
/// <param name="standing">What is known of a client beforehand.</param>
/// <param name="greylist">Who was asked to come back; one book for both services, so that nobody waits twice.</param>
/// <param name="events">Told what is decided, and what fails.</param>
/// <param name="time">The clock.</param>
/// <param name="counts">Counts what is decided; null where nobody asks for it.</param>
internal sealed class TransactionDecider(
    GateInquiry inquiry, Func<ClientAddress, ClientStanding> standing, GreylistTable greylist, IGateEvents events, TimeProvider time, GateCounts? counts = null)
{
    private readonly VerdictCache _verdicts = new(inquiry, time);

    /// <summary>What is known of a client beforehand.</summary>
    public ClientStanding StandingOf(ClientAddress client) => client.IsKnown ? standing(client) : ClientStanding.Own;

    /// <summary>The decision on a client that is kept out; null for anybody else.</summary>
    public GateDecision? OfBan(ClientAddress client, GateOptions options) =>
        StandingOf(client) == ClientStanding.Banned ? new(GateAction.Defer, options.Mode == GateMode.Enforce, GateCause.Ban, null) : null;

    /// <summary>The decision on a transaction.</summary>
    /// <param name="question">Who it is about.</param>
    /// <param name="recipient">The first recipient; null where there is none yet.</param>
    /// <param name="service"><c>policy</c> or <c>milter</c>.</param>
    /// <param name="options">How that service is set.</param>
    /// <param name="isReachable">True where all recipients are such that can always be reached: then only a forged sender is refused.</param>
    public async ValueTask<GateDecision> DecideAsync(GateQuestion question, string? recipient, string service, GateOptions options, bool isReachable = false)
    {
        var decision = await TryDecideAsync(question, recipient, service, options, isReachable);
        counts?.Add(service, decision);
        return decision;
    }

    private async ValueTask<GateDecision> TryDecideAsync(GateQuestion question, string? recipient, string service, GateOptions options, bool isReachable)
    {
        try
        {
            var known = StandingOf(question.Client);
            if (known == ClientStanding.Own)
            {
                return GateDecision.Pass(GateCause.Own);
            }

            var isBanned = known == ClientStanding.Banned;
            var isAllowed = known == ClientStanding.Allowed || (!isBanned && options.Exempt.IncludesSender(question.Sender));
            var isReached = isReachable && (!isBanned || options.Exempt.HearsBanned);
            // An allowed sender's results still interest filters behind us, where they are asked for with a message.
            if (isAllowed && question.Message is null)
            {
                return GateDecision.Pass(GateCause.Allowed);
            }

            var decision = isAllowed || isReached ? null : OfBan(question.Client, options);
            if (decision is null)
            {
                var answer = question.Message is null
                    ? await _verdicts.AskAsync(question, options.VerdictLife, options.Deadline)
                    : await _verdicts.AskOnceAsync(question, options.Deadline);
                // Whoever has a question reaches the postmaster; whoever forges another's name has none.
                decision = isAllowed || (isReached && answer?.Verdict.Legitimacy != Legitimacy.Forged) ? GateDecision.Pass(GateCause.Allowed, answer)
                    : Conclude(question, answer, recipient, options);
            }

            if (decision.Wanted != GateAction.Pass)
            {
                events.Decided(Record(question, recipient, service, decision));
            }

            return decision;
        }
#pragma warning disable CA1031 // Whatever is wrong here must not cost anybody his mail; it is told once.
        catch (Exception e)
#pragma warning restore CA1031
        {
            events.Failed(service, e);
            return GateDecision.Pass(GateCause.NoVerdict);
        }
    }

    private GateDecision Conclude(GateQuestion question, GateAnswer? answer, string? recipient, GateOptions options)
    {
        if (answer is null)
        {
            return GateDecision.Pass(GateCause.NoVerdict);
        }

        var verdict = answer.Verdict;
        if (verdict.Advice == Advice.Accept)
        {
            return GateDecision.Pass(GateCause.Verdict, answer);
        }
        // The check advises to ask again when the DNS answers; here that would make an honest sender wait for our resolver.
        if (verdict is { Advice: Advice.Defer, Legitimacy: Legitimacy.Unproven or Legitimacy.Genuine, Troubled.Count: > 0, Points: >= 0 })
        {
            return GateDecision.Pass(GateCause.Trouble, answer);
        }
        // A forwarder fails SPF, and only the signature of the message that comes behind shows it honest.
        if (options.LeavesToMessage && question.Message is null && (verdict.Advice == Advice.Defer || verdict.Deciding is ["spf-mailfrom", ..]))
        {
            return GateDecision.Pass(GateCause.Message, answer);
        }

        var wanted = verdict.Advice == Advice.Reject && verdict.Points <= options.RejectBelow ? options.OnReject : options.OnDefer;
        var isEnforced = options.Mode == GateMode.Enforce;
        if (wanted == GateAction.Pass)
        {
            return GateDecision.Pass(GateCause.Verdict, answer);
        }
        // Where Postfix names no recipient (several, at DATA), the sender alone must be able to come back.
        return wanted == GateAction.Defer && isEnforced && greylist.Ask(question.Client, question.Sender ?? "", recipient ?? "", time.GetUtcNow()) == GreylistAnswer.CameBack
            ? GateDecision.Pass(GateCause.CameBack, answer)
            : new(wanted, isEnforced, GateCause.Verdict, answer);
    }

    private GateRecord Record(GateQuestion question, string? recipient, string service, GateDecision decision) => new()
    {
        At = time.GetUtcNow(),
        Service = service,
        Client = question.Client,
        Helo = question.Helo,
        Sender = question.Sender,
        Recipient = recipient,
        Action = decision.Wanted,
        IsEnforced = decision.IsEnforced,
        IsBan = decision.Cause == GateCause.Ban,
        Verdict = decision.Answer?.Verdict,
    };
}
