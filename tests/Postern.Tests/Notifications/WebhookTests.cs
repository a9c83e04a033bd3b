using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Notifications.Webhooks;

namespace Postern.Tests.Notifications;

/// <summary>Webhooks: bodies that are JSON whatever a client wrote, and a receiver of one's own that looks at the requests.</summary>
public sealed class WebhookTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-webhook-");
    private readonly HttpReceiver _receiver = HttpReceiver.Start();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
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
        using var hook = Hook(new WebhookSettings { Url = _receiver.Address + "hook", Template = template });
        (await hook.SendAsync([Happenings.Takeover(), Happenings.Ban()], 0, Stop)).ShouldBeNull();
        var request = _receiver.Requests.ShouldHaveSingleItem();
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
            Url = _receiver.Address + "rooms/{id}",
            Method = "PUT",
            Template = "{text}",
            TokenFile = token,
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "text/plain", ["Title"] = "Postern" },
        });
        (await hook.SendAsync([Happenings.Ban()], 3, Stop)).ShouldBeNull();
        (await hook.SendAsync([Happenings.Ban()], 0, Stop)).ShouldBeNull();
        _receiver.Requests.Select(one => one.Path).ShouldBeUnique(StringComparer.Ordinal);
        var request = _receiver.Requests[0];
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
        _receiver.Status = status;
        using var hook = Hook(new WebhookSettings { Url = _receiver.Address + "services/T000/B000/SECRET" });
        (await hook.SendAsync([Happenings.Ban()], 0, Stop)).ShouldBe(failure);
        hook.Name.ShouldBe("webhook 127.0.0.1");
        _receiver.Requests.Count.ShouldBe(1);
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
}
