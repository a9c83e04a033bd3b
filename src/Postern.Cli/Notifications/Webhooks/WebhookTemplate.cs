using System.Text;
using System.Text.Json;
using Postern.Reports.Json;

namespace Postern.Cli.Notifications.Webhooks;

/// <summary>A body with placeholders. What is put in is escaped for JSON, and is not looked at for placeholders again.</summary>
/// <param name="text">The template.</param>
/// <param name="isJson">False where what is put in stays as it is.</param>
internal sealed class WebhookTemplate(string text, bool isJson)
{
    /// <summary>Puts values in the place of <c>{name}</c>; braces around anything else stay.</summary>
    public string Fill(IReadOnlyDictionary<string, string> values)
    {
        var result = new StringBuilder(text.Length + 256);
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0)
            {
                return result.Append(text, at, text.Length - at).ToString();
            }

            if (values.TryGetValue(text[(open + 1)..close], out var value))
            {
                result.Append(text, at, open - at).Append(isJson ? JsonEncodedText.Encode(value, JsonTexts.Encoder).ToString() : value);
                at = close + 1;
            }
            else
            {
                result.Append(text, at, open + 1 - at);
                at = open + 1;
            }
        }

        return result.ToString();
    }
}
