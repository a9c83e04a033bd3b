using Postern.SystemTests.Captures;

namespace Postern.SystemTests.Explain;

/// <summary>What the program is shown: a set-up's log, without and with the notices.</summary>
public static class Views
{
    /// <summary>smtpd and postscreen.</summary>
    public static TheoryData<Setup, bool> All { get; } = new MatrixTheoryData<Setup, bool>([Setup.Current, Setup.OlderReply, Setup.Postscreen], [false, true]);

    /// <summary>smtpd on port 25.</summary>
    public static TheoryData<Setup, bool> Smtpd { get; } = new MatrixTheoryData<Setup, bool>([Setup.Current, Setup.OlderReply], [false, true]);
}
