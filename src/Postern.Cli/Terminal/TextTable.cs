using System.Text;
using Postern.Reports.Content;

namespace Postern.Cli.Terminal;

/// <summary>A plain table of aligned columns: text to the left, numbers to the right.</summary>
/// <param name="heads">The names of the columns; one that begins with <c>&gt;</c> is of numbers.</param>
internal sealed class TextTable(params string[] heads)
{
    private const string Between = "  ";
    private const int LeastCut = 8;

    private readonly List<string[]> _rows = [[.. heads.Select(static head => head.TrimStart('>'))]];

    /// <summary>One more row; its cells are fit to be shown.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes it with a blank line behind; nothing where it has no rows.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="widest">The widest line: columns of text are cut, the widest first, until it holds.</param>
    public void WriteTo(StringBuilder text, int widest = int.MaxValue)
    {
        if (_rows.Count == 1)
        {
            return;
        }
        // A column that is empty all the way down says nothing.
        var shown = Enumerable.Range(0, heads.Length).Where(column => _rows.Skip(1).Any(row => row[column].Length > 0)).ToArray();
        var widths = Widths(shown, widest);
        foreach (var row in _rows)
        {
            var line = new StringBuilder();
            for (var i = 0; i < shown.Length; i++)
            {
                var cell = Cells.Of(row[shown[i]]) <= widths[i] ? row[shown[i]] : SafeText.Short(row[shown[i]], widths[i]);
                var pad = new string(' ', widths[i] - Cells.Of(cell));
                line.Append(heads[shown[i]][0] == '>' ? pad + cell : cell + pad).Append(Between);
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        text.Append('\n');
    }

    private int[] Widths(int[] shown, int widest)
    {
        var widths = shown.Select(column => _rows.Max(row => Cells.Of(row[column]))).ToArray();
        for (var excess = widths.Sum() + (Between.Length * (long)(widths.Length - 1)) - widest; excess > 0;)
        {
            var longest = Enumerable.Range(0, widths.Length).Where(i => heads[shown[i]][0] != '>').MaxBy(i => widths[i]);
            var cut = (int)Math.Min(excess, widths[longest] - LeastCut);
            if (cut <= 0)
            {
                break;
            }

            widths[longest] -= cut;
            excess -= cut;
        }

        return widths;
    }
}
