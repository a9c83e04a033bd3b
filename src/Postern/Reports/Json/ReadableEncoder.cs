using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Postern.Reports.Content;

namespace Postern.Reports.Json;

/// <summary>
/// Escapes in JSON what JSON demands, and what <see cref="SafeText"/> spells out for a terminal's sake. All else stays as it is: the
/// framework's encoders also escape <c>+</c>, <c>&lt;</c> and <c>'</c>, for pages of HTML that these documents never are part of.
/// </summary>
internal sealed class ReadableEncoder : JavaScriptEncoder
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        [.. Enumerable.Range(' ', 0x7F - ' ').Select(static code => (char)code).Where(static c => c is not ('"' or '\\'))]);

    private static readonly SearchValues<byte> s_plainBytes = SearchValues.Create(
        [.. Enumerable.Range(' ', 0x7F - ' ').Select(static code => (byte)code).Where(static c => c is not ((byte)'"' or (byte)'\\'))]);

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => 6;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is '"' or '\\' or < ' ' || SafeText.IsUnfit(new Rune(unicodeScalar));

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        for (var i = span.IndexOfAnyExcept(s_plain); i >= 0 && i < span.Length;)
        {
            if (Rune.DecodeFromUtf16(span[i..], out var rune, out var length) != OperationStatus.Done || WillEncode(rune.Value))
            {
                return i;
            }

            i += length;
        }

        return -1;
    }

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) =>
        utf8Text.IndexOfAnyExcept(s_plainBytes) < 0 ? -1 : base.FindFirstCharacterToEncodeUtf8(utf8Text);

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var escaped = Escape(unicodeScalar);
        numberOfCharactersWritten = 0;
        if (!escaped.AsSpan().TryCopyTo(new Span<char>(buffer, bufferLength)))
        {
            return false;
        }

        numberOfCharactersWritten = escaped.Length;
        return true;
    }

    private static string Escape(int scalar) => scalar switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => string.Concat(new Rune(scalar).ToString().Select(static c => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"))),
    };
}
