namespace Postern.Fail2Ban.Configuration;

/// <summary>What is wrong with a configuration.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1; 0 where the file as a whole is meant.</param>
/// <param name="Reason">One clause.</param>
internal sealed record ConfigError(string File, int Line, string Reason)
{
    /// <summary>File, line and reason, as compilers write them.</summary>
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Reason}" : $"{File}: {Reason}";
}
