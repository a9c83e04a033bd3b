using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using static Postern.Reports.Html.Markup;

namespace Postern.Reports.Html;

/// <summary>Sessions over time as stacked columns, one look a behaviour.</summary>
internal static class TimelinePlot
{
    private const int MostColumns = 120;
    private const int MostBehaviours = 9;
    private const int Left = 60;
    private const int Top = 12;
    private const int Bottom = 268;
    private const int Height = 312;

    /// <summary>Draws it; nothing where nothing was seen.</summary>
    public static void Write(TextWriter page, Timeline timeline, IReportLanguage language)
    {
        var merge = Math.Max(1, (Longest(timeline) + MostColumns - 1) / MostColumns);
        var rows = timeline.Rows
            .Where(row => row.Key != Behaviour.Delivered)
            .Select(row => (row.Key, Columns: Merge(row.Value, merge)))
            .Where(row => row.Columns.Any(sessions => sessions > 0))
            .OrderByDescending(row => row.Columns.Sum()).ThenBy(row => row.Key).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        // Those that have no look of their own are added up, so that no session vanishes from the picture.
        var layers = rows.Take(MostBehaviours).OrderBy(row => row.Key)
            .Select(row => (Class: Palette.Class(row.Key), Name: language.Name(row.Key), row.Columns)).ToList();
        if (rows.Count > MostBehaviours)
        {
            layers.Add(("other", language.Words.OtherBehaviours, Sum(rows.Skip(MostBehaviours).Select(row => row.Columns))));
        }

        var totals = Sum(layers.Select(layer => layer.Columns));
        var bucket = new TimeSpan(timeline.Bucket.Ticks * merge);
        var to = new LogTime(timeline.From.UtcTicks + (bucket.Ticks * totals.Length), timeline.From.OffsetMinutes);
        var note = language.Join([language.Words.PlotTimelineNote, language.SayColumn(bucket)]);
        Plot.Open(page, "timeline", language.Words.PlotTimeline, note, Height);
        var top = WriteScale(page, totals.Max(), language);
        Plot.WriteTimeAxis(page, new TimeAxis(timeline.From, to, Left, Plot.Width - Left), timeline.From, Left, Top, Bottom, language);
        WriteColumns(page, layers, totals.Length, top, timeline.From, bucket, language);
        page.Write($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Plot.Width}\" y1=\"{Bottom}\" y2=\"{Bottom}\"/>\n");
        Plot.Close(page, layers.Select(layer => (layer.Class, layer.Name)));
    }

    private static long WriteScale(TextWriter page, long highest, IReportLanguage language)
    {
        var step = CountAxis.Step(Math.Max(1, highest));
        var top = (highest + step - 1) / step * step;
        for (long mark = 0; mark <= top; mark += step)
        {
            var y = Bottom - ((Bottom - Top) * (double)mark / top);
            page.Write($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Plot.Width}\" y1=\"{Number(y)}\" y2=\"{Number(y)}\"/>");
            page.Write($"<text x=\"{Left - 8}\" y=\"{Number(y + 4)}\" text-anchor=\"end\">{Safe(language.Number(mark))}</text>\n");
        }

        page.Write($"<text transform=\"translate(12 {(Top + Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Safe(language.Words.Sessions)}</text>\n");
        return top;
    }

    private static void WriteColumns(
        TextWriter page, List<(string Class, string Name, long[] Columns)> layers, int count, long top, LogTime from, TimeSpan bucket, IReportLanguage language)
    {
        var width = (double)(Plot.Width - Left) / count;
        for (var i = 0; i < count; i++)
        {
            long below = 0;
            var start = new LogTime(from.UtcTicks + (bucket.Ticks * i), from.OffsetMinutes);
            foreach (var layer in layers)
            {
                if (i >= layer.Columns.Length || layer.Columns[i] == 0)
                {
                    continue;
                }

                var sessions = layer.Columns[i];
                below += sessions;
                var y = Bottom - ((Bottom - Top) * (double)below / top);
                var height = (Bottom - Top) * (double)sessions / top;
                page.Write($"<rect class=\"bar {layer.Class}\" x=\"{Number(Left + (i * width) + 0.5)}\" y=\"{Number(y)}\" width=\"{Number(Math.Max(0.6, width - 1))}\" height=\"{Number(Math.Max(0.5, height))}\">");
                page.Write($"<title>{Safe(Moments.Stamp(start))} {Safe(layer.Name)}: {Safe(language.Sessions(sessions))}</title></rect>\n");
            }
        }
    }

    private static int Longest(Timeline timeline) => timeline.Rows.Values.Select(row => row.Length).DefaultIfEmpty(0).Max();

    private static long[] Merge(int[] row, int merge)
    {
        var columns = new long[(row.Length + merge - 1) / merge];
        for (var i = 0; i < row.Length; i++)
        {
            columns[i / merge] += Math.Max(0, row[i]);
        }

        return columns;
    }

    private static long[] Sum(IEnumerable<long[]> rows)
    {
        var all = rows.ToList();
        var sum = new long[all.Max(row => row.Length)];
        foreach (var row in all)
        {
            for (var i = 0; i < row.Length; i++)
            {
                sum[i] += row[i];
            }
        }

        return sum;
    }
}
