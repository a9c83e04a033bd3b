namespace Postern.Engine.Supervision;

/// <summary>A fault of a part of the program.</summary>
/// <param name="Part">Which part.</param>
/// <param name="Exception">What went wrong.</param>
/// <param name="IsFinal">True where the part does not begin again, and the program ends.</param>
public sealed record PartFault(string Part, Exception Exception, bool IsFinal);
