using Postern.Facts;

namespace Postern.Gate;

/// <summary>What the gate tells of itself. Called from many sessions at once; must not block or throw.</summary>
public interface IGateEvents : IListenerEvents
{
    /// <summary>A decision that was not to let pass, or would not have been.</summary>
    void Decided(GateRecord record);

    /// <summary>A client's session has ended; the milter tells what it was told of it.</summary>
    void SessionEnded(SmtpSession session);
}
