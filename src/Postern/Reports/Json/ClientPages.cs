using System.Buffers;
using System.Text.Json;
using Postern.Facts;
using Postern.Reports.Languages;

namespace Postern.Reports.Json;

/// <summary>
/// The clients of the report for programs. Most of it is they, and each stands for itself: they are written on all processors, a page
/// each, and the pages follow each other in their order, straight into the stream.
/// </summary>
internal static class ClientPages
{
    private const int PageLength = 64;
    private const int PagesAtOnce = 16;

    /// <summary>Writes the array's items, and the commas between them.</summary>
    public static void Write(IReadOnlyList<ClientFinding> clients, Stream output, IReportLanguage language)
    {
        var pages = new Page?[PagesAtOnce];
        for (var first = 0; first < clients.Count; first += PagesAtOnce * PageLength)
        {
            var start = first;
            var filled = Math.Min(PagesAtOnce, (clients.Count - start + PageLength - 1) / PageLength);
            Parallel.For(0, filled, page => (pages[page] ??= new Page(language)).Fill(clients, start + (page * PageLength)));
            for (var page = 0; page < filled; page++)
            {
                if (start + page > 0)
                {
                    output.WriteByte((byte)',');
                }

                output.Write(pages[page]!.Text);
            }
        }
    }

    private sealed class Page(IReportLanguage language)
    {
        private readonly ArrayBufferWriter<byte> _text = new();
        private readonly ClientTails _tails = new(language);

        // Without the brackets of the page's own array.
        public ReadOnlySpan<byte> Text => _text.WrittenSpan[1..^1];

        public void Fill(IReadOnlyList<ClientFinding> clients, int first)
        {
            _text.ResetWrittenCount();
            using var json = new Utf8JsonWriter(_text, JsonTexts.Options);
            json.WriteStartArray();
            for (var i = first; i < Math.Min(clients.Count, first + PageLength); i++)
            {
                ClientJson.Write(json, clients[i], _tails);
            }

            json.WriteEndArray();
        }
    }
}
