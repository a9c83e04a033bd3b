using Postern.Cli.Words;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Lint;
using Postern.Reports.Content;
using Postern.Reports.Text;

namespace Postern.Cli.Commands;

/// <summary>The faults of a filter for people: problem, fix and proof on lines of their own.</summary>
/// <param name="words">The language.</param>
internal sealed class LintText(IFilterWords words)
{
    private const int Indent = 2;

    /// <summary>Writes them, and how many there are.</summary>
    public void Write(TextWriter output, FilterDefinition definition, IReadOnlyList<LintWarning> warnings)
    {
        foreach (var warning in warnings)
        {
            var place = definition.Places.TryGetValue(warning.Part, out var found) ? found.ToString() : definition.File;
            output.WriteLine($"{SafeText.Escape(place)}: {warning.Code}: {warning.Part}: {SafeText.Escape(warning.Expression)}");
            Wrap(output, words.Problem(warning));
            if (words.Fix(warning) is { Length: > 0 } fix)
            {
                Wrap(output, words.FixLabel + fix);
            }

            if (warning.Example is { } example)
            {
                output.WriteLine($"  {words.ExampleLabel}{SafeText.Escape(example)}");
            }

            if (warning is { Sender: { } sender, Named: { } named })
            {
                Wrap(output, words.Blamed(sender, named));
            }

            output.WriteLine();
        }

        output.WriteLine(words.Faults(warnings.Count));
    }

    private static void Wrap(TextWriter output, string sentence)
    {
        foreach (var line in LineBreaker.Lines(SafeText.Escape(sentence), TextStyle.WidestLine - Indent, TextStyle.WidestLine - Indent))
        {
            output.WriteLine(new string(' ', Indent) + line);
        }
    }
}
