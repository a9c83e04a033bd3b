using System.Globalization;
using Postern.Decisions;

namespace Postern.Tests.Decisions;

public class LegitimacyPointsTests
{
    [Fact]
    public void The_table_is_the_documented_one()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Postern.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var cells = File.ReadAllText(Path.Combine(folder, "docs", "checks.md")).Split('|', StringSplitOptions.TrimEntries);
        var documented = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < cells.Length; i++)
        {
            if (cells[i].StartsWith('`') && double.TryParse(cells[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var points))
            {
                documented[cells[i].Trim('`')] = points;
            }
        }

        documented.OrderBy(p => p.Key, StringComparer.Ordinal).ShouldBe(LegitimacyPoints.Default.Rows.OrderBy(p => p.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void An_operators_row_replaces_ours() =>
        LegitimacyPoints.Default.With([new("ptr.fail", -9)]).Rows["ptr.fail"].ShouldBe(-9);
}
