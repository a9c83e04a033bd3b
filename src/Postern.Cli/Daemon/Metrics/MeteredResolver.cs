using Postern.Checks.Dns;
using Postern.Checks.Dnsbl;

namespace Postern.Cli.Daemon.Metrics;

/// <summary>Counts and times the questions to a resolver, those to DNS lists apart.</summary>
/// <param name="inner">The resolver.</param>
/// <param name="zones">The lists that are configured.</param>
/// <param name="meter">Takes the counts.</param>
/// <param name="time">The clock.</param>
internal sealed class MeteredResolver(IResolver inner, IReadOnlyList<DnsblZone> zones, PosternMeter meter, TimeProvider time) : IResolver
{
    private const int LongestPlain = 15;
    private readonly IReadOnlyList<(string Suffix, string Shown, DnsblZone Zone)> _lists = [.. zones.Select(static zone => ("." + zone.Zone, Shown(zone.Zone), zone))];

    /// <inheritdoc/>
    public async ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        DnsAnswer answer;
        try
        {
            answer = await inner.QueryAsync(question, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The caller's patience ended before the resolver's.
            Note(question, null, time.GetElapsedTime(began));
            throw;
        }

        Note(question, answer, time.GetElapsedTime(began));
        return answer;
    }

    /// <summary>A list as the metrics name it: a customer's key in the zone's name is nobody's business.</summary>
    internal static string Shown(string zone) => string.Join('.', zone.Split('.').Select(static label => label.Length > LongestPlain ? "KEY" : label));

    private void Note(DnsQuestion question, DnsAnswer? answer, TimeSpan took)
    {
        meter.Queried(question.Type, answer?.Status ?? DnsStatus.Timeout, took);
        foreach (var (suffix, shown, zone) in _lists)
        {
            if (question.Name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                meter.ListQueried(shown, Result(question.Name.AsSpan(0, question.Name.Length - suffix.Length), zone, answer));
                return;
            }
        }
    }

    // By RFC 5782, 5 every list has these for tests; nobody asks for a client there.
    private static string Result(ReadOnlySpan<char> subject, DnsblZone zone, DnsAnswer? answer) =>
        subject is "1.0.0.127" or "2.0.0.127" || subject.Equals("invalid", StringComparison.OrdinalIgnoreCase) ? "test"
        : answer is null || answer.IsTrouble ? "failed"
        : answer.Addresses.Count == 0 ? "not_listed"
        : answer.Addresses.Any(address => zone.Codes.Any(code => code.Matches((uint)address.Low)) && (uint)address.Low >> 24 == 127) ? "listed" : "error";
}
