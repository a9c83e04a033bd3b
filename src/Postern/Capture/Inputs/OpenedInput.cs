namespace Postern.Capture.Inputs;

/// <summary>An input that was recognised and waits at its first byte.</summary>
internal sealed class OpenedInput : IDisposable
{
    private readonly Stream? _raw;
    private readonly DecompressedStream? _decompressed;
    private readonly bool _ownsRaw;

    /// <summary>Joins what the opener found out; the input owns the streams from here on, standard input apart.</summary>
    internal OpenedInput(string path, InputKind kind, Stream content, Stream? raw, DecompressedStream? decompressed, bool ownsRaw)
    {
        Path = path;
        Kind = kind;
        Content = content;
        _raw = raw;
        _decompressed = decompressed;
        _ownsRaw = ownsRaw;
    }

    /// <summary>The argument as it was given, <c>-</c> for standard input.</summary>
    public string Path { get; }

    /// <summary>What it is.</summary>
    public InputKind Kind { get; }

    /// <summary>
    /// The content from its first byte, decompressed. It is the file itself, and can seek, where <see cref="IsSeekable"/>.
    /// Empty for a Maildir, whose files are opened one by one.
    /// </summary>
    public Stream Content { get; }

    /// <summary>True for an uncompressed file: its end can be looked at first.</summary>
    public bool IsSeekable => Content.CanSeek && ReferenceEquals(Content, _raw);

    /// <summary>Bytes of the file as it lies on disk, compressed or not; null for a pipe or a folder.</summary>
    public long? Length { get; internal init; }

    /// <summary>How many of <see cref="Length"/> have been read, for a progress bar.</summary>
    public long Position => Length is null || _raw is not { CanRead: true } ? 0 : _raw.Position;

    /// <summary>When the file was last written, by which years are inferred; null for a pipe.</summary>
    public DateTimeOffset? LastWritten { get; internal init; }

    /// <summary>
    /// What is wrong with compressed data that turned out cut short or damaged, else null. Complete once
    /// <see cref="Content"/> has been read to its end.
    /// </summary>
    public string? Damage => _decompressed?.Damage;

    /// <summary>Lines that could be read in spite of <see cref="Damage"/>.</summary>
    public long LinesBeforeDamage => _decompressed?.LineCount ?? 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsRaw)
        {
            Content.Dispose();
            _raw?.Dispose();
        }
    }
}
