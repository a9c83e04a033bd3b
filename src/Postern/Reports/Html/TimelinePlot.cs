using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using Postern.Reports.Outlines;
using static Postern.Reports.Html.Markup;

namespace Postern.Reports.Html;

/// <summary>One layer of the columns.</summary>
/// <param name="Class">How it looks.</param>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its sessions, a number a column.</param>
internal sealed record TimelineLayer(string Class, string Name, long[] Columns);

/// <summary>Sessions over time as stacked columns: by verdict for the first screen, and by behaviour.</summary>
internal sealed class TimelinePlot
{
    private const int MostColumns = 120;
    private const int MostBehaviours = 9;
    private const int Left = 60;
    private const int Top = 12;
    private const int LowBottom = 116;
    private const int HighBottom = 268;
    private const int MarksRoom = 26;
    private const int LabelsRoom = 44;
    private readonly TextWriter _page;
    private readonly Timeline _timeline;
    private readonly IReportLanguage _language;
    private readonly int _merge;
    private readonly int _bottom;

    private TimelinePlot(TextWriter page, Timeline timeline, IReportLanguage language, int bottom)
    {
        (_page, _timeline, _language, _bottom) = (page, timeline, language, bottom);
        var longest = timeline.Rows.Values.Concat(timeline.Verdicts.Values).Select(static row => row.Length).DefaultIfEmpty(0).Max();
        _merge = Math.Max(1, (longest + MostColumns - 1) / MostColumns);
    }

    /// <summary>Draws the first screen's, low and without labels of its axes; nothing where nothing was seen.</summary>
    public static void WriteVerdicts(TextWriter page, Timeline timeline, IReportLanguage language) =>
        new TimelinePlot(page, timeline, language, LowBottom).WriteVerdicts();

    /// <summary>Draws the one by behaviour; nothing where nothing was seen.</summary>
    public static void WriteBehaviours(TextWriter page, Timeline timeline, IReportLanguage language) =>
        new TimelinePlot(page, timeline, language, HighBottom).WriteBehaviours();

    private TimeSpan Bucket => new(_timeline.Bucket.Ticks * _merge);

    private void WriteVerdicts()
    {
        var words = _language.Outline;
        var layers = PageClients.Verdicts.Where(verdict => _timeline.Verdicts.TryGetValue(verdict, out var row) && row.Any(static sessions => sessions > 0))
            .Select(verdict => new TimelineLayer(Palette.Class(verdict), FirstScreen.Name(verdict, words.Page), Merge(_timeline.Verdicts[verdict]))).ToList();
        Write("timeline", words.Page.Timeline, words.FormatTimelineNote(Bucket), layers, 2);
    }

    private void WriteBehaviours()
    {
        var rows = _timeline.Rows
            .Where(static row => row.Key != Behaviour.Delivered)
            .Select(row => (row.Key, Columns: Merge(row.Value)))
            .Where(static row => row.Columns.Any(static sessions => sessions > 0))
            .OrderByDescending(static row => row.Columns.Sum()).ThenBy(static row => row.Key).ToList();
        var layers = rows.Take(MostBehaviours).OrderBy(static row => row.Key)
            .Select(row => new TimelineLayer(Palette.Class(row.Key), _language.Name(row.Key), row.Columns)).ToList();
        // Those that have no look of their own are added up, so that no session vanishes from the picture.
        if (rows.Count > MostBehaviours)
        {
            layers.Add(new("other", _language.Words.OtherBehaviours, Sum(rows.Skip(MostBehaviours).Select(static row => row.Columns))));
        }

        Write("behaviours", _language.Words.PlotTimeline, _language.Join([_language.Words.PlotTimelineNote, _language.SayColumn(Bucket)]), layers, 3);
    }

    private void Write(string id, string title, string note, List<TimelineLayer> layers, int level)
    {
        if (layers.Count == 0)
        {
            return;
        }

        var isLabelled = _bottom == HighBottom;
        var totals = Sum(layers.Select(static layer => layer.Columns));
        var to = new LogTime(_timeline.From.UtcTicks + (Bucket.Ticks * totals.Length), _timeline.From.OffsetMinutes);
        Plot.Open(_page, id, title, note, _bottom + (isLabelled ? LabelsRoom : MarksRoom), level);
        var top = WriteScale(totals.Max());
        if (isLabelled)
        {
            _page.Write($"<text transform=\"translate(12 {(Top + _bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Safe(_language.Words.Sessions)}</text>\n");
        }

        Plot.WriteTimeAxis(_page, new TimeAxis(_timeline.From, to, Left, Plot.Width - Left), _timeline.From, Left, Top, _bottom, isLabelled ? _language : null);
        WriteColumns(layers, totals.Length, top);
        _page.Write($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Plot.Width}\" y1=\"{_bottom}\" y2=\"{_bottom}\"/>\n");
        Plot.Close(_page, layers.Select(static layer => (layer.Class, layer.Name)));
    }

    private long WriteScale(long highest)
    {
        var step = CountAxis.Step(Math.Max(1, highest));
        var top = (highest + step - 1) / step * step;
        for (long mark = 0; mark <= top; mark += step)
        {
            var y = _bottom - ((_bottom - Top) * (double)mark / top);
            _page.Write($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Plot.Width}\" y1=\"{Number(y)}\" y2=\"{Number(y)}\"/>");
            _page.Write($"<text x=\"{Left - 8}\" y=\"{Number(y + 4)}\" text-anchor=\"end\">{Safe(_language.Number(mark))}</text>\n");
        }

        return top;
    }

    private void WriteColumns(List<TimelineLayer> layers, int count, long top)
    {
        var width = (double)(Plot.Width - Left) / count;
        for (var i = 0; i < count; i++)
        {
            long below = 0;
            var start = new LogTime(_timeline.From.UtcTicks + (Bucket.Ticks * i), _timeline.From.OffsetMinutes);
            foreach (var layer in layers)
            {
                if (i >= layer.Columns.Length || layer.Columns[i] == 0)
                {
                    continue;
                }

                var sessions = layer.Columns[i];
                below += sessions;
                var y = _bottom - ((_bottom - Top) * (double)below / top);
                var height = (_bottom - Top) * (double)sessions / top;
                _page.Write($"<rect class=\"bar {layer.Class}\" x=\"{Number(Left + (i * width) + 0.5)}\" y=\"{Number(y)}\" width=\"{Number(Math.Max(0.6, width - 1))}\" height=\"{Number(Math.Max(0.5, height))}\">");
                _page.Write($"<title>{Safe(Moments.Stamp(start))} {Safe(layer.Name)}: {Safe(_language.Sessions(sessions))}</title></rect>\n");
            }
        }
    }

    private long[] Merge(int[] row)
    {
        var columns = new long[(row.Length + _merge - 1) / _merge];
        for (var i = 0; i < row.Length; i++)
        {
            columns[i / _merge] += Math.Max(0, row[i]);
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
