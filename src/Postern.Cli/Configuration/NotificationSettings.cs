namespace Postern.Cli.Configuration;

/// <summary>The file of events.</summary>
internal sealed record EventFileSettings
{
    /// <summary>The file; null for none.</summary>
    public string? File { get; init; }

    /// <summary>How large it may become before it is renamed, in bytes; default 50 MB.</summary>
    public int MaxSize { get; init; } = 50_000_000;

    /// <summary>How many renamed files are kept; default 5.</summary>
    public int Keep { get; init; } = 5;
}

/// <summary>Mail to the operator, and when others are told, too.</summary>
internal sealed record NotifySettings
{
    /// <summary>Who gets mail; empty for nobody.</summary>
    public IReadOnlyList<string> MailTo { get; init; } = [];

    /// <summary>The sender; a name without a domain gets Postfix's. Default: <c>postern</c>.</summary>
    public string MailFrom { get; init; } = "postern";

    /// <summary>The program that takes mail, as Postfix's sendmail(1) does.</summary>
    public string Sendmail { get; init; } = "/usr/sbin/sendmail";

    /// <summary>The language of mail and webhooks, <c>en</c> or <c>ja</c>.</summary>
    public string Language { get; init; } = "en";

    /// <summary>When the summary of the day is mailed, by local time; null for never.</summary>
    public TimeOnly? Digest { get; init; } = new(7, 0);

    /// <summary>What is mailed at once.</summary>
    public IReadOnlyList<NotificationTopic> Alerts { get; init; } = NotificationTopics.Alerts;

    /// <summary>The least time between two alerts by mail; what happens meanwhile comes together. Default: 15 minutes.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>So many bans within ten minutes are a ban wave; default 100.</summary>
    public int BanWave { get; init; } = 100;

    /// <summary>A log that gives no line for so long is silent; zero for never. Default: 6 hours.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromHours(6);
}

/// <summary>One address that is told by HTTP.</summary>
internal sealed record WebhookSettings
{
    /// <summary>What is sent where no template is set; Slack, Mattermost and Matrix's bridges take it.</summary>
    public const string UsualTemplate = """{"text": "{text}"}""";

    /// <summary>Where to; empty where <see cref="UrlFile"/> holds it.</summary>
    public string Url { get; init; } = "";

    /// <summary>The file that holds the address; null for none.</summary>
    public string? UrlFile { get; init; }

    /// <summary><c>POST</c> or <c>PUT</c>.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>The body, with its placeholders.</summary>
    public string Template { get; init; } = UsualTemplate;

    /// <summary>Header fields.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The file that holds the token of <c>Authorization: Bearer</c>; null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The least time between two requests; what happens meanwhile comes together. Default: 1 minute.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What is sent.</summary>
    public IReadOnlyList<NotificationTopic> Events { get; init; } = NotificationTopics.Alerts;

    /// <summary>True where placeholders are escaped for JSON: unless a header says that the body is plain text.</summary>
    public bool IsJson => !Headers.TryGetValue("Content-Type", out var type) || !type.StartsWith("text/", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Reports to those who answer for an abusive client's network.</summary>
internal sealed record AbuseReportSettings
{
    /// <summary>Whether any are sent; default: false.</summary>
    public bool Enabled { get; init; }

    /// <summary>The sender and contact, a whole address.</summary>
    public string? MailFrom { get; init; }

    /// <summary>The reporting organisation's name; null for the sender's domain.</summary>
    public string? Organisation { get; init; }

    /// <summary>Contacts by network; the longest prefix counts.</summary>
    public IReadOnlyList<AbuseContact> Contacts { get; init; } = [];

    /// <summary>A DNS zone that answers TXT questions for a reversed address with a contact; null for none.</summary>
    public string? ContactZone { get; init; }

    /// <summary>A program that prints the contact of <c>{address}</c>; empty for none.</summary>
    public IReadOnlyList<string> ContactCommand { get; init; } = [];

    /// <summary>A report is sent only from this ban of a client on; default 2.</summary>
    public int MinBans { get; init; } = 2;

    /// <summary>How long after the ban a report waits; one whose ban was lifted meanwhile is not sent. Default: 30 minutes.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The least time between two reports about one client; default 7 days.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromDays(7);

    /// <summary>So many reports a day at most; default 20.</summary>
    public int MaxPerDay { get; init; } = 20;
}

/// <summary>Who answers for a network.</summary>
/// <param name="Network">The network.</param>
/// <param name="Address">The mail address; empty where nobody wants reports.</param>
internal sealed record AbuseContact(Facts.ClientNetwork Network, string Address);
