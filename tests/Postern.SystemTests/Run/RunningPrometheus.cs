using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>Debian's Prometheus with our alert rules, which reads one text by HTTP: as its own format, and as OpenMetrics.</summary>
internal sealed class RunningPrometheus : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-prometheus-");
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly StringBuilder _words = new();
    private readonly HttpListener _page;
    private readonly Task _serving;
    private readonly string _text;
    private readonly string _address;
    private Process? _process;

    private RunningPrometheus(HttpListener page, string text, string address)
    {
        (_page, _text, _address) = (page, text, address);
        _serving = ServeAsync();
    }

    /// <summary>Starts it.</summary>
    /// <param name="text">What it reads.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RunningPrometheus> StartAsync(string text, CancellationToken cancellationToken)
    {
        var (page, place) = Listen();
        // Another free port: nobody else asks for it in the moment until Prometheus does.
        var (probe, own) = Listen();
        probe.Close();
        var prometheus = new RunningPrometheus(page, text, own);
        var config = Path.Combine(prometheus._folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: ["{{Machine.RepositoryRoot()}}/packaging/prometheus/postern.rules.yml"]
            scrape_configs:
              - {job_name: text, metrics_path: /text, static_configs: [{targets: ["{{place}}"]}]}
              - {job_name: openmetrics, metrics_path: /openmetrics, static_configs: [{targets: ["{{place}}"]}]}

            """, cancellationToken);
        var start = new ProcessStartInfo("prometheus", [$"--config.file={config}", $"--storage.tsdb.path={prometheus._folder.FullName}/data", $"--web.listen-address={own}"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        prometheus._process = Process.Start(start)!;
        prometheus._process.ErrorDataReceived += prometheus.Note;
        prometheus._process.OutputDataReceived += prometheus.Note;
        prometheus._process.BeginErrorReadLine();
        prometheus._process.BeginOutputReadLine();
        return prometheus;
    }

    /// <summary>The values that a query gives now.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string query, CancellationToken cancellationToken)
    {
        using var answer = await _client.GetAsync($"http://{_address}/api/v1/query?query={Uri.EscapeDataString(query)}", cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{query}: {body}");
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(result => result.GetProperty("value")[1].GetString()!)];
    }

    /// <summary>Returns how many series a query gives, once it gives any.</summary>
    public async Task<int> UntilAsync(string query, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if (await QueryAsync(query, cancellationToken) is { Count: > 0 } found)
                {
                    return found.Count;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            if (TimeProvider.System.GetElapsedTime(started) > s_patience || _process!.HasExited)
            {
                throw new InvalidOperationException($"{query} gives nothing:\n{Words()}\n{await TargetsAsync(cancellationToken)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <summary>The alert rules, once all were evaluated.</summary>
    public async Task<IReadOnlyList<(string Name, string Health)>> RulesAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var document = JsonDocument.Parse(await _client.GetStringAsync(new Uri($"http://{_address}/api/v1/rules"), cancellationToken));
            var rules = document.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())
                .Select(rule => (rule.GetProperty("name").GetString()!, rule.GetProperty("health").GetString()!)).ToList();
            if (rules.TrueForAll(rule => rule.Item2 is not "unknown") || TimeProvider.System.GetElapsedTime(started) > s_patience)
            {
                return rules;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _page.Close();
        await _serving;
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private static (HttpListener Page, string Place) Listen()
    {
        // A port that is free now may be taken a moment later.
        for (var attempt = 0; ; attempt++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Random.Shared.Next(20_000, 60_000)}");
            var page = new HttpListener { Prefixes = { $"http://{place}/" } };
            try
            {
                page.Start();
                return (page, place);
            }
            catch (HttpListenerException) when (attempt < 50)
            {
                page.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _page.GetContextAsync();
                context.Response.ContentType = context.Request.RawUrl is "/openmetrics" ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(_text));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The end, or Prometheus'.
        }
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_words)
        {
            _words.AppendLine(line.Data);
        }
    }

    private string Words()
    {
        lock (_words)
        {
            return _words.ToString();
        }
    }

    private async Task<string> TargetsAsync(CancellationToken cancellationToken) =>
        _process!.HasExited ? "it has ended" : await _client.GetStringAsync(new Uri($"http://{_address}/api/v1/targets"), cancellationToken);
}
