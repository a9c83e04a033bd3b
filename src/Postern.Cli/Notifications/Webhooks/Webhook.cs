using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Postern.Cli.Configuration;
using Postern.Cli.Notifications.Telling;

namespace Postern.Cli.Notifications.Webhooks;

/// <summary>Tells one address by HTTP. It follows no redirection, keeps no cookies, reads next to nothing of the answer, and never shows the address beyond its host, because the rest may be a secret.</summary>
internal sealed class Webhook : IDisposable
{
    private const string UsualType = "application/json";
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(15);

    private readonly WebhookSettings _settings;
    private readonly WebhookTemplate _template;
    private readonly HappeningText _text;
    private readonly string _host;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    /// <summary>A webhook.</summary>
    /// <param name="settings">Whom it tells, and how.</param>
    /// <param name="language">The language of its texts.</param>
    /// <param name="host">This host's name.</param>
    /// <param name="time">The clock.</param>
    public Webhook(WebhookSettings settings, string language, string host, TimeProvider time)
    {
        (_settings, _host, _time) = (settings, host, time);
        _template = new WebhookTemplate(settings.Template, settings.IsJson);
        _text = new HappeningText(language);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = s_connect,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 32,
            // A connection is not kept open for the next alert.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Its name for the operator: the host alone.</summary>
    public string Name => Address() is { } address ? $"webhook {address.Host}" : "webhook";

    /// <summary>True where it is told of such.</summary>
    public bool Wants(NotificationTopic? topic) => topic is { } some && _settings.Events.Contains(some);

    /// <summary>Sends.</summary>
    /// <returns>Null, or why it did not work, in one line.</returns>
    public async Task<string?> SendAsync(IReadOnlyList<Happening> all, long more, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(s_deadline, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            if (Address() is not { } address)
            {
                return $"{_settings.UrlFile} holds no http or https address";
            }

            using var request = Request(address, Values(all, more));
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return response.IsSuccessStatusCode ? null
                : string.Create(CultureInfo.InvariantCulture, $"{address.Host} answered {(int)response.StatusCode}{Hint(response.StatusCode)}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"no answer within {s_deadline.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            return (e.InnerException ?? e).Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string Hint(HttpStatusCode code) => code switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => " (is the token right?)",
        HttpStatusCode.NotFound or HttpStatusCode.Gone => " (is the address right?)",
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => " (does the template fit?)",
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => " (redirections are not followed)",
        _ => "",
    };

    // Read anew each time: a secret may be changed while we run.
    private Uri? Address() => WebAddress.TryParse(_settings.UrlFile is { } file ? Secret(file) : _settings.Url);

    private static string Secret(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private HttpRequestMessage Request(Uri address, Dictionary<string, string> values)
    {
        // A place that wants a number of its own for each message, such as Matrix's.
        var target = address.OriginalString.Contains("{id}", StringComparison.Ordinal)
            ? new Uri(address.OriginalString.Replace("{id}", Guid.NewGuid().ToString("N"), StringComparison.Ordinal)) : address;
        var type = _settings.Headers.FirstOrDefault(static pair => pair.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value ?? UsualType;
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(_template.Fill(values)));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        content.Headers.ContentType.CharSet ??= "utf-8";
        var request = new HttpRequestMessage(new HttpMethod(_settings.Method), target) { Content = content };
        request.Headers.TryAddWithoutValidation("User-Agent", "Postern");
        foreach (var (name, value) in _settings.Headers)
        {
            if (!name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (_settings.TokenFile is { } file)
        {
            if (Secret(file) is not { Length: > 0 } token)
            {
                request.Dispose();
                throw new InvalidOperationException($"{file} holds no token, or cannot be read");
            }

            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return request;
    }

    private Dictionary<string, string> Values(IReadOnlyList<Happening> all, long more)
    {
        var title = _text.Title(all, more, _host);
        return new(StringComparer.Ordinal)
        {
            ["text"] = title + "\n" + _text.Body(all, more),
            ["title"] = title,
            ["count"] = (all.Count + more).ToString(CultureInfo.InvariantCulture),
            ["priority"] = all.Any(static one => one.Kind.IsAlert()) ? "5" : "3",
            ["topic"] = all.Select(static one => one.Kind.Topic()).FirstOrDefault(static topic => topic is not null)?.Id() ?? "test",
            ["host"] = _host,
            ["time"] = all[^1].At.ToString("O", CultureInfo.InvariantCulture),
        };
    }
}
