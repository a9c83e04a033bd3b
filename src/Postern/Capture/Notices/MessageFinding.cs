using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>What one message turned out to be.</summary>
internal enum MessageKind : byte
{
    /// <summary>No notice.</summary>
    Other,
    /// <summary>One or more notices.</summary>
    Notice,
    /// <summary>It looks like a notice, but the server did not make it.</summary>
    Foreign,
    /// <summary>It cannot be taken apart.</summary>
    Unreadable,
}

/// <summary>A message's kind and its notices.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Notices">Empty unless <see cref="MessageKind.Notice"/>.</param>
internal readonly record struct MessageFinding(MessageKind Kind, IReadOnlyList<Notice> Notices)
{
    /// <summary>The finding without notices.</summary>
    public static MessageFinding Of(MessageKind kind) => new(kind, []);
}
