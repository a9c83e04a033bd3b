using System.Text;
using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>
/// Finds addresses that are made to look like a line of the log, so that a careless filter bans somebody else:
/// <c>MAIL FROM:&lt;"[192.0.2.8]: 502 5.5.2"@b.c&gt;</c>. A genuine address may be at a literal
/// (<c>user@[192.0.2.8]</c>), but never goes on after it with a colon.
/// </summary>
internal static class InjectionReader
{
    /// <summary>The address that is to be banned, or null where there is no such try.</summary>
    public static string? Of(ReadOnlySpan<byte> text, ClientAddress client)
    {
        for (var open = text.IndexOf((byte)'['); open >= 0;)
        {
            var rest = text[(open + 1)..];
            var close = rest.IndexOf("]:"u8);
            if (close < 0)
            {
                return null;
            }

            if (close is > 1 and < 48 && ClientAddress.TryParse(rest[..close], out var named) && named != client)
            {
                return Encoding.ASCII.GetString(rest[..close]);
            }

            var next = rest.IndexOf((byte)'[');
            open = next < 0 ? -1 : open + 1 + next;
        }

        return null;
    }
}
