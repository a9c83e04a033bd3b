namespace Postern.SystemTests.Gate;

/// <summary>A port of one Postfix behind which Postern keeps the service in its own way.</summary>
/// <param name="Name">A word for messages; also the recipient, so that nobody is known from another service.</param>
/// <param name="Port">The port.</param>
/// <param name="HasPolicy">Whether the policy server is asked.</param>
/// <param name="HasMilter">Whether the milter is.</param>
internal sealed record GateEntrance(string Name, int Port, bool HasPolicy, bool HasMilter)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<GateEntrance> All { get; } = [new("both", 25, true, true), new("policy", 2531, true, false), new("milter", 2532, false, true)];

    /// <summary>The one of that name.</summary>
    public static GateEntrance Of(string name) => All.Single(service => string.Equals(service.Name, name, StringComparison.Ordinal));

    /// <summary>Its recipient.</summary>
    public string Recipient => $"{Name}@example.org";

    /// <summary>What a refusal for good begins with, whichever of the two speaks first.</summary>
    public string Refusal => HasPolicy ? "554 5.7." : "550 5.7.";

    /// <summary>What a request to come back begins with.</summary>
    public string Greylisting => HasPolicy ? "450 4.7." : "451 4.7.";
}
