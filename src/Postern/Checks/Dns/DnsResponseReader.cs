using System.Buffers.Binary;
using DnsClient;
using DnsClient.Protocol;
using DnsClient.Protocol.Options;
using Postern.Facts;

namespace Postern.Checks.Dns;

/// <summary>Turns a response into an answer: the alias chain, the records kept, and what an error code means.</summary>
internal static class DnsResponseReader
{
    /// <summary>Reads a response to a question for this name.</summary>
    /// <returns>The answer, and the name to ask next where the response ends at an alias without its target.</returns>
    public static (DnsAnswer Answer, string? Next) Read(IDnsQueryResponse response, string name, DnsType type, DnsOptions options)
    {
        var code = response.Header.ResponseCode;
        if (code is not (DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain))
        {
            return (Failure(response), null);
        }

        if (!Answers(response, name, type))
        {
            return (DnsAnswer.Without(DnsStatus.ServerFailure, $"the DNS server {response.NameServer} answered another question"), null);
        }

        var timeToLive = options.MaxTimeToLive;
        var owner = FollowAliases(response, name, ref timeToLive, out var aliases);
        if (owner is null)
        {
            return (DnsAnswer.Without(DnsStatus.ServerFailure, "the aliases (CNAME) go round in a circle, or are too many"), null);
        }
        // An alias that leads to the root leads nowhere: "no such service", as a null MX says of mail.
        if (owner.Length == 0)
        {
            return (DnsAnswer.Without(DnsStatus.NoData) with { TimeToLive = timeToLive }, null);
        }

        if (code is DnsHeaderResponseCode.NotExistentDomain)
        {
            return (DnsAnswer.Without(DnsStatus.NxDomain) with { TimeToLive = NegativeTimeToLive(response, owner, timeToLive, options) }, null);
        }

        var records = response.Answers.Where(r => Owns(r, owner) && IsOfType(r, type)).Take(options.MaxRecords + 1).ToArray();
        if (records.Length == 0)
        {
            var isReferral = !response.Header.HasAuthorityAnswer && !response.Header.RecursionAvailable && response.Authorities.Any(a => a is NsRecord);
            if (aliases == 0 && response.Answers.Count > 0 && !response.Answers.Any(r => Owns(r, owner)))
            {
                return (DnsAnswer.Without(DnsStatus.ServerFailure, $"the answer of the DNS server {response.NameServer} is about other names"), null);
            }

            if (aliases > 0 && !response.Authorities.Any(a => a is SoaRecord))
            {
                return (DnsAnswer.Without(DnsStatus.NoData) with { TimeToLive = timeToLive }, owner);
            }

            return isReferral
                ? (DnsAnswer.Without(DnsStatus.ServerFailure, $"the DNS server {response.NameServer} only refers to other servers: it is not a resolver"), null)
                : (DnsAnswer.Without(DnsStatus.NoData) with { TimeToLive = NegativeTimeToLive(response, owner, timeToLive, options) }, null);
        }

        foreach (var record in records)
        {
            timeToLive = Shorter(timeToLive, record.InitialTimeToLive);
        }

        var truncated = records.Length > options.MaxRecords;
        return (Fill(records.AsSpan(0, Math.Min(records.Length, options.MaxRecords)), timeToLive, truncated), null);
    }

    private static DnsAnswer Fill(ReadOnlySpan<DnsResourceRecord> records, TimeSpan timeToLive, bool truncated)
    {
        var addresses = new List<ClientAddress>();
        var exchangers = new List<MailExchanger>();
        var texts = new List<string>();
        var names = new List<string>();
        foreach (var record in records)
        {
            switch (record)
            {
                case AddressRecord a:
                    addresses.Add(ClientAddress.From(a.Address));
                    break;
                case MxRecord mx:
                    exchangers.Add(new(mx.Preference, WireName.FromLibrary(mx.Exchange)));
                    break;
                case TxtRecord txt:
                    texts.Add(string.Concat(txt.Text.Zip(txt.EscapedText, WireName.Octets)));
                    break;
                case PtrRecord ptr:
                    names.Add(WireName.FromLibrary(ptr.PtrDomainName));
                    break;
            }
        }

        exchangers.Sort((a, b) => a.Preference.CompareTo(b.Preference));
        return new()
        {
            Status = DnsStatus.Answer,
            Addresses = addresses,
            Exchangers = exchangers,
            Texts = texts,
            Names = names,
            TimeToLive = timeToLive,
            Truncated = truncated,
        };
    }

    /// <summary>The last name of the chain that the response holds; null for a circle.</summary>
    private static string? FollowAliases(IDnsQueryResponse response, string name, ref TimeSpan timeToLive, out int aliases)
    {
        var owner = name;
        aliases = 0;
        while (response.Answers.OfType<CNameRecord>().FirstOrDefault(c => Owns(c, owner)) is { } alias)
        {
            owner = WireName.FromLibrary(alias.CanonicalName);
            timeToLive = Shorter(timeToLive, alias.InitialTimeToLive);
            if (++aliases > 16 || DnsName.AreEqual(owner, name))
            {
                return null;
            }
        }

        return owner;
    }

    /// <summary>SERVFAIL means DNSSEC only where the resolver says so by an extended error (RFC 8914, 4.6 to 4.13).</summary>
    private static DnsAnswer Failure(IDnsQueryResponse response)
    {
        var extended = ExtendedError(response);
        if (extended is (>= 6 and <= 12) or 5)
        {
            return DnsAnswer.Without(DnsStatus.Bogus, $"the answer does not pass DNSSEC (extended error {extended})");
        }

        return DnsAnswer.Without(DnsStatus.ServerFailure, response.Header.ResponseCode switch
        {
            DnsHeaderResponseCode.ServerFailure when extended is { } code => $"the DNS server {response.NameServer} found no answer (SERVFAIL, extended error {code})",
            DnsHeaderResponseCode.ServerFailure => $"the DNS server {response.NameServer} found no answer (SERVFAIL)",
            DnsHeaderResponseCode.Refused => $"the DNS server {response.NameServer} refuses the question",
            DnsHeaderResponseCode.FormatError => $"the DNS server {response.NameServer} does not understand the question (FORMERR)",
            DnsHeaderResponseCode.NotImplemented => $"the DNS server {response.NameServer} does not know how to answer (NOTIMP)",
            var other => $"the DNS server {response.NameServer} answered with error {(int)other}",
        });
    }

    private static int? ExtendedError(IDnsQueryResponse response)
    {
        foreach (var opt in response.Additionals.OfType<OptRecord>())
        {
            ReadOnlySpan<byte> data = opt.Data;
            while (data.Length >= 4)
            {
                var code = BinaryPrimitives.ReadUInt16BigEndian(data);
                var length = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
                if (data.Length < 4 + length)
                {
                    break;
                }

                if (code == 15 && length >= 2)
                {
                    return BinaryPrimitives.ReadUInt16BigEndian(data[4..]);
                }

                data = data[(4 + length)..];
            }
        }

        return null;
    }

    /// <summary>True where the response repeats the question; where it does not, its records belong to somebody else's.</summary>
    private static bool Answers(IDnsQueryResponse response, string name, DnsType type) =>
        response.Questions.Count == 1 && response.Questions[0] is var asked
        && DnsName.AreEqual(asked.QueryName.Original, name) && (int)asked.QuestionType == (int)DnsClientResolver.ToQueryType(type);

    /// <summary>By the SOA record of the zone (RFC 2308, 5); one of a zone that does not hold the name says nothing of it.</summary>
    private static TimeSpan NegativeTimeToLive(IDnsQueryResponse response, string owner, TimeSpan limit, DnsOptions options)
    {
        var soa = response.Authorities.OfType<SoaRecord>().FirstOrDefault(s => Encloses(s.DomainName.Original.TrimEnd('.'), owner));
        return soa is null
            ? options.DefaultNegativeTimeToLive < limit ? options.DefaultNegativeTimeToLive : limit
            : Shorter(Shorter(limit, (int)Math.Min(soa.Minimum, int.MaxValue)), soa.InitialTimeToLive);
    }

    private static bool Encloses(string zone, string name) => zone.Length == 0 || DnsName.IsWithin(name, zone);

    private static TimeSpan Shorter(TimeSpan time, int seconds)
    {
        var other = TimeSpan.FromSeconds(Math.Max(seconds, 0));
        return other < time ? other : time;
    }

    private static bool IsOfType(DnsResourceRecord record, DnsType type) => type switch
    {
        DnsType.A => record is ARecord,
        DnsType.Aaaa => record is AaaaRecord,
        DnsType.Mx => record is MxRecord,
        DnsType.Txt => record is TxtRecord,
        _ => record is PtrRecord,
    };

    // The library keeps the owner as it was sent beside its own reading of it.
    private static bool Owns(DnsResourceRecord record, string name) => DnsName.AreEqual(record.DomainName.Original, name);
}
