using Postern.Facts;

namespace Postern.Gate.Policy;

/// <summary>Answers requests of the policy protocol.</summary>
/// <param name="judge">Decides.</param>
/// <param name="options">How the service is set now.</param>
/// <param name="time">The clock.</param>
internal sealed class PolicyResponder(TransactionDecider judge, Func<GateOptions> options, TimeProvider time)
{
    /// <summary>The answer that changes nothing: other restrictions decide. Never <c>OK</c>, which would skip them.</summary>
    public const string Nothing = "DUNNO";

    private readonly InstanceCache _instances = new(time);

    /// <summary>The action that answers a request, in Postfix's words (access(5)).</summary>
    public async ValueTask<string> AnswerAsync(PolicyRequest request)
    {
        if (!request.IsAccessRequest || request.SaslUser.Length > 0 || request.State is "VRFY" or "ETRN" || !ClientAddress.TryParse(request.ClientAddress, out var client))
        {
            return Nothing;
        }

        var set = options();
        var question = new GateQuestion
        {
            Client = client,
            Helo = request.Helo.Length > 0 ? request.Helo : null,
            Sender = request.HasSender ? request.Sender : null,
        };
        // Who may reach some recipients although it is banned is heard until it names them.
        if (set.Exempt.HearsBanned && request.Recipient.Length == 0 && request.State is not ("DATA" or "END-OF-MESSAGE") && judge.StandingOf(client) == ClientStanding.Banned)
        {
            return Nothing;
        }
        // Before there is a sender only a ban can decide: all else is not known yet, and would be asked twice.
        if (question.Sender is null)
        {
            return judge.OfBan(client, set) is { Action: not GateAction.Pass } ban ? ban.Reply(client).ToString() : Nothing;
        }

        // Not remembered: it says nothing about the other recipients.
        if (set.Exempt.IncludesRecipient(request.Recipient) && (set.Exempt.HearsBanned || judge.StandingOf(client) != ClientStanding.Banned))
        {
            return Action(await judge.DecideAsync(question, request.Recipient, "policy", set, isReachable: true), client, request.Instance, set.AddsHeader);
        }

        var decision = _instances.Find(request.Instance, question);
        if (decision is null || (decision.Wanted == GateAction.Defer && decision.IsEnforced && IsFirstAnswer(request)))
        {
            decision = await judge.DecideAsync(question, request.Recipient.Length > 0 ? request.Recipient : null, "policy", set);
            _instances.Keep(request.Instance, question, decision);
        }

        return Action(decision, client, request.Instance, set.AddsHeader);
    }

    // Each recipient of a deferred message is remembered on its own, so that all of them may come back.
    private static bool IsFirstAnswer(PolicyRequest request) => request is { State: "RCPT", Recipient.Length: > 0 };

    private string Action(GateDecision decision, ClientAddress client, string instance, bool addsHeader) => decision.Action switch
    {
        GateAction.Reject => Refuse("REJECT", decision.Reply(client)),
        GateAction.Defer when decision.Cause == GateCause.Ban => decision.Reply(client).ToString(),
        GateAction.Defer => Refuse("DEFER_IF_PERMIT", decision.Reply(client)),
        GateAction.Quarantine => $"HOLD {ResultHeader.Value(decision, client)}",
        _ when !addsHeader || decision.Cause is GateCause.Own or GateCause.Allowed or GateCause.NoVerdict => Nothing,
        _ => _instances.TakeHeader(instance) ? $"PREPEND {ResultHeader.Name}: {ResultHeader.Value(decision, client)}" : Nothing,
    };

    private static string Refuse(string action, PeerReply reply) => $"{action} {reply.Status} {reply.Text}";
}
