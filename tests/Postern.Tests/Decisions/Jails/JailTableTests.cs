using System.Globalization;
using Postern.Decisions.Jails;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Decisions.Jails;

public sealed class JailTableTests
{
    [Fact]
    public void The_weights_are_the_documented_ones()
    {
        var documented = File.ReadLines(RepositoryRoot.Of("docs", "jails.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length > 2 && cells[1].StartsWith('`'))
            .Where(cells => BehaviourNames.TryParse(cells[1].Trim('`'), out _))
            .ToDictionary(cells => cells[1].Trim('`'), cells => double.Parse(cells[2], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        documented.ShouldBe(Enum.GetValues<Behaviour>().ToDictionary(behaviour => behaviour.Id(), JailWeights.Of, StringComparer.Ordinal), ignoreOrder: true);
    }
}
