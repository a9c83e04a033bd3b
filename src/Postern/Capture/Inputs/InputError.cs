using Postern.Facts;

namespace Postern.Capture.Inputs;

/// <summary>Why an input cannot be read.</summary>
/// <param name="Path">The argument as it was given.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Detail">The particulars; empty for none.</param>
internal sealed record InputError(string Path, InputProblem Problem, string Detail = "");
