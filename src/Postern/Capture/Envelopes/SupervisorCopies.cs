namespace Postern.Capture.Envelopes;

/// <summary>
/// Supervisord at its level debug writes <c>DEBG 'mailserver' stdout output:</c>, a copy of what the program said, and a blank line. The
/// program's own lines stand there, too, where it passes them on.
/// </summary>
internal sealed class SupervisorCopies
{
    /// <summary>True for the lines between headline and blank line.</summary>
    public bool IsWithin { get; private set; }

    /// <summary>True where the last line that was noted is a headline.</summary>
    public bool IsHeadline { get; private set; }

    /// <summary>Looks at a line that is none of a program.</summary>
    public void Note(ReadOnlySpan<byte> line)
    {
        IsHeadline = line.EndsWith(" output:"u8) && line.IndexOf(" DEBG '"u8) > 0;
        IsWithin = IsHeadline || (IsWithin && line.IndexOfAnyExcept((byte)' ', (byte)'\t') >= 0);
    }

    /// <summary>Forgets the copy that was begun.</summary>
    public void Reset() => IsWithin = IsHeadline = false;
}
