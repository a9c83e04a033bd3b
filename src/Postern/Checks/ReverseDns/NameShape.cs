namespace Postern.Checks.ReverseDns;

/// <summary>
/// Forms in which providers number their lines, beside the address itself: serial numbers, hardware addresses, and one name for a
/// whole pool. The rules of S25R, by which Japan's servers tell home lines, are the model; alone they also fit many mail servers.
/// </summary>
internal static class NameShape
{
    private const int SerialDigits = 5;
    private const int HardwareDigits = 12;

    /// <summary>Why a name below a provider's domain is one of its lines; null where it may be a machine of the provider's own.</summary>
    public static string? OfLine(string local)
    {
        var first = local.AsSpan(0, local.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? dot : local.Length);
        return HoldsHardwareAddress(local) ? "it contains a hardware address"
            : LongestDigits(local) >= SerialDigits ? "it contains a serial number"
            : CountNumbers(local) >= 3 ? "it is numbered"
            : local.Length > 0 && (char.IsAsciiDigit(local[0]) || HoldsHex(first)) ? "it is numbered"
            : null;
    }

    /// <summary>True for twelve hexadecimal digits that stand alone, also in pairs: <c>00-1a-2b-3c-4d-5e</c>.</summary>
    public static bool HoldsHardwareAddress(string name)
    {
        int hex = 0, letters = 0, digits = 0, groups = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            var c = i < name.Length ? name[i] : '\0';
            if (char.IsAsciiHexDigit(c))
            {
                hex++;
                letters += char.IsAsciiDigit(c) ? 0 : 1;
                digits += char.IsAsciiDigit(c) ? 1 : 0;
                continue;
            }

            if (c is '-' or '_' && hex % 2 == 0 && hex is > 0 and < HardwareDigits && i > 1 && char.IsAsciiHexDigit(name[i - 1]) && char.IsAsciiHexDigit(name[i - 2]))
            {
                groups++;
                continue;
            }

            if (hex == HardwareDigits && letters > 0 && digits > 1 && groups is (0 or 2 or 5))
            {
                return true;
            }

            (hex, letters, digits, groups) = (0, 0, 0, 0);
        }

        return false;
    }

    /// <summary>True for a first label that is a serial number with at most three letters before it: <c>s1234567</c>.</summary>
    public static bool IsSerial(string name)
    {
        var letters = name.AsSpan().IndexOfAnyExceptInRange('a', 'z');
        if (letters is < 0 or > 3)
        {
            return false;
        }

        var rest = name.AsSpan(letters);
        var end = rest.IndexOfAnyExceptInRange('0', '9');
        return (end < 0 ? rest.Length : end) > SerialDigits && (end < 0 || rest[end] == '.');
    }

    private static int LongestDigits(string name)
    {
        int longest = 0, run = 0;
        foreach (var c in name)
        {
            run = char.IsAsciiDigit(c) ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private static int CountNumbers(string name)
    {
        var count = 0;
        for (var i = 0; i < name.Length; i++)
        {
            count += char.IsAsciiDigit(name[i]) && (i == 0 || !char.IsAsciiDigit(name[i - 1])) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Seven hexadecimal digits or more at the end of a label, letters and digits among them: an address, or a part of it.</summary>
    private static bool HoldsHex(ReadOnlySpan<char> label)
    {
        int hex = 0, digits = 0;
        for (var i = label.Length - 1; i >= 0 && char.IsAsciiHexDigit(label[i]); i--)
        {
            hex++;
            digits += char.IsAsciiDigit(label[i]) ? 1 : 0;
        }

        return hex >= 7 && digits >= 3;
    }
}
