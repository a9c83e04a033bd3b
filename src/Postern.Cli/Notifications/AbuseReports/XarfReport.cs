using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Postern.Facts;
using Postern.Reports.Json;

namespace Postern.Cli.Notifications.AbuseReports;

/// <summary>What a report says of a client.</summary>
/// <param name="Client">Who.</param>
/// <param name="At">When it was banned.</param>
/// <param name="First">Its first session that counted.</param>
/// <param name="Last">Its last one.</param>
/// <param name="Sessions">How many of them.</param>
/// <param name="Behaviours">What they showed.</param>
internal sealed record ReportedAbuse(ClientAddress Client, DateTimeOffset At, DateTimeOffset First, DateTimeOffset Last, int Sessions, BehaviourSet Behaviours)
{
    /// <summary>True where it is a guesser of passwords.</summary>
    public bool IsLoginAttack => Behaviours.Has(Behaviour.AuthBruteForce) || Behaviours.Has(Behaviour.AuthFailure);
}

/// <summary>
/// Writes XARF 4 (https://xarf.org/schemas/v4/, types connection-login-attack and connection-reconnaissance): what was seen, in
/// Postern's words. No line of a log is in it, no user name, no address of a mail.
/// </summary>
internal static class XarfReport
{
    /// <summary>The document.</summary>
    /// <param name="abuse">What it says.</param>
    /// <param name="id">Its id.</param>
    /// <param name="organisation">Who reports.</param>
    /// <param name="contact">Where answers go.</param>
    /// <param name="domain">The reporter's domain.</param>
    /// <param name="isTest">True for one that is a test.</param>
    public static byte[] Write(ReportedAbuse abuse, Guid id, string organisation, string contact, string domain, bool isTest)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, JsonTexts.Indented))
        {
            json.WriteStartObject();
            json.WriteString("xarf_version", "4.0.0");
            json.WriteString("report_id", id.ToString("D"));
            json.WriteString("timestamp", Time(abuse.At));
            foreach (var role in (string[])["reporter", "sender"])
            {
                json.WriteStartObject(role);
                json.WriteString("org", organisation);
                json.WriteString("contact", contact);
                json.WriteString("domain", domain);
                json.WriteEndObject();
            }

            json.WriteString("source_identifier", abuse.Client.ToString());
            json.WriteString("category", "connection");
            json.WriteString("type", abuse.IsLoginAttack ? "login_attack" : "reconnaissance");
            json.WriteString("evidence_source", "automated_filter");
            json.WriteString("protocol", "tcp");
            json.WriteString("first_seen", Time(abuse.First));
            json.WriteString("last_seen", Time(abuse.Last));
            if (!abuse.IsLoginAttack)
            {
                json.WriteStartArray("probed_resources");
                json.WriteStringValue("smtp");
                json.WriteEndArray();
                json.WriteNumber("total_probes", Math.Max(1, abuse.Sessions));
            }

            json.WriteString("description", Describe(abuse));
            json.WriteStartArray("tags");
            json.WriteStringValue("service:smtp");
            foreach (var behaviour in abuse.Behaviours)
            {
                json.WriteStringValue("behaviour:" + behaviour.Id());
            }

            if (isTest)
            {
                json.WriteStringValue("lifecycle:test");
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>The same in a sentence or two.</summary>
    public static string Describe(ReportedAbuse abuse)
    {
        var language = Reports.Languages.ReportLanguages.For("en");
        var seen = string.Join("; ", abuse.Behaviours.Select(language.Name));
        return string.Create(CultureInfo.InvariantCulture, $"Abusive SMTP sessions from {abuse.Client}: {abuse.Sessions} between {Time(abuse.First)} and {Time(abuse.Last)}. Seen: {seen}.");
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
