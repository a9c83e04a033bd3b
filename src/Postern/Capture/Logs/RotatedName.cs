using System.Buffers;

namespace Postern.Capture.Logs;

/// <summary>What the name of a rotated log says of its age: logrotate's number, its date (<c>dateext</c>), newsyslog's <c>.0</c>.</summary>
/// <param name="Key">The number, or the date.</param>
/// <param name="IsNumber">True for a number: the higher, the older; a date is the older, the smaller it is.</param>
/// <param name="IsPacked">True for a compressed copy.</param>
internal readonly record struct RotatedName(string Key, bool IsNumber, bool IsPacked)
{
    private static readonly SearchValues<char> s_dateLetters = SearchValues.Create("0123456789-_.:T");
    private static readonly string[] s_packed = [".gz", ".xz", ".zst"];

    /// <summary>Reads a name as one of that log: <c>mail.log.1</c>, <c>mail.log.2.gz</c>, <c>mail.log-20261125</c>, <c>mail-20261125.log</c>.</summary>
    public static bool TryRead(string log, string file, out RotatedName name)
    {
        name = default;
        var packed = Array.Find(s_packed, end => file.EndsWith(end, StringComparison.Ordinal));
        ReadOnlySpan<char> plain = packed is null ? file : file.AsSpan(0, file.Length - packed.Length);
        ReadOnlySpan<char> key;
        var extension = Path.GetExtension(log);
        if (plain.StartsWith(log, StringComparison.Ordinal))
        {
            key = plain[log.Length..];
        }
        else if (extension.Length > 0 && plain.EndsWith(extension, StringComparison.Ordinal) && plain.StartsWith(log.AsSpan(0, log.Length - extension.Length), StringComparison.Ordinal))
        {
            key = plain[(log.Length - extension.Length)..^extension.Length];
        }
        else
        {
            return false;
        }

        if (key.Length < 2 || key[0] is not ('.' or '-' or '_'))
        {
            return false;
        }

        key = key[1..];
        if (key is "old" or "prev" or "bak")
        {
            key = "1";
        }

        if (!char.IsAsciiDigit(key[0]) || key.IndexOfAnyExcept(s_dateLetters) >= 0)
        {
            return false;
        }

        var isNumber = key.Length <= 5 && key.IndexOfAnyExceptInRange('0', '9') < 0;
        name = new RotatedName(isNumber ? key.ToString().PadLeft(5, '0') : key.ToString(), isNumber, packed is not null);
        return true;
    }

    /// <summary>True for what looks like a rotated or packed copy of whatever log, and so is no log of its own.</summary>
    public static bool IsCopy(string file)
    {
        var end = Path.GetExtension(file);
        return end is ".gz" or ".xz" or ".zst" or ".bz2" || (end.Length > 1 && end.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)
            || IsDated(file) || IsDated(Path.GetFileNameWithoutExtension(file));
    }

    private static bool IsDated(string name) =>
        name.LastIndexOf('-') is var dash and > 0 && name.Length - dash >= 9 && name.AsSpan(dash + 1).IndexOfAnyExceptInRange('0', '9') < 0;
}
