using System.Globalization;
using System.Text;

namespace Postern.Checks;

/// <summary>Makes text that a client or a foreign zone wrote safe to show: printable ASCII, bounded length.</summary>
internal static class Show
{
    /// <summary>The text with everything but printable ASCII escaped.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="most">So many characters are shown.</param>
    public static string Text(string text, int most = 120)
    {
        if (text.Length <= most && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var shown = new StringBuilder(most + 4);
        foreach (var c in text)
        {
            if (shown.Length >= most)
            {
                return shown.Append('…').ToString();
            }

            if (c is >= ' ' and <= '~')
            {
                shown.Append(c);
            }
            else
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            }
        }

        return shown.ToString();
    }
}
