using Postern.Checks.Dns;

namespace Postern.Checks.Dmarc;

/// <summary>
/// The walk from a domain towards the root that finds its policy and its organisational domain (DMARCbis, 4.10).
/// </summary>
/// <param name="Start">Where it began.</param>
/// <param name="Records">The records met, from the start upwards.</param>
/// <param name="Trouble">Why the walk could not be ended; null where it was.</param>
/// <param name="IsMisread">True where a domain on the way asks for a policy in several records, or in one that cannot be read.</param>
internal sealed record DmarcTreeWalk(string Start, IReadOnlyList<(string Domain, DmarcRecord Record)> Records, string? Trouble, bool IsMisread = false)
{
    private const int MaxQueries = 8;

    /// <summary>The organisational domain: of the same owner as the start.</summary>
    public string Organisation
    {
        get
        {
            foreach (var (domain, record) in Records)
            {
                if (record.IsPublicSuffix == false)
                {
                    return domain;
                }

                if (record.IsPublicSuffix == true && !DnsName.AreEqual(domain, Start))
                {
                    return OneBelow(domain);
                }
            }

            return Records.Count == 0 ? Start : Records[^1].Domain;
        }
    }

    /// <summary>Asks for all steps of a walk at once, and whether its start exists, before the walk is needed.</summary>
    public static void AskAhead(string domain, LookupRecorder dns)
    {
        var current = domain.TrimEnd('.').ToLowerInvariant();
        dns.AskAhead(new(current, DnsType.A));
        for (var query = 0; query < MaxQueries; query++)
        {
            dns.AskAhead(new("_dmarc." + current, DnsType.Txt));
            if (Above(current) is not { } above)
            {
                break;
            }

            current = above;
        }
    }

    /// <summary>Walks.</summary>
    public static async Task<DmarcTreeWalk> FromAsync(string domain, LookupRecorder dns, CancellationToken cancellationToken)
    {
        var start = domain.TrimEnd('.').ToLowerInvariant();
        var records = new List<(string, DmarcRecord)>();
        var isMisread = false;
        var current = start;
        for (var query = 0; query < MaxQueries; query++)
        {
            var answer = await dns.QueryAsync(new("_dmarc." + current, DnsType.Txt), cancellationToken);
            if (answer.IsTrouble)
            {
                return new(start, records, answer.Problem, isMisread);
            }

            var found = answer.Texts.Where(DmarcRecord.IsRecord).Take(2).ToArray();
            // Several records are as good as none.
            if (found.Length == 1 && DmarcRecord.Read(found[0]) is { } record)
            {
                records.Add((current, record));
                if (record.IsPublicSuffix == false || (record.IsPublicSuffix == true && query > 0))
                {
                    break;
                }
            }
            else
            {
                isMisread |= found.Any(DmarcRecord.AsksForMore);
            }

            if (Above(current) is not { } above)
            {
                break;
            }

            current = above;
        }

        return new(start, records, null, isMisread);
    }

    // A name of more than eight labels is cut to seven at once, so that nobody is made to ask for ever.
    private static string? Above(string name)
    {
        var labels = name.Split('.');
        return labels.Length < 2 ? null : string.Join('.', labels[(labels.Length > MaxQueries ? labels.Length - MaxQueries + 1 : 1)..]);
    }

    private string OneBelow(string suffix)
    {
        var above = Start[..^(suffix.Length + 1)];
        return Start[(above.LastIndexOf('.') + 1)..];
    }
}
