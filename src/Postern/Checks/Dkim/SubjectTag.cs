using MimeKit;

namespace Postern.Checks.Dkim;

/// <summary>The name of a mailing list that its server puts in brackets before a subject: <c>[talk] A letter</c>, <c>Re: [talk] A letter</c>.</summary>
internal static class SubjectTag
{
    // A tag stands at the beginning, behind one "Re: " of some language at most.
    private const int LatestStart = 8;
    private const int Longest = 80;

    /// <summary>True where the message has such a subject.</summary>
    public static bool IsIn(MimeMessage message) => message.Headers.FirstOrDefault(h => h.Id == HeaderId.Subject) is { } subject && Find(subject.RawValue) is not null;

    /// <summary>The raw value of a subject without its tag and the blanks behind it.</summary>
    public static byte[] Remove(byte[] value)
    {
        if (Find(value) is not { } tag)
        {
            return value;
        }

        var (start, length) = tag.GetOffsetAndLength(value.Length);
        return [.. value.AsSpan(0, start), .. value.AsSpan(start + length).TrimStart(" \t\r\n"u8)];
    }

    private static Range? Find(ReadOnlySpan<byte> value)
    {
        var start = value.IndexOf((byte)'[');
        var length = start < 0 ? -1 : value[start..].IndexOf((byte)']');
        return start is >= 0 and <= LatestStart && length is > 0 and <= Longest ? start..(start + length + 1) : null;
    }
}
