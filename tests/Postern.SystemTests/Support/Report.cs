using System.Text.Json;

namespace Postern.SystemTests.Support;

/// <summary>What `postern explain --format json` answered.</summary>
internal sealed record Report(JsonElement Json, int Sessions, long LinesRead, long LinesUnparsed, IReadOnlyList<ReportedClient> Clients)
{
    /// <summary>Reads the document.</summary>
    public static Report Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement.Clone();
        root.GetProperty("schema").GetString().ShouldBe("postern.explain/1");
        var lines = root.GetProperty("lines");
        return new Report(
            root,
            root.GetProperty("sessions").GetInt32(),
            lines.GetProperty("read").GetInt64(),
            lines.GetProperty("unparsed").GetInt64(),
            [.. root.GetProperty("clients").EnumerateArray().Select(ReportedClient.Parse)]);
    }

    /// <summary>The client of that address; fails where it is not listed.</summary>
    public ReportedClient Client(string address) =>
        Clients.SingleOrDefault(client => string.Equals(client.Address, address, StringComparison.Ordinal))
        ?? throw new InvalidOperationException($"The report does not list {address}; it lists {string.Join(", ", Clients.Select(client => client.Address))}.");
}

/// <summary>A client of the report.</summary>
internal sealed record ReportedClient(
    string? Address, int Sessions, IReadOnlyDictionary<string, int> Behaviours, string Cause, double Confidence,
    string Verdict, string Explanation, string Advice)
{
    /// <summary>Reads one element of <c>clients</c>.</summary>
    public static ReportedClient Parse(JsonElement json) => new(
        json.GetProperty("address").GetString(),
        json.GetProperty("sessions").GetInt32(),
        json.GetProperty("behaviours").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal),
        json.GetProperty("cause").GetString()!,
        json.GetProperty("confidence").GetDouble(),
        json.GetProperty("verdict").GetString()!,
        json.GetProperty("explanation").GetString()!,
        json.GetProperty("advice").GetString()!);

    /// <summary>Sessions that showed the behaviour.</summary>
    public int Showed(string behaviour) => Behaviours.GetValueOrDefault(behaviour);

    /// <summary>Whether the default jail would ban it.</summary>
    public bool IsBanned => string.Equals(Verdict, "ban", StringComparison.Ordinal);

    /// <summary>Fails where it is banned.</summary>
    public void ShouldNotBeBanned() => IsBanned.ShouldBeFalse(ToString());

    /// <summary>Fails where it passes for a genuine sender.</summary>
    public void ShouldNotBeProtected() => string.Equals(Verdict, "protect", StringComparison.Ordinal).ShouldBeFalse(ToString());

    /// <summary>For the message of a failing test.</summary>
    public override string ToString() =>
        $"{Address}: {Sessions} sessions, {string.Join(' ', Behaviours.Select(b => $"{b.Key}={b.Value}"))}, {Cause} {Confidence}, {Verdict}";
}
