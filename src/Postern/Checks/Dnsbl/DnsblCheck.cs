using System.Globalization;
using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.Dnsbl;

/// <summary>
/// The test <c>dnsbl</c>: is the client, or a domain that it names, on a list? Only an answer in the list's own table is a
/// listing; Spamhaus's 127.255.255.0/24 and anything unknown are errors of the asking, and are said to the operator.
/// </summary>
internal sealed class DnsblCheck(DnsblOptions options, PublicSuffixes suffixes, DnsblHealth? health = null)
{
    private const uint ErrorNetwork = 0x7FFF_FF00;

    public async Task<SenderFinding> RunAsync(ClientAddress client, string? helo, string? senderDomain, LookupRecorder dns, CancellationToken cancellationToken)
    {
        var questions = options.Zones.SelectMany(zone => Subjects(zone, client, helo, senderDomain).Select(subject => (zone, subject))).ToArray();
        if (questions.Length == 0)
        {
            return new() { Test = "dnsbl", Result = TestResult.Skipped, Detail = "no list is configured for it" };
        }

        var replies = await Task.WhenAll(questions.Select(q => AskAsync(q.zone, q.subject, dns, cancellationToken)));
        return Conclude(replies, dns.Lookups);
    }

    private IEnumerable<string> Subjects(DnsblZone zone, ClientAddress client, string? helo, string? senderDomain)
    {
        if (zone.Subject == DnsblSubject.Address)
        {
            return client.IsKnown ? [DnsName.Reversed(client)] : [];
        }

        return new[] { helo, senderDomain }
            .Where(name => name is not null && DnsName.IsFullyQualified(name))
            .Select(name => suffixes.RegisteredDomain(name!))
            .OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private async Task<Reply> AskAsync(DnsblZone zone, string subject, LookupRecorder dns, CancellationToken cancellationToken)
    {
        if (health is not null && await health.FindProblemAsync(zone, dns, cancellationToken) is { } problem)
        {
            return new(zone.Zone) { Warning = $"{zone.Zone} is switched off: {problem}" };
        }

        var answer = await dns.QueryAsync(new($"{subject}.{zone.Zone}", DnsType.A), cancellationToken);
        if (answer.IsTrouble)
        {
            return new(zone.Zone) { Trouble = $"{zone.Zone}: {answer.Problem}" };
        }

        var listings = new List<(DnsblCode Code, string Answer)>();
        string? warning = null;
        foreach (var address in answer.Addresses)
        {
            var value = (uint)address.Low;
            if ((value & 0xFFFF_FF00) == ErrorNetwork)
            {
                return new(zone.Zone) { Warning = Describe(zone.Zone, value) };
            }

            if (zone.Codes.FirstOrDefault(c => c.Matches(value)) is { } code && value >> 24 == 127)
            {
                listings.Add((code, address.ToString()));
            }
            else
            {
                warning = $"{zone.Zone} answered {address}, which is not in its table of codes and does not count";
            }
        }

        return new(zone.Zone)
        {
            Listings = [.. listings.Select(l => $"{zone.Zone} {l.Code.Name} ({l.Answer}{(zone.Subject == DnsblSubject.Domain ? " for " + subject : "")})")],
            IsBad = listings.Exists(l => l.Code.Points < 0),
            // A list that gives several codes for one machine says one thing in several words: the weightiest counts.
            Points = zone.Weight * (listings.Select(l => l.Code.Points).Where(p => p < 0).DefaultIfEmpty(0).Min() + listings.Select(l => l.Code.Points).Where(p => p > 0).DefaultIfEmpty(0).Max()),
            Warning = warning,
        };
    }

    private static string Describe(string zone, uint code) => (code & 255) switch
    {
        252 => $"{zone} answered 127.255.255.252: the zone's name is misspelt; nothing is known of the client",
        254 => $"{zone} answered 127.255.255.254: it refuses questions that come through a public resolver; use a resolver of your own",
        255 => $"{zone} answered 127.255.255.255: too many questions were asked; nothing is known of the client",
        var other => string.Create(CultureInfo.InvariantCulture, $"{zone} answered 127.255.255.{other}, an error code; nothing is known of the client"),
    };

    private static SenderFinding Conclude(Reply[] replies, IReadOnlyList<string> lookups)
    {
        var remarks = replies.Select(r => r.Warning ?? r.Trouble).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var remark = remarks.Length == 0 ? "" : "; " + string.Join("; ", remarks);
        var listings = replies.SelectMany(r => r.Listings).ToArray();
        var points = replies.Sum(r => r.Points);
        if (replies.Any(r => r.IsBad))
        {
            return Finding(TestResult.Fail, "listed", $"listed: {string.Join(", ", listings)}{remark}", points);
        }

        if (listings.Length > 0)
        {
            return Finding(TestResult.Pass, "allow-listed", $"known to be good: {string.Join(", ", listings)}{remark}", points);
        }

        if (replies.Any(r => r.Warning is not null))
        {
            return Finding(TestResult.PermError, "error-code", remark[2..], 0);
        }

        return replies.Any(r => r.Trouble is not null)
            ? Finding(TestResult.TempError, null, remark[2..], 0)
            : Finding(TestResult.Pass, null, $"not listed by {string.Join(", ", replies.Select(r => r.Zone).Distinct(StringComparer.Ordinal))}", null);

        SenderFinding Finding(TestResult result, string? reason, string detail, double? own) =>
            new() { Test = "dnsbl", Result = result, Reason = reason, Detail = detail, Points = own, Lookups = lookups };
    }

    private sealed record Reply(string Zone)
    {
        public IReadOnlyList<string> Listings { get; init; } = [];
        public bool IsBad { get; init; }
        public double Points { get; init; }
        public string? Warning { get; init; }
        public string? Trouble { get; init; }
    }
}
