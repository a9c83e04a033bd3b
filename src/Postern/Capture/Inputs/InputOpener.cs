using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Facts;

namespace Postern.Capture.Inputs;

/// <summary>Turns an argument of the command line into something to read, or into a sentence that says why not.</summary>
internal static class InputOpener
{
    /// <summary>The argument that stands for standard input.</summary>
    public const string StandardInput = "-";

    private const int LongestShown = 100;

    /// <summary>
    /// Opens <paramref name="path"/>, a file, a Maildir, or <see cref="StandardInput"/>, and looks at its first bytes.
    /// </summary>
    /// <param name="path">The argument as it was given.</param>
    /// <param name="standardInput">What <c>-</c> stands for; stays the caller's. Null where there is none.</param>
    /// <param name="input">The input, which the caller disposes.</param>
    /// <param name="error">Why it cannot be read.</param>
    public static bool TryOpen(
        string path, Stream? standardInput, [NotNullWhen(true)] out OpenedInput? input, [NotNullWhen(false)] out InputError? error)
    {
        ArgumentNullException.ThrowIfNull(path);
        input = null;
        error = null;
        FileStream? file = null;
        try
        {
            if (string.Equals(path, StandardInput, StringComparison.Ordinal))
            {
                if (standardInput is not null)
                {
                    input = Recognise(path, standardInput, null, out error);
                }
                else
                {
                    error = new InputError(path, InputProblem.NoStandardInput);
                }
            }
            else if (Directory.Exists(path))
            {
                input = OpenMaildir(path, out error);
            }
            else
            {
                file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
                input = Recognise(path, file, file, out error);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = Explain(path, e);
        }

        if (input is null)
        {
            file?.Dispose();
        }

        return input is not null;
    }

    private static OpenedInput? OpenMaildir(string path, out InputError? error)
    {
        error = MaildirFiles.IsMaildir(path)
            ? null
            : new InputError(path, InputProblem.NotAMaildir);
        return error is null ? new OpenedInput(path, InputKind.Maildir, Stream.Null, null, null, true) : null;
    }

    private static OpenedInput? Recognise(string path, Stream raw, FileStream? file, out InputError? error)
    {
        var head = new byte[InputRecogniser.HeadLength];
        var length = raw.ReadAtLeast(head, CompressionReader.MagicLength, throwOnEndOfStream: false);
        var compression = CompressionReader.Recognise(head.AsSpan(0, length));
        DecompressedStream? decompressed = null;
        var content = raw;
        if (compression != Compression.None)
        {
            decompressed = CompressionReader.Open(new PeekedStream(head.AsMemory(0, length), raw), compression);
            content = decompressed;
            head = new byte[InputRecogniser.HeadLength];
            length = 0;
        }

        length += content.ReadAtLeast(head.AsSpan(length), head.Length - length, throwOnEndOfStream: false);
        var kind = InputRecogniser.Recognise(head.AsSpan(0, length));
        if (kind is InputKind.Empty or InputKind.Unknown)
        {
            error = ExplainKind(path, kind, head.AsSpan(0, length), decompressed?.Damage);
            return null;
        }

        error = null;
        var canSeek = file is { CanSeek: true };
        if (canSeek && decompressed is null)
        {
            raw.Position = 0;
        }
        else
        {
            content = new PeekedStream(head.AsMemory(0, length), content);
        }

        return new OpenedInput(path, kind, content, raw, decompressed, file is not null)
        {
            Length = canSeek ? raw.Length : null,
            LastWritten = canSeek ? new DateTimeOffset(File.GetLastWriteTimeUtc(file!.SafeFileHandle), TimeSpan.Zero) : null,
        };
    }

    private static InputError ExplainKind(string path, InputKind kind, ReadOnlySpan<byte> head, string? damage) =>
        kind == InputKind.Empty ? (damage is null ? new InputError(path, InputProblem.Empty) : new InputError(path, InputProblem.Damaged, damage))
        : KnownContent.DescribeMagic(head) is { } known ? new InputError(path, InputProblem.NotMail, known)
        : KnownContent.LooksBinary(head) ? new InputError(path, InputProblem.NotMail, "binary data")
        : new InputError(path, InputProblem.NoPostfixLines, FirstLine(head));

    private static string FirstLine(ReadOnlySpan<byte> head)
    {
        var rest = head.TrimStart(" \t\r\n"u8);
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        return Encoding.UTF8.GetString(line[..Math.Min(line.Length, LongestShown)]) + (line.Length > LongestShown ? "..." : "");
    }

    private static InputError Explain(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(path, InputProblem.Missing),
        UnauthorizedAccessException => new(path, InputProblem.NoPermission),
        PathTooLongException or ArgumentException => new(path, InputProblem.BadName),
        _ => new(path, InputProblem.Other, e.Message.ReplaceLineEndings(" ")),
    };
}
