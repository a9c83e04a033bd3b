using Postern.Facts;

namespace Postern.Gate;

/// <summary>What the gate tells of itself. Called from many sessions at once; must not block or throw.</summary>
public interface IGateEvents : IListenerEvents
{
    /// <summary>A decision that was not to let pass, or would not have been.</summary>
    void Decided(GateRecord record);

    /// <summary>A request of the policy protocol, or a message of the milter's, was answered.</summary>
    /// <param name="service"><c>policy</c> or <c>milter</c>.</param>
    /// <param name="took">How long it took, without the network.</param>
    void Answered(string service, TimeSpan took)
    {
    }

    /// <summary>A client's session has ended; the milter tells what it was told of it.</summary>
    void SessionEnded(SmtpSession session);
}
