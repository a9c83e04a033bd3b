using System.Net;
using System.Text;
using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Notifications.Webhooks;

namespace Postern.Tests.Notifications;

/// <summary>Webhooks: bodies that are JSON whatever a client wrote, and a receiver of one's own that looks at the requests.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-webhook-");
    private readonly List<(string Method, string Path, WebHeaderCollection Headers, string Body)> _requests = [];
    private HttpListener _listener = new();
    private Task _serving = Task.CompletedTask;
    private string _address = "";
    private int _status = 200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        // A port that is free now may be taken a moment later.
        for (var attempt = 0; !_listener.IsListening; attempt++)
        {
            _address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/";
            _listener = new HttpListener { Prefixes = { _address } };
            try
            {
                _listener.Start();
            }
            catch (HttpListenerException) when (attempt < 50)
            {
                _listener.Close();
            }
        }

        _serving = ServeAsync();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        _folder.Delete(recursive: true);
    }

    // The templates of docs/notifications.md.
    [Theory]
    [InlineData("""{"text": "{text}"}""")]
    [InlineData("""{"msgtype": "m.text", "body": "{text}"}""")]
    [InlineData("""{"topic": "postern", "title": "{title}", "message": "{text}", "priority": {priority}}""")]
    [InlineData("""{"title": "{title}", "message": "{text}", "priority": {priority}, "extras": {"count": {count}}}""")]
    public async Task A_body_is_JSON_whatever_a_client_wrote(string template)
    {
        using var hook = Hook(new WebhookSettings { Url = _address + "hook", Template = template });
        (await hook.SendAsync([Happenings.Takeover(), Happenings.Ban()], 0, Stop)).ShouldBeNull();
        var request = _requests.ShouldHaveSingleItem();
        (request.Method, request.Path, request.Headers["Content-Type"]).ShouldBe(("POST", "/hook", "application/json; charset=utf-8"));
        using var document = JsonDocument.Parse(request.Body);
        request.Body.ShouldContain("203.0.113.9/32");
        document.RootElement.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.String).Select(field => field.Value.GetString()!)
            .ShouldAllBe(text => !text.Any(letter => letter != '\n' && char.IsControl(letter)));
    }

    [Fact]
    public async Task Header_token_and_id_are_as_configured_and_plain_text_stays_plain()
    {
        var token = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(token, "s3cret\n", Stop);
        using var hook = Hook(new WebhookSettings
        {
            Url = _address + "rooms/{id}",
            Method = "PUT",
            Template = "{text}",
            TokenFile = token,
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "text/plain", ["Title"] = "Postern" },
        });
        (await hook.SendAsync([Happenings.Ban()], 3, Stop)).ShouldBeNull();
        (await hook.SendAsync([Happenings.Ban()], 0, Stop)).ShouldBeNull();
        _requests.Select(one => one.Path).ShouldBeUnique(StringComparer.Ordinal);
        var request = _requests[0];
        (request.Method, request.Headers["Authorization"], request.Headers["Title"]).ShouldBe(("PUT", "Bearer s3cret", "Postern"));
        request.Body.ShouldStartWith("Postern on mx.example.org: ban (4 messages)\n2026-");
        request.Body.ShouldContain("3 further messages left out");
    }

    [Theory]
    [InlineData(500, "127.0.0.1 answered 500")]
    [InlineData(403, "127.0.0.1 answered 403 (is the token right?)")]
    [InlineData(302, "127.0.0.1 answered 302 (redirections are not followed)")]
    public async Task A_refusal_is_told_without_the_address(int status, string failure)
    {
        _status = status;
        using var hook = Hook(new WebhookSettings { Url = _address + "services/T000/B000/SECRET" });
        (await hook.SendAsync([Happenings.Ban()], 0, Stop)).ShouldBe(failure);
        hook.Name.ShouldBe("webhook 127.0.0.1");
        _requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_is_not_there_is_told_in_one_line()
    {
        using var nobody = Hook(new WebhookSettings { Url = "http://127.0.0.1:9/x" });
        (await nobody.SendAsync([Happenings.Ban()], 0, Stop)).ShouldNotBeNull().ShouldNotContain("\n");
        using var unnamed = Hook(new WebhookSettings { UrlFile = Path.Combine(_folder.FullName, "none") });
        (await unnamed.SendAsync([Happenings.Ban()], 0, Stop)).ShouldNotBeNull().ShouldEndWith("holds no http or https address");
    }

    [Theory]
    [InlineData("{text}{text}", "a\"{title}{text}a\"{title}{text}")]
    [InlineData("{ {unknown} {title} {", "{ {unknown} T {")]
    public void What_is_put_in_is_not_looked_at_again(string template, string filled) =>
        new WebhookTemplate(template, isJson: false).Fill(new Dictionary<string, string>(StringComparer.Ordinal) { ["text"] = "a\"{title}{text}", ["title"] = "T" }).ShouldBe(filled);

    private static Webhook Hook(WebhookSettings settings) => new(settings, "en", "mx.example.org", TimeProvider.System);

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var body = await reader.ReadToEndAsync(CancellationToken.None);
                _requests.Add((context.Request.HttpMethod, context.Request.Url!.AbsolutePath, (WebHeaderCollection)context.Request.Headers, body));
                context.Response.StatusCode = _status;
                if (_status == 302)
                {
                    context.Response.RedirectLocation = _address + "elsewhere";
                }

                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
