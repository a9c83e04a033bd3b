namespace Postern.Classification.Sessions;

/// <summary>Where a line of a watched log stands.</summary>
/// <param name="Id">By file and offset, the same whenever the line is read.</param>
/// <param name="Batch">The batch that it came with, in the order of reading.</param>
/// <param name="Arrival">When it was read, ticks of the watcher's clock.</param>
/// <param name="Line">The line without its line feed; good only while its event is added.</param>
internal readonly record struct LineOrigin(ulong Id, long Batch, long Arrival, ReadOnlyMemory<byte> Line);
