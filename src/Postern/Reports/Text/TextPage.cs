using Postern.Reports.Content;

namespace Postern.Reports.Text;

/// <summary>The colours of a text report.</summary>
internal enum Ink
{
    /// <summary>As the terminal has it.</summary>
    Plain,
    /// <summary>Bold.</summary>
    Strong,
    /// <summary>Less important.</summary>
    Faint,
    /// <summary>To be banned.</summary>
    Bad,
    /// <summary>To be watched.</summary>
    Doubtful,
    /// <summary>To be protected.</summary>
    Good,
}

/// <summary>
/// Writes lines that are never wider than the page. Every text passes <see cref="SafeText"/> here, whatever it is, so that
/// nothing a client wrote can reach the terminal as a control.
/// </summary>
internal sealed class TextPage(TextWriter output, TextStyle style)
{
    /// <summary>Cells a line.</summary>
    public int Width { get; } = Math.Clamp(style.Width, TextStyle.NarrowestLine, TextStyle.WidestLine);

    /// <summary>An empty line.</summary>
    public void Blank() => output.Write('\n');

    /// <summary>A heading with a line under it.</summary>
    public void Heading(string text)
    {
        Blank();
        Paragraph(text, 0, 0, Ink.Strong);
        Raw(new string('-', Math.Min(Width, Cells.Of(SafeText.Escape(text)))), Ink.Faint);
    }

    /// <summary>A text over as many lines as it needs.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="indent">Cells before its first line.</param>
    /// <param name="hang">Cells before all others.</param>
    /// <param name="ink">Its colour.</param>
    public void Paragraph(string text, int indent = 0, int hang = 0, Ink ink = Ink.Plain)
    {
        var margin = indent;
        foreach (var line in LineBreaker.Lines(SafeText.Escape(text), Width - indent, Width - hang))
        {
            output.Write(new string(' ', line.Length == 0 ? 0 : margin));
            Raw(line, ink);
            margin = hang;
        }
    }

    /// <summary>An item of a list.</summary>
    public void Item(string text, int indent = 2) => Paragraph("- " + text, indent, indent + 2);

    /// <summary>A label and its text, which hangs under itself.</summary>
    public void Labelled(string label, string text, int indent, int labelCells)
    {
        var safe = SafeText.Escape(label);
        var pad = new string(' ', Math.Max(1, labelCells - Cells.Of(safe)));
        var margin = indent + Cells.Of(safe) + pad.Length;
        output.Write(new string(' ', indent));
        Inked(safe, Ink.Faint);
        output.Write(pad);
        foreach (var (index, line) in LineBreaker.Lines(SafeText.Escape(text), Width - margin, Width - margin).Index())
        {
            output.Write(new string(' ', index == 0 ? 0 : margin));
            Raw(line, Ink.Plain);
        }
    }

    /// <summary>A line with a text at its left, shortened if need be, and a word at its right.</summary>
    public void Sides(string left, string right, Ink leftInk, Ink rightInk)
    {
        var end = SafeText.Escape(right);
        var start = SafeText.Short(left, Math.Max(4, Width - Cells.Of(end) - 2));
        Inked(start, leftInk);
        output.Write(new string(' ', Math.Max(1, Width - Cells.Of(start) - Cells.Of(end))));
        Raw(end, rightInk);
    }

    private void Raw(string line, Ink ink)
    {
        Inked(line, ink);
        output.Write('\n');
    }

    private void Inked(string text, Ink ink)
    {
        var code = ink switch
        {
            Ink.Strong => "1",
            Ink.Faint => "2",
            Ink.Bad => "1;31",
            Ink.Doubtful => "33",
            Ink.Good => "32",
            _ => null,
        };
        if (!style.Colour || code is null || text.Length == 0)
        {
            output.Write(text);
            return;
        }

        output.Write("\e[");
        output.Write(code);
        output.Write('m');
        output.Write(text);
        output.Write("\e[0m");
    }
}
