namespace Postern.Capture.Grammar;

/// <summary>What a grammar tells of mail that is on its way through the server, besides the sessions of clients.</summary>
[Flags]
internal enum MailReading : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Mail of own users on its way out: pickup(8) and smtp(8).</summary>
    Outbound = 1,
    /// <summary>What became of clients' mail: qmgr(8), smtp(8) and the daemons that deliver here.</summary>
    Relaying = 2,
}
