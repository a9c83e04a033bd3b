namespace Postern.Capture.Inputs;

/// <summary>Why an input cannot be read.</summary>
/// <param name="Path">The argument as it was given.</param>
/// <param name="Message">One plain sentence without the path, for the operator.</param>
internal sealed record InputError(string Path, string Message)
{
    /// <summary>Path and sentence on one line.</summary>
    public override string ToString() => $"{Path}: {Message}";
}
