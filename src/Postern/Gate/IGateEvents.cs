using Postern.Facts;

namespace Postern.Gate;

/// <summary>What the gate tells of itself. Called from many sessions at once; must not block or throw.</summary>
public interface IGateEvents
{
    /// <summary>A decision that was not to let pass, or would not have been.</summary>
    void Decided(GateRecord record);

    /// <summary>A fault of our own, because of which mail was let through.</summary>
    void Failed(string service, Exception fault);

    /// <summary>Something that is wrong with a connection of Postfix, for the operator.</summary>
    void Trouble(string service, string words);

    /// <summary>A client's session has ended; the milter tells what it was told of it.</summary>
    void SessionEnded(SmtpSession session);
}
