namespace Postern.Facts;

/// <summary>
/// Starts a part of the program that goes on until it is stopped, and owns its task: a fault is logged, and the part begins again.
/// The task completes when the part has ended for good, and never fails.
/// </summary>
/// <param name="name">What it is called in the log and in <c>status</c>.</param>
/// <param name="work">The part; called again after each fault.</param>
/// <param name="stop">Its end.</param>
public delegate Task PartStarter(string name, Func<CancellationToken, Task> work, CancellationToken stop);
