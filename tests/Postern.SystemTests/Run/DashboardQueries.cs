using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>The queries of the dashboard that the package has.</summary>
internal static class DashboardQueries
{
    /// <summary>All of them, for all servers and with an interval of a minute.</summary>
    public static IReadOnlyList<string> Read()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Machine.RepositoryRoot(), "packaging/grafana/postern.json")));
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal)),
        ];
    }
}
