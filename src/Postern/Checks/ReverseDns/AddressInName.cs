using System.Globalization;
using Postern.Facts;

namespace Postern.Checks.ReverseDns;

/// <summary>How much of an address a name contains.</summary>
internal enum AddressPart : byte
{
    /// <summary>Nothing of it.</summary>
    None,
    /// <summary>Its last two parts.</summary>
    End,
    /// <summary>Three of its four parts, or the half of an IPv6 address.</summary>
    Most,
    /// <summary>All of it.</summary>
    Whole,
}

/// <summary>
/// Finds an address in a name in the spellings that providers use: dotted, dashed, run together with padding, in either
/// order, as one decimal number, in hexadecimal, or a part of it.
/// </summary>
internal static class AddressInName
{
    // Four parts of three digits.
    private const int LongestAddress = 12;

    /// <summary>The runs of letters of a name.</summary>
    public static IEnumerable<string> Words(string name)
    {
        for (var i = 0; i < name.Length;)
        {
            var start = i;
            while (i < name.Length && char.IsAsciiLetter(name[i]))
            {
                i++;
            }

            if (i > start)
            {
                yield return name[start..i];
            }
            else
            {
                i++;
            }
        }
    }

    /// <summary>How much of the address the name contains; the name in lower case.</summary>
    public static AddressPart Find(string name, ClientAddress client) => client.IsIPv4 ? FindIPv4(name, (uint)client.Low) : FindIPv6(name, client);

    private static AddressPart FindIPv4(string name, uint address)
    {
        // Spans in place of strings: a log may name a quarter of a million clients, and each name is looked through here two or three times.
        ReadOnlySpan<int> octets = [(int)(address >> 24), (int)((address >> 16) & 255), (int)((address >> 8) & 255), (int)(address & 255)];
        ReadOnlySpan<int> reversed = [octets[3], octets[2], octets[1], octets[0]];
        Span<char> room = stackalloc char[6 * LongestAddress];
        var padded = Join(octets, "D3", room);
        var paddedReversed = Join(reversed, "D3", room[LongestAddress..]);
        var hex = Join(octets, "x2", room[(2 * LongestAddress)..]);
        var hexReversed = Join(reversed, "x2", room[(3 * LongestAddress)..]);
        var runTogether = Join(octets, "", room[(4 * LongestAddress)..]);
        address.TryFormat(room[(5 * LongestAddress)..], out var digits, default, CultureInfo.InvariantCulture);
        var decimalNumber = room.Slice(5 * LongestAddress, digits);
        var packed = name.Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        if (name.AsSpan().IndexOf(padded) >= 0 || name.AsSpan().IndexOf(paddedReversed) >= 0
            || ContainsToken(packed, hex) || ContainsToken(packed, hexReversed)
            || (address > 0x0FFF_FFFF && ContainsNumber(name, decimalNumber))
            || (runTogether.Length > 7 && ContainsNumber(name, runTogether)))
        {
            return AddressPart.Whole;
        }

        var numbers = Numbers(name);
        if (Contains(numbers, octets) || Contains(numbers, reversed) || ContainsInOrder(numbers, octets) || ContainsInOrder(numbers, reversed))
        {
            return AddressPart.Whole;
        }

        if (Contains(numbers, octets[..3]) || Contains(numbers, octets[1..]) || Contains(numbers, reversed[..3]) || Contains(numbers, reversed[1..])
            || name.AsSpan().IndexOf(padded[3..]) >= 0 || name.AsSpan().IndexOf(padded[..9]) >= 0)
        {
            return AddressPart.Most;
        }

        return Contains(numbers, octets[2..]) || Contains(numbers, reversed[..2]) || ContainsNumber(name, padded[6..])
            ? AddressPart.End
            : AddressPart.None;
    }

    private static ReadOnlySpan<char> Join(ReadOnlySpan<int> octets, ReadOnlySpan<char> format, Span<char> room)
    {
        var length = 0;
        foreach (var octet in octets)
        {
            octet.TryFormat(room[length..], out var written, format, CultureInfo.InvariantCulture);
            length += written;
        }

        return room[..length];
    }

    private static AddressPart FindIPv6(string name, ClientAddress client)
    {
        var nibbles = client.High.ToString("x16", CultureInfo.InvariantCulture) + client.Low.ToString("x16", CultureInfo.InvariantCulture);
        var backwards = new string([.. nibbles.Reverse()]);
        var packed = name.Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        if (packed.Contains(nibbles, StringComparison.Ordinal) || packed.Contains(backwards, StringComparison.Ordinal))
        {
            return AddressPart.Whole;
        }
        // Written in groups without their zeros: 2001-db8-0-1--25.
        var groups = Enumerable.Range(0, 8).Select(i => nibbles.Substring(i * 4, 4).TrimStart('0')).Where(g => g.Length > 0).ToArray();
        if (groups.Length > 2)
        {
            var tokens = name.Split('-', '.', '_').Select(t => t.TrimStart('0')).Where(t => t.Length > 0).ToArray();
            var found = LongestRun(tokens, groups);
            if (found == groups.Length)
            {
                return AddressPart.Whole;
            }

            if (found >= 3)
            {
                return AddressPart.Most;
            }
        }

        return packed.Contains(nibbles[16..], StringComparison.Ordinal) || packed.Contains(backwards[..16], StringComparison.Ordinal) ? AddressPart.Most
            : groups.Length > 0 && nibbles[^4] != '0' && packed.Contains(nibbles[^8..], StringComparison.Ordinal) ? AddressPart.End
            : AddressPart.None;
    }

    private static int LongestRun(string[] tokens, string[] groups)
    {
        var longest = 0;
        for (var t = 0; t < tokens.Length; t++)
        {
            for (var g = 0; g < groups.Length; g++)
            {
                var length = 0;
                while (t + length < tokens.Length && g + length < groups.Length && tokens[t + length].EndsWith(groups[g + length], StringComparison.Ordinal)
                    && tokens[t + length].AsSpan(0, tokens[t + length].Length - groups[g + length].Length).IndexOfAnyInRange('0', '9') < 0)
                {
                    length++;
                }

                longest = Math.Max(longest, length);
            }
        }

        return longest;
    }

    /// <summary>The numbers of a name with the place where each starts and ends; those over 255 break a sequence.</summary>
    private static List<(int Value, int Start, int End)> Numbers(string name)
    {
        var numbers = new List<(int, int, int)>();
        for (var i = 0; i < name.Length;)
        {
            var start = i;
            while (i < name.Length && char.IsAsciiDigit(name[i]))
            {
                i++;
            }

            if (i > start)
            {
                numbers.Add((i - start <= 3 ? int.Parse(name.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture) : -1, start, i));
            }
            else
            {
                i++;
            }
        }

        return numbers;
    }

    /// <summary>True where the values stand next to each other with one character between them.</summary>
    private static bool Contains(List<(int Value, int Start, int End)> numbers, ReadOnlySpan<int> values)
    {
        for (var i = 0; i + values.Length <= numbers.Count; i++)
        {
            var k = 0;
            while (k < values.Length && numbers[i + k].Value == values[k] && (k == 0 || numbers[i + k].Start - numbers[i + k - 1].End == 1))
            {
                k++;
            }

            if (k == values.Length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where all values come in this order, with anything between: <c>198-51.pool.100-7</c>.</summary>
    private static bool ContainsInOrder(List<(int Value, int Start, int End)> numbers, ReadOnlySpan<int> values)
    {
        var next = 0;
        foreach (var number in numbers)
        {
            if (next < values.Length && number.Value == values[next])
            {
                next++;
            }
        }

        return next == values.Length;
    }

    /// <summary>True where the digits stand alone, not inside of a longer number.</summary>
    private static bool ContainsNumber(ReadOnlySpan<char> name, ReadOnlySpan<char> digits)
    {
        for (var from = 0; name[from..].IndexOf(digits) is >= 0 and var found; from += found + 1)
        {
            var at = from + found;
            var end = at + digits.Length;
            if ((at == 0 || !char.IsAsciiDigit(name[at - 1])) && (end == name.Length || !char.IsAsciiDigit(name[end])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where the hexadecimal digits do not go on to the right as a longer number.</summary>
    private static bool ContainsToken(ReadOnlySpan<char> name, ReadOnlySpan<char> hex)
    {
        var at = name.IndexOf(hex);
        return at >= 0 && hex.IndexOfAnyExcept('0') >= 0 && (at + hex.Length == name.Length || !char.IsAsciiDigit(name[at + hex.Length]) || at == 0);
    }
}
