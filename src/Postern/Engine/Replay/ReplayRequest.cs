using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Replay;

/// <summary>What is to be replayed, and by which settings.</summary>
public sealed record ReplayRequest
{
    /// <summary>Logs, mailboxes, Maildirs, or <c>-</c>; in any order.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>What <c>-</c> stands for; null where there is none.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>What happened before this does not count; unknown for no bound.</summary>
    public LogTime Since { get; init; }

    /// <summary>What happened after this does not count; unknown for no bound.</summary>
    public LogTime Until { get; init; }

    /// <summary>The year of the first line of each log whose stamps have none; null to infer it.</summary>
    public int? Year { get; init; }

    /// <summary>The settings of <c>run</c>.</summary>
    public required BanEngineOptions Options { get; init; }

    /// <summary>Whom no jail may ban.</summary>
    public ProtectedNetworks Protected { get; init; } = new();

    /// <summary>Asks the DNS whether a client is a genuine sender, as <c>run</c> would before a ban; null where it is not to be asked.</summary>
    public Func<ClientAddress, string?, string?, CancellationToken, Task<SenderVerdict?>>? Check { get; init; }

    /// <summary>Told now and then how many bytes of how many have been read; null where nobody looks.</summary>
    public Action<long, long>? Progress { get; init; }
}
