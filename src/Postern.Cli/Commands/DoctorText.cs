using System.Text;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Words;
using Postern.Reports.Content;
using Postern.Reports.Text;

namespace Postern.Cli.Commands;

/// <summary>What <c>doctor</c> found, for people: how many problems, then each with its fix. Commands stay on one line, to be copied.</summary>
internal static class DoctorText
{
    /// <summary>The text.</summary>
    public static string Write(DoctorReport report, IDoctorWords words)
    {
        var errors = report.Findings.Count(static finding => finding.IsError);
        var text = new StringBuilder(words.Summary(errors, report.Findings.Count - errors)).Append('\n');
        if (report.Findings.Count == 0)
        {
            return text.ToString();
        }

        var labels = new[] { words.Error, words.Recommendation, words.Fix }.Max(static label => Cells.Of(label)) + 2;
        foreach (var finding in report.Findings)
        {
            text.Append('\n');
            Row(text, finding.IsError ? words.Error : words.Recommendation, $"{SafeText.Escape(finding.Message)} [{finding.Id}]", labels);
            text.Append(words.Fix.PadRight(labels - Cells.Of(words.Fix) + words.Fix.Length)).Append(SafeText.Escape(finding.Fix)).Append('\n');
        }

        return text.Append('\n').Append(words.Afterwards).Append('\n').ToString();
    }

    private static void Row(StringBuilder text, string label, string sentence, int indent)
    {
        text.Append(label).Append(' ', indent - Cells.Of(label));
        var isFirst = true;
        foreach (var line in LineBreaker.Lines(sentence, TextStyle.WidestLine - indent, TextStyle.WidestLine - indent))
        {
            text.Append(' ', isFirst ? 0 : indent).Append(line).Append('\n');
            isFirst = false;
        }
    }
}
