namespace Postern.Fail2Ban.Configuration;

/// <summary>A line of a file, from 1.</summary>
internal readonly record struct ConfigPlace(string File, int Line)
{
    /// <summary>File and line, as compilers write them.</summary>
    public override string ToString() => $"{File}:{Line}";
}
