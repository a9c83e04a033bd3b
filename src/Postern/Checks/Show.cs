using System.Globalization;
using System.Text;

namespace Postern.Checks;

/// <summary>Makes text that a client or a foreign zone wrote safe to show: printable ASCII, bounded length.</summary>
internal static class Show
{
    /// <summary>The text with everything but printable ASCII escaped, at most 120 characters.</summary>
    public static string Text(string text)
    {
        if (text.Length <= 120 && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var shown = new StringBuilder(124);
        foreach (var c in text)
        {
            if (shown.Length >= 120)
                return shown.Append('…').ToString();
            if (c is >= ' ' and <= '~')
                shown.Append(c);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
        }

        return shown.ToString();
    }
}
