using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Postern.SystemTests.Run;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Web;

/// <summary>The built server by HTTP: what is answered, what is refused, and what it says without a daemon.</summary>
public sealed class WebServerTests
{
    private const string Ban = "{\"address\":\"192.0.2.9\"}";

    [Fact]
    public async Task What_comes_from_elsewhere_is_refused_and_the_rest_is_answered()
    {
        var ct = TestContext.Current.CancellationToken;
        var port = RunningWeb.FreePort();
        var log = Path.GetTempFileName();
        await using var postern = await RunningPostern.PrepareAsync(log, null, "", "", ct);
        await postern.ConfigureAsync(log, "127.0.0.1:9", await RunningWeb.SettingsAsync(postern.Folder, port), ct);
        await postern.StartAgainAsync(ct);
        await using var web = await RunningWeb.StartAsync(postern, port, ct);
        using var client = new HttpClient { BaseAddress = web.Page };

        foreach (var (path, schema) in ((string, string)[])[("/api/status", "postern.status/1"), ("/api/bans", "postern.bans/1"), ("/api/clients", "postern.clients/1"), ("/api/clients/192.0.2.1", "postern.explain-live/1"),
            ("/api/decisions", "postern.report/1"), ("/api/history", "postern.history/1"), ("/api/allow", "postern.allowed/1"), ("/api/top", "postern.top/1")])
        {
            (await JsonAsync(await client.GetAsync(path, ct), HttpStatusCode.OK)).GetProperty("schema").GetString().ShouldBe(schema, path);
        }

        (await client.GetStringAsync("/metrics", ct)).ShouldEndWith("# EOF\n");
        (await client.GetAsync("/", ct)).Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");

        // Changes.
        await RefusedAsync(await SendAsync(client, Ban, null, ct), HttpStatusCode.Unauthorized, "token-needed");
        await RefusedAsync(await SendAsync(client, Ban, RunningWeb.Token + "x", ct), HttpStatusCode.Unauthorized, "token-wrong");
        await RefusedAsync(await SendAsync(client, Ban, RunningWeb.Token, ct, type: "application/x-www-form-urlencoded"), HttpStatusCode.UnsupportedMediaType, "not-json");
        await RefusedAsync(await SendAsync(client, Ban, RunningWeb.Token, ct, origin: "http://evil.example"), HttpStatusCode.Forbidden, "origin");
        await RefusedAsync(await SendAsync(client, Ban, RunningWeb.Token, ct, host: "evil.example"), HttpStatusCode.MisdirectedRequest, "host");
        await RefusedAsync(await SendAsync(client, "{", RunningWeb.Token, ct), HttpStatusCode.BadRequest, "not-json");
        await RefusedAsync(await SendAsync(client, "{}", RunningWeb.Token, ct), HttpStatusCode.BadRequest, "bad-value");
        await RefusedAsync(await SendAsync(client, $"{{\"address\":\"{new string('x', 300_000)}\"}}", RunningWeb.Token, ct), HttpStatusCode.RequestEntityTooLarge, "too-large");
        (await postern.BansAsync()).ShouldBeEmpty();
        (await JsonAsync(await SendAsync(client, Ban, RunningWeb.Token, ct, origin: $"http://127.0.0.1:{port}"), HttpStatusCode.OK)).GetProperty("outcome").GetString().ShouldBe("Done");
        (await postern.BansAsync()).ShouldBe(["192.0.2.9/32"]);
        await JsonAsync(await SendAsync(client, "{\"address\":\"192.0.2.10\"}", RunningWeb.Token, ct, "/api/unban"), HttpStatusCode.Conflict);

        // Reads of other sites, paths and methods that there are not.
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/api/bans");
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        await RefusedAsync(await client.SendAsync(foreign, ct), HttpStatusCode.Forbidden, "origin");
        await RefusedAsync(await client.GetAsync("/etc/passwd", ct), HttpStatusCode.NotFound, "not-found");
        await RefusedAsync(await client.GetAsync("/api/ban", ct), HttpStatusCode.MethodNotAllowed, "method");
        await RefusedAsync(await client.DeleteAsync("/api/bans", ct), HttpStatusCode.MethodNotAllowed, "method");
        await RefusedAsync(await client.GetAsync("/api/clients/nobody", ct), HttpStatusCode.BadRequest, "bad-value");

        // The program's own commands.
        (await JsonAsync(await SendAsync(client, "{\"address\":\"192.0.2.9\",\"helo\":\"--message=/etc/passwd\"}", RunningWeb.Token, ct, "/api/check"), HttpStatusCode.OK)).GetProperty("helo").GetString().ShouldBe("--message=/etc/passwd");
        var replay = JsonSerializer.Serialize(new { log = await File.ReadAllTextAsync(Path.Combine(Machine.RepositoryRoot(), "samples/mail.log"), ct), settings = "[jail]\nmaxretry = 1\n" });
        (await JsonAsync(await SendAsync(client, replay, RunningWeb.Token, ct, "/api/replay"), HttpStatusCode.OK)).GetProperty("schema").GetString().ShouldBe("postern.replay/1");
        await RefusedAsync(await SendAsync(client, "{\"log\":\"x\",\"settings\":\"nonsense = 1\"}", RunningWeb.Token, ct, "/api/replay"), HttpStatusCode.BadRequest, "refused");

        // Without a daemon.
        (await client.GetAsync("/healthz", ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await postern.StopAsync();
        await RefusedAsync(await client.GetAsync("/healthz", ct), HttpStatusCode.ServiceUnavailable, "daemon-down");
        await RefusedAsync(await client.GetAsync("/api/bans", ct), HttpStatusCode.ServiceUnavailable, "daemon-down");
        (await client.GetAsync("/", ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await postern.StartAgainAsync(ct);
        (await client.GetAsync("/healthz", ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        File.Delete(log);
    }

    [Fact]
    public async Task Without_a_token_file_it_only_shows_and_another_address_is_refused()
    {
        var ct = TestContext.Current.CancellationToken;
        var port = RunningWeb.FreePort();
        var log = Path.GetTempFileName();
        await using var postern = await RunningPostern.PrepareAsync(log, null, await RunningWeb.SettingsAsync(null, port), "", ct);
        await postern.StartAgainAsync(ct);
        await using (var web = await RunningWeb.StartAsync(postern, port, ct))
        {
            using var client = new HttpClient { BaseAddress = web.Page };
            var refusal = await JsonAsync(await SendAsync(client, Ban, RunningWeb.Token, ct), HttpStatusCode.Forbidden);
            refusal.GetProperty("error").GetString().ShouldBe("read-only");
            refusal.GetProperty("message").GetString()!.ShouldContain("token_file");
            web.Words.ShouldContain("read-only");
        }

        await postern.ConfigureAsync(log, "127.0.0.1:9", $"[web]\nlisten = \"0.0.0.0:{port}\"\nbehind_proxy = true\n", ct);
        var refused = await postern.AskAsync("web");
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("web: 0.0.0.0");
        foreach (var arguments in (string[][])[[], ["--behind-proxy"], ["--behind-proxy", "--host", "postern.example.org"]])
        {
            (await Command.RunAsync([PosternProgram.Web, "--listen", $"0.0.0.0:{port}", .. arguments], TimeSpan.FromSeconds(20), cancellationToken: ct)).ExitCode.ShouldBe(2);
        }

        File.Delete(log);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string body, string? token, CancellationToken ct, string path = "/api/ban", string type = "application/json", string? origin = null, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await client.SendAsync(request, ct);
    }

    private static async Task RefusedAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var error = await JsonAsync(response, status);
        error.GetProperty("schema").GetString().ShouldBe("postern.error/1");
        error.GetProperty("error").GetString().ShouldBe(code);
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(status, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
