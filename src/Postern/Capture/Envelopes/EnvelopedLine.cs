using Postern.Capture.Headers;
using Postern.Capture.Stamps;

namespace Postern.Capture.Envelopes;

/// <summary>How far an enveloped line could be read.</summary>
internal enum EnvelopeResult : byte
{
    /// <summary>Neither a stamp nor a program of Postfix.</summary>
    None,
    /// <summary>A stamp, and no program behind it: some other program's own form.</summary>
    StampOnly,
    /// <summary>The first part of a line that goes on.</summary>
    Partial,
    /// <summary>A program and its message, with a stamp or without.</summary>
    Line,
}

/// <summary>A line of syslog out of whatever stood around it.</summary>
internal ref struct EnvelopedLine
{
    /// <summary>
    /// When. The innermost stamp that tells the instant goes before all others; of stamps without an offset the outermost counts,
    /// for that is this machine's clock, and a container's zone is its own.
    /// </summary>
    public LooseStamp Stamp { get; set; }

    /// <summary>Host, program and process.</summary>
    public LineHeader Header { get; set; }

    /// <summary>What the program said.</summary>
    public ReadOnlyMemory<byte> Message { get; set; }

    /// <summary>Takes the stamp of a layer inside those seen so far.</summary>
    public void Note(in LooseStamp inner)
    {
        if (!Stamp.IsKnown || inner.IsAbsolute)
        {
            Stamp = inner;
        }
    }
}
