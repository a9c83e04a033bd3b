using System.Globalization;
using System.Text;

namespace Postern.Packaging.Manual;

/// <summary>
/// Writes a manual page in the macros of man(7). Lines are cut at 78 characters, as mandoc's lint asks for, and no line of text
/// can be taken for a request.
/// </summary>
internal sealed class RoffPage
{
    private const int Width = 78;
    private readonly StringBuilder _text = new();

    /// <summary>Begins a page.</summary>
    /// <param name="name">Its name, without the section.</param>
    /// <param name="section">The section of the manual.</param>
    /// <param name="edition">The date and the version at its foot.</param>
    public RoffPage(string name, int section, Edition edition)
    {
        Line(".\\\" Made by packaging/Postern.Packaging; do not change it by hand.");
        Line(string.Create(CultureInfo.InvariantCulture, $".TH {Escape(name.ToUpperInvariant())} {section} {edition.Date:yyyy-MM-dd} \"Postern {Escape(edition.Version)}\" Postern"));
        // Long names are not cut, and words are not stretched over the line.
        Line(".nh");
        Line(".ad l");
    }

    /// <summary>A section's heading, by custom in capitals.</summary>
    public void Section(string heading) => Line(".SH " + Quote(heading));

    /// <summary>A heading within a section.</summary>
    public void Subsection(string heading) => Line(".SS " + Quote(heading));

    /// <summary>A paragraph of text that is roff already.</summary>
    public void Paragraph(string roff)
    {
        // Behind a heading a paragraph has begun.
        if (!_text.ToString().TrimEnd('\n').Split('\n')[^1].StartsWith(".S", StringComparison.Ordinal))
        {
            Line(".PP");
        }

        Text(roff);
    }

    /// <summary>A new line within the paragraph.</summary>
    public void Break() => Line(".br");

    /// <summary>A term, and below it, indented, what it is.</summary>
    public void Tagged(string term, string roff)
    {
        Line(".TP");
        Line(term);
        Text(roff);
    }

    /// <summary>Lines that stay as they are.</summary>
    public void Code(IEnumerable<string> lines)
    {
        Line(".PP");
        Line(".RS 4");
        Line(".nf");
        foreach (var line in lines)
        {
            Line(line.Length == 0 ? ".sp" : Shield(Escape(line)));
        }

        Line(".fi");
        Line(".RE");
    }

    /// <summary>Text that is roff already, filled.</summary>
    public void Text(string roff)
    {
        var line = new StringBuilder();
        foreach (var word in roff.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Width)
            {
                Line(line.ToString());
                line.Clear();
            }

            line.Append(line.Length == 0 ? Shield(word) : " " + word);
        }

        if (line.Length > 0)
        {
            Line(line.ToString());
        }
    }

    /// <summary>Plain text as roff.</summary>
    public static string Escape(string plain)
    {
        var roff = new StringBuilder();
        foreach (var rune in plain.EnumerateRunes())
        {
            roff.Append(rune.Value switch
            {
                '\\' => "\\e",
                '-' => "\\-",
                '\'' => "\\(aq",
                '`' => "\\(ga",
                '^' => "\\(ha",
                '~' => "\\(ti",
                '"' => "\\(dq",
                < 0x80 => rune.ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\[u{rune.Value:X4}]"),
            });
        }

        return roff.ToString();
    }

    /// <summary>Plain text in bold.</summary>
    public static string Bold(string plain) => $"\\fB{Escape(plain)}\\fR";

    /// <summary>Plain text in italics, for what a reader puts in.</summary>
    public static string Italic(string plain) => $"\\fI{Escape(plain)}\\fR";

    /// <summary>The page.</summary>
    public override string ToString() => _text.ToString();

    private static string Shield(string line) => line is ['.' or '\'', ..] ? "\\&" + line : line;

    private static string Quote(string heading) => $"\"{Escape(heading)}\"";

    private void Line(string line) => _text.Append(line).Append('\n');
}

/// <summary>What the foot of a page tells.</summary>
/// <param name="Version">The version of the package.</param>
/// <param name="Date">The day of the last change.</param>
internal sealed record Edition(string Version, DateOnly Date);
