namespace Postern.Cli.Daemon.Control;

/// <summary>What a reload of the configuration did.</summary>
/// <param name="Mistakes">What is wrong with the file; then the old configuration stays.</param>
/// <param name="Changed">The changed keys that took effect.</param>
/// <param name="Waiting">The keys that differ from those of the start and need a restart.</param>
internal sealed record ReloadResult(IReadOnlyList<string> Mistakes, IReadOnlyList<string> Changed, IReadOnlyList<string> Waiting);
