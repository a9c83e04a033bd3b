namespace Postern.Classification.Behaviours;

/// <summary>
/// A reply of Postfix's, taken apart: <c>554 5.7.1 &lt;ADDRESS&gt;: WORDS; from=&lt;…&gt; to=&lt;…&gt; proto=ESMTP helo=&lt;…&gt;</c>
/// (smtpd_check.c). The address and all behind the words are the client's: nothing in them is ever taken for Postfix's words.
/// </summary>
internal readonly ref struct Reply
{
    private readonly ReadOnlySpan<byte> _enhanced;

    /// <summary>Reads a reply as a log or a transcript has it; postscreen parts the attributes with commas.</summary>
    /// <param name="text">The text.</param>
    /// <param name="code">The code, where the line has none of its own: cleanup logs only the enhanced one.</param>
    public Reply(ReadOnlySpan<byte> text, int code = 0)
    {
        Code = code;
        var rest = text.TrimStart((byte)' ');
        if (rest.StartsWith("helo=<"u8))
        {
            // header_checks (cleanup): the operator's words stand behind the HELO name.
            Helo = Take(ref rest, "helo=<"u8);
            rest = rest.TrimStart(": "u8);
        }

        if (rest.Length >= 3 && IsDigit(rest[0]) && IsDigit(rest[1]) && IsDigit(rest[2]))
        {
            Code = ((rest[0] - '0') * 100) + ((rest[1] - '0') * 10) + (rest[2] - '0');
            rest = rest[3..].TrimStart(" -"u8);
        }

        var enhanced = EnhancedLength(rest);
        _enhanced = rest[..enhanced];
        rest = rest[enhanced..].TrimStart((byte)' ');
        if (!rest.IsEmpty && rest[0] == '<' && EndOfAddress(rest) is > 0 and var end && rest[end..].StartsWith(": "u8))
        {
            Address = rest[1..(end - 1)];
            rest = rest[(end + 2)..];
        }

        var attributes = FirstOf(rest);
        Words = attributes < 0 ? rest : rest[..attributes];
        if (attributes >= 0)
        {
            var tail = rest[(attributes + 2)..];
            IsBounce = tail.StartsWith("from=<> "u8) || tail.StartsWith("from=<>,"u8);
            Sender = Take(ref tail, "from=<"u8);
            Recipient = Take(ref tail, "to=<"u8);
            var helo = tail.IndexOf("helo=<"u8);
            tail = helo < 0 ? default : tail[helo..];
            Helo = Helo.IsEmpty ? Take(ref tail, "helo=<"u8) : Helo;
        }
    }

    /// <summary>The reply code; 0 where there is none.</summary>
    public int Code { get; }

    /// <summary>What Postfix says behind the codes and the address.</summary>
    public ReadOnlySpan<byte> Words { get; }

    /// <summary>What the reply is about: a recipient, a sender, a HELO name; empty where it names nothing.</summary>
    public ReadOnlySpan<byte> Address { get; }

    /// <summary>The sender's address, where the line tells it.</summary>
    public ReadOnlySpan<byte> Sender { get; }

    /// <summary>True where the sender is the empty one, as that of every bounce and of a check whether an address exists.</summary>
    public bool IsBounce { get; }

    /// <summary>The recipient's address, where the line tells it.</summary>
    public ReadOnlySpan<byte> Recipient { get; }

    /// <summary>The HELO name, where the line tells it.</summary>
    public ReadOnlySpan<byte> Helo { get; }

    /// <summary>True for 4xx.</summary>
    public bool IsTemporary => Code is >= 400 and < 500;

    /// <summary>True where the enhanced status code (RFC 3463) starts so.</summary>
    public bool IsEnhanced(ReadOnlySpan<byte> start) => _enhanced.StartsWith(start);

    /// <summary>True where the words hold these.</summary>
    public bool Says(ReadOnlySpan<byte> words) => Words.IndexOf(words) >= 0;

    private static int FirstOf(ReadOnlySpan<byte> text)
    {
        var first = -1;
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOf("; "u8);
            if (next < 0)
            {
                break;
            }

            at += next;
            var name = text[(at + 2)..];
            if (name.StartsWith("from=<"u8) || name.StartsWith("to=<"u8) || name.StartsWith("proto="u8))
            {
                first = at;
                break;
            }

            at += 2;
        }

        return first;
    }

    // "from=<ADDRESS>" and what parts it from the next.
    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        if (!text.StartsWith(name))
        {
            return default;
        }

        var end = EndOfAddress(text[(name.Length - 1)..]);
        if (end <= 0)
        {
            return default;
        }

        var value = text[name.Length..(name.Length + end - 2)];
        text = text[(name.Length - 1 + end)..].TrimStart(", "u8);
        return value;
    }

    // Behind the ">" that ends the address; a quoted local part (RFC 5321, 4.1.2) may hold any character.
    private static int EndOfAddress(ReadOnlySpan<byte> text)
    {
        var at = 1;
        if (at < text.Length && text[at] == '"' && EndOfQuoted(text, at) is > 0 and var behind)
        {
            at = behind;
        }

        var end = text[at..].IndexOf((byte)'>');
        return end < 0 ? 0 : at + end + 1;
    }

    private static int EndOfQuoted(ReadOnlySpan<byte> text, int quote)
    {
        for (var i = quote + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static int EnhancedLength(ReadOnlySpan<byte> text)
    {
        var length = 0;
        var dots = 0;
        while (length < text.Length && (IsDigit(text[length]) || text[length] == '.'))
        {
            dots += text[length] == '.' ? 1 : 0;
            length++;
        }

        return dots == 2 && length >= 5 && length < text.Length && text[length] == ' ' ? length : 0;
    }

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';
}
