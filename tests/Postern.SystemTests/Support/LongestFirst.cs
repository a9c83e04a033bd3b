using Postern.SystemTests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Postern.SystemTests.Support;

/// <summary>Begins with the classes that take longest: one that came last would leave a core idle while it runs.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] s_long =
    [
        "an enforcing gate", "Run.KillTests", "Explain.GenuineSenderTests", "Explain.LoneDotTests", "Explain.SourceTests", "Run.InjectionTests", "Attacks.NoticeUserTests",
        "Attacks.SlowConnectionTests", "Attacks.ReplayedAttackTests", "Gate.HostileDnsGateTests", "Attacks.InjectionFieldTests",
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Place)];

    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(s_long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return place < 0 ? s_long.Length : place;
    }
}
