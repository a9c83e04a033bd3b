using System.Text.RegularExpressions;
using System.Xml.Linq;
using Postern.Facts;
using Postern.Reports.Html;
using Postern.Reports.Languages;

namespace Postern.Tests.Reports.Html;

/// <summary>A page as it is written, and as elements.</summary>
internal static partial class WrittenPage
{
    /// <summary>The page of an explanation.</summary>
    public static string Write(Explanation explanation, string tag, string program = "postern")
    {
        using var writer = new StringWriter();
        HtmlReport.Write(explanation, writer, ReportLanguages.For(tag), program);
        return writer.ToString();
    }

    /// <summary>The page is written as well-formed XML but for its doctype and the few elements that HTML leaves open.</summary>
    public static XElement Parse(string page) =>
        XElement.Parse(OpenElements().Replace(page[page.IndexOf("<html", StringComparison.Ordinal)..], "<${open}/>"));

    /// <summary>The element of an id; null where there is none.</summary>
    public static XElement? ById(this XElement page, string id) => page.Descendants().SingleOrDefault(element => string.Equals(element.Attribute("id")?.Value, id, StringComparison.Ordinal));

    /// <summary>True where the element has the class.</summary>
    public static bool Is(this XElement element, string kind) => element.Attribute("class")?.Value.Split(' ').Contains(kind, StringComparer.Ordinal) == true;

    /// <summary>The addresses of a section's rows.</summary>
    public static IEnumerable<string> Addresses(this XElement section) =>
        section.Descendants("tbody").Elements("tr").Select(row => row.Element("th")!.Value);

    [GeneratedRegex("<(?<open>(meta|br)[^>]*)>", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex OpenElements();
}
