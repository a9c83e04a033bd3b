using Postern.Facts;

namespace Postern.Gate;

/// <summary>Why a decision is what it is.</summary>
internal enum GateCause : byte
{
    /// <summary>The verdict on the sender.</summary>
    Verdict,
    /// <summary>This host, mynetworks, or a client that logged in: not judged.</summary>
    Own,
    /// <summary>The operator's allow-list.</summary>
    Allowed,
    /// <summary>A standing ban.</summary>
    Ban,
    /// <summary>The sender came back after it was asked to.</summary>
    CameBack,
    /// <summary>Only the DNS's silence speaks against the sender.</summary>
    Trouble,
    /// <summary>The milter decides, which sees the message.</summary>
    Message,
    /// <summary>There is no verdict: it took too long, or could not be made.</summary>
    NoVerdict,
}

/// <summary>What the gate decided on a transaction.</summary>
/// <param name="Wanted">What should be done.</param>
/// <param name="IsEnforced">True where it is done; false where the gate only watches.</param>
/// <param name="Cause">Why.</param>
/// <param name="Answer">What is known of the sender; null where it was not asked for or not to be had.</param>
internal sealed record GateDecision(GateAction Wanted, bool IsEnforced, GateCause Cause, GateAnswer? Answer)
{
    /// <summary>What is done.</summary>
    public GateAction Action => IsEnforced ? Wanted : GateAction.Pass;

    /// <summary>What the client is told where it is refused.</summary>
    public PeerReply Reply(ClientAddress client) => Cause == GateCause.Ban ? PeerReply.OfBan() : PeerReply.Of(Wanted, Answer?.Verdict, client);

    /// <summary>A decision that lets pass.</summary>
    public static GateDecision Pass(GateCause cause, GateAnswer? answer = null) => new(GateAction.Pass, true, cause, answer);
}
