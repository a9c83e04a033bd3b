using System.Globalization;
using System.Text.Json;
using Postern.Facts;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[events]</c>, <c>[notify]</c>, <c>[[webhook]]</c> and <c>[abuse_reports]</c>.</summary>
internal static class NotificationSections
{
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);
    private static readonly string[] s_placeholders = ["{text}", "{title}", "{count}", "{priority}", "{topic}", "{host}", "{time}"];

    /// <summary>The file of events.</summary>
    public static Section<EventFileSettings> Events { get; } = new(
    [
        new("file", "an absolute path", static (events, value) =>
            value.TryPath(out var path) ? events with { File = path } : events),
        new("max_size", "a whole number of bytes from 100000 to 2000000000", static (events, value) =>
            value.TryWhole(100_000, 2_000_000_000, out var number) ? events with { MaxSize = number } : events),
        new("keep", "a whole number from 0 to 1000", static (events, value) =>
            value.TryWhole(0, 1000, out var number) ? events with { Keep = number } : events),
    ]);

    /// <summary>Mail to the operator.</summary>
    public static Section<NotifySettings> Notify { get; } = new(
    [
        new("mail_to", "an address or a list of them, such as \"postmaster\" or [\"ann@example.org\"]", static (notify, value) =>
            TryAddresses(value, out var addresses) ? notify with { MailTo = addresses } : notify),
        new("mail_from", "an address or a local user's name", static (notify, value) =>
            TrySender(value, MailName.IsAddressOrUser, out var address) ? notify with { MailFrom = address } : notify),
        new("sendmail", "the absolute path of a program", static (notify, value) =>
            value.TryPath(out var path) ? notify with { Sendmail = path } : notify),
        new("language", "\"en\" or \"ja\"", static (notify, value) =>
            value.TryWord(["en", "ja"], out var word) ? notify with { Language = word } : notify),
        new("digest", "a time of day such as \"07:00\", or \"off\"", ReadDigest),
        new("alerts", "a list of " + Words(NotificationTopics.Alerts), static (notify, value) =>
            NotificationTopics.TryRead(value, NotificationTopics.Alerts, out var topics) ? notify with { Alerts = topics } : notify),
        new("min_interval", "a span from 1m to 1d", static (notify, value) =>
            value.TryDuration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(1), out var span) ? notify with { MinInterval = span } : notify),
        new("ban_wave", "a whole number from 5 to 100000", static (notify, value) =>
            value.TryWhole(5, 100_000, out var number) ? notify with { BanWave = number } : notify),
        new("silence", "a span from 10m to 7d, or 0s for never", static (notify, value) =>
        {
            if (!value.TryDuration(TimeSpan.Zero, s_week, out var span))
            {
                return notify;
            }

            if (span == TimeSpan.Zero || span >= TimeSpan.FromMinutes(10))
            {
                return notify with { Silence = span };
            }

            value.Complain("is shorter than many logs are quiet at night");
            return notify;
        }),
    ]);

    private static readonly Section<WebhookSettings> s_webhook = new(
    [
        new("url", "an http or https address", static (hook, value) =>
            value.TryText(out var url) && IsUrl(url, value) ? hook with { Url = url } : hook),
        new("url_file", "the absolute path of a file that holds the address", static (hook, value) =>
            value.TryPath(out var path) ? hook with { UrlFile = path } : hook),
        new("method", "\"POST\" or \"PUT\"", static (hook, value) =>
            value.TryWord(["POST", "PUT"], out var word) ? hook with { Method = word } : hook),
        new("template", "a text with " + string.Join(", ", s_placeholders), static (hook, value) =>
            value.TryText(out var text) ? hook with { Template = text } : hook),
        new("headers", "a table such as { Title = \"Postern\" }", ReadHeaders),
        new("token_file", "the absolute path of a file that holds a token", static (hook, value) =>
            value.TryPath(out var path) ? hook with { TokenFile = path } : hook),
        new("min_interval", "a span from 1s to 1d", static (hook, value) =>
            value.TryDuration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), out var span) ? hook with { MinInterval = span } : hook),
        new("events", "a list of " + Words(NotificationTopics.All), static (hook, value) =>
            NotificationTopics.TryRead(value, NotificationTopics.All, out var topics) ? hook with { Events = topics } : hook),
    ]);

    /// <summary>A webhook.</summary>
    public static Section Webhook => s_webhook;

    /// <summary>Reports to abuse contacts.</summary>
    public static Section<AbuseReportSettings> AbuseReports { get; } = new(
    [
        new("enabled", "true or false", static (reports, value) =>
            value.TryFlag(out var flag) ? reports with { Enabled = flag } : reports),
        new("mail_from", "a whole mail address that somebody reads", static (reports, value) =>
            TrySender(value, MailName.IsAddress, out var address) ? reports with { MailFrom = address } : reports),
        new("organisation", "a name", static (reports, value) =>
            value.TryText(out var name) ? reports with { Organisation = name } : reports),
        new("contacts", "a table such as { \"192.0.2.0/24\" = \"abuse@isp.example\" }", ReadContacts),
        new("contact_zone", "a DNS zone", static (reports, value) =>
            value.TryText(out var zone) && IsZone(zone, value) ? reports with { ContactZone = zone.TrimEnd('.') } : reports),
        new("contact_command", "a list: the program's absolute path, then its arguments with {address}", static (reports, value) =>
            FirewallSections.TryProgram(value, out var words) ? reports with { ContactCommand = words } : reports),
        new("min_bans", "a whole number from 1 to 100", static (reports, value) =>
            value.TryWhole(1, 100, out var number) ? reports with { MinBans = number } : reports),
        new("wait", "a span from 1m to 1d", static (reports, value) =>
            value.TryDuration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(1), out var span) ? reports with { Wait = span } : reports),
        new("interval", "a span from 1d to 365d", static (reports, value) =>
            value.TryDuration(TimeSpan.FromDays(1), TimeSpan.FromDays(365), out var span) ? reports with { Interval = span } : reports),
        new("max_per_day", "a whole number from 1 to 1000", static (reports, value) =>
            value.TryWhole(1, 1000, out var number) ? reports with { MaxPerDay = number } : reports),
    ]);

    /// <summary>Reads all webhooks.</summary>
    public static IReadOnlyList<WebhookSettings> ReadWebhooks(Reading value)
    {
        if (!value.TryItems(orSingle: false, out var items))
        {
            return [];
        }

        var hooks = new List<WebhookSettings>();
        foreach (var item in items)
        {
            if (!item.TryTable(out var table))
            {
                continue;
            }

            var hook = s_webhook.Read(item, new WebhookSettings());
            if (table.Entries.ContainsKey("url") == table.Entries.ContainsKey("url_file"))
            {
                item.Complain("needs one of url and url_file", "write where to send to");
            }
            else if (hook.IsJson && WhyNoJson(hook.Template) is { } why)
            {
                item.Complain($"the template is no JSON once its placeholders are filled in: {why}", "put texts in quotes, or say headers = { Content-Type = \"text/plain\" }");
            }
            else
            {
                hooks.Add(hook);
            }
        }

        return hooks;
    }

    /// <summary>Reads <c>[abuse_reports]</c>, which needs a sender and a way to find contacts.</summary>
    public static AbuseReportSettings ReadAbuseReports(Reading value)
    {
        var reports = AbuseReports.Read(value, new AbuseReportSettings());
        if (!reports.Enabled)
        {
            return reports;
        }

        if (reports.MailFrom is null)
        {
            value.Complain("needs mail_from", "name an address that somebody reads: the answers come to it");
        }

        if (reports is { ContactZone: null, ContactCommand: [], Contacts: [] })
        {
            value.Complain("finds no contacts", "set contacts, contact_zone or contact_command");
        }

        return reports;
    }

    private static string Words(IReadOnlyList<NotificationTopic> topics) => string.Join(", ", topics.Select(static topic => $"\"{topic.Id()}\""));

    private static bool TryAddresses(Reading value, out IReadOnlyList<string> addresses)
    {
        if (!value.TryTexts(orSingle: true, out addresses))
        {
            return false;
        }

        if (addresses.FirstOrDefault(static address => !MailName.IsAddressOrUser(address)) is not { } wrong)
        {
            return true;
        }

        value.Complain($"'{wrong}' is not a mail address");
        return false;
    }

    private static bool TrySender(Reading value, Predicate<string> isSound, out string address)
    {
        if (!value.TryText(out address))
        {
            return false;
        }

        if (!isSound(address))
        {
            value.Complain($"'{address}' is not a mail address");
            return false;
        }

        // Postfix's own notices come from it: ours must never be taken for one.
        if (!address.StartsWith("MAILER-DAEMON", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        value.Complain("is the sender of Postfix's own notices", "choose another name, such as \"postern\"");
        return false;
    }

    private static NotifySettings ReadDigest(NotifySettings notify, Reading value)
    {
        if (!value.TryText(out var text))
        {
            return notify;
        }

        if (text is "off")
        {
            return notify with { Digest = null };
        }

        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return notify with { Digest = time };
        }

        value.Complain($"'{text}' is no time of day");
        return notify;
    }

    private static bool IsUrl(string text, Reading value)
    {
        if (WebAddress.TryParse(text) is not null)
        {
            return true;
        }

        value.Complain("is no http or https address");
        return false;
    }

    private static bool IsZone(string zone, Reading value)
    {
        if (MailName.IsDomain(zone.TrimEnd('.')))
        {
            return true;
        }

        value.Complain($"'{zone}' is no DNS zone");
        return false;
    }

    private static WebhookSettings ReadHeaders(WebhookSettings hook, Reading value)
    {
        if (!value.TryTable(out var table))
        {
            return hook;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, inner) in table.Entries)
        {
            var own = new Reading(inner, $"{value.Path}.{name}", "a text of one line", value.Context);
            if (!own.TryText(out var text))
            {
                continue;
            }

            if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || text.Any(char.IsControl))
            {
                own.Complain("is no header field");
                continue;
            }

            headers[name] = text;
        }

        return hook with { Headers = headers };
    }

    private static AbuseReportSettings ReadContacts(AbuseReportSettings reports, Reading value)
    {
        if (!value.TryTable(out var table))
        {
            return reports;
        }

        var contacts = new List<AbuseContact>();
        foreach (var (network, inner) in table.Entries)
        {
            var own = new Reading(inner, $"{value.Path}.{network}", "a mail address, or \"none\"", value.Context);
            if (!ClientNetwork.TryParse(network, out var parsed))
            {
                own.Complain("the key is no address or network", "write \"192.0.2.0/24\"");
            }
            else if (own.TryText(out var address))
            {
                if (address is not "none" && !MailName.IsAddress(address))
                {
                    own.Complain($"'{address}' is not a mail address");
                }

                contacts.Add(new AbuseContact(parsed, address is "none" ? "" : address));
            }
        }

        return reports with { Contacts = contacts };
    }

    private static string? WhyNoJson(string template)
    {
        var filled = template;
        foreach (var placeholder in s_placeholders)
        {
            filled = filled.Replace(placeholder, "1", StringComparison.Ordinal);
        }

        try
        {
            using var document = JsonDocument.Parse(filled);
            return null;
        }
        catch (JsonException e)
        {
            return e.Message.Split('.')[0];
        }
    }
}
