using System.Buffers;
using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// Writes the form of a message: its plain words, with <c>HOST[IP]</c>, <c>IP</c>, <c>HOST</c>, <c>PATH</c>, <c>N</c> and
/// <c>QUEUEID</c> for what differs from line to line. From the first thing on that a client may have written (what follows its
/// address and a colon, a quotation, an address of mail, a word that is not plain) all is <c>TEXT</c>.
/// </summary>
internal static class FormWriter
{
    /// <summary>The longest form, in characters.</summary>
    public const int Longest = 160;

    private const int LongestWord = 24;
    private static readonly SearchValues<byte> s_plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"u8);
    private static readonly SearchValues<byte> s_number = SearchValues.Create("0123456789./+-"u8);
    private static readonly SearchValues<byte> s_name = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."u8);

    /// <summary>Writes the form.</summary>
    /// <param name="message">The message.</param>
    /// <param name="into">At least <see cref="Longest"/> characters.</param>
    /// <returns>How many were written.</returns>
    public static int Write(ReadOnlySpan<byte> message, Span<char> into)
    {
        var written = 0;
        var rest = message;
        while (true)
        {
            rest = rest.TrimStart((byte)' ');
            if (rest.IsEmpty)
            {
                return written;
            }

            if (written > 0 && !Append(" ", into, ref written))
            {
                return written;
            }

            if (!WriteWord(ref rest, written == 0 || IsWarning(into[..written]), into, ref written))
            {
                return written;
            }
        }
    }

    // False ends the form.
    private static bool WriteWord(ref ReadOnlySpan<byte> rest, bool isFirst, Span<char> into, ref int written)
    {
        var client = ClientField.Read(rest, out _, out var host, out var port);
        if (client > 0)
        {
            Append(host > 0 ? "HOST[IP]" : "[IP]", into, ref written);
            Append(port > 0 ? ":N" : "", into, ref written);
            rest = rest[client..];
            if (rest.StartsWith(":"u8))
            {
                Append(": TEXT", into, ref written);
                return false;
            }

            // A comma or the like that follows belongs to the field; anything else is no form of Postfix's.
            rest = rest.TrimStart(",;"u8);
            return rest.IsEmpty || rest[0] == ' ';
        }

        var end = rest.IndexOf((byte)' ');
        var word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..];
        var bare = word.TrimEnd(",:;."u8);
        var tail = word[bare.Length..];
        var form = FormOf(bare, isFirst && tail.SequenceEqual(":"u8));
        if (form is null)
        {
            foreach (var c in word)
            {
                if (written < Longest)
                {
                    into[written++] = (char)c;
                }
            }

            return written < Longest;
        }

        Append(form, into, ref written);
        if (string.Equals(form, "TEXT", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var c in tail)
        {
            if (written < Longest)
            {
                into[written++] = (char)c;
            }
        }

        return written < Longest;
    }

    // Null where the word stands for itself.
    private static string? FormOf(ReadOnlySpan<byte> word, bool mayBeQueueId)
    {
        if (word.IsEmpty || word.Length > 255)
        {
            return "TEXT";
        }

        if (word.IndexOfAnyExcept(s_plain) < 0)
        {
            return word.Length <= LongestWord ? null : "TEXT";
        }

        if (mayBeQueueId && word.Length >= 5 && QueueGrammar.IsQueueId(word))
        {
            return "QUEUEID";
        }

        if (ClientAddress.TryParse(word, out _))
        {
            return "IP";
        }

        if (word.IndexOfAnyExcept(s_number) < 0)
        {
            return "N";
        }

        if (word[0] == '/' || TableNames.Leads(word) || word.StartsWith("private/"u8) || word.StartsWith("public/"u8))
        {
            return "PATH";
        }

        return word.IndexOfAnyExcept(s_name) < 0 && word.IndexOf((byte)'.') > 0 ? "HOST" : "TEXT";
    }

    private static bool IsWarning(ReadOnlySpan<char> written) => written is "warning: ";

    private static bool Append(string text, Span<char> into, ref int written)
    {
        if (written + text.Length > Longest)
        {
            return false;
        }

        text.CopyTo(into[written..]);
        written += text.Length;
        return true;
    }
}
