namespace Postern.Capture.Logs;

/// <summary>The plain bytes of one generation of a log, from some place on.</summary>
internal interface ILogBytes : IDisposable
{
    /// <summary>True once the file holds something else than what was read from it: it was truncated, or overwritten.</summary>
    bool IsReplaced { get; }

    /// <summary>What stands before the place where reading began; the last bytes of it.</summary>
    LogFingerprint Before { get; }

    /// <summary>Reads on.</summary>
    /// <returns>How many bytes; 0 where there are no more for now.</returns>
    int Read(Memory<byte> into);
}
