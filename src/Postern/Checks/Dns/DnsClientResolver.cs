using System.Net;
using System.Net.Sockets;
using DnsClient;

namespace Postern.Checks.Dns;

/// <summary>Asks the configured resolvers over UDP, and over TCP where an answer is cut short. Keeps nothing.</summary>
public sealed class DnsClientResolver : IResolver
{
    private const int MaxAliases = 8;

    private readonly DnsOptions _options;
    private readonly LookupClient _client;
    private readonly RefusalProbe _probe;
    private readonly WireQuery _plain;
    private readonly TimeProvider _time;
    private readonly string _servers;

    /// <summary>A resolver with these options.</summary>
    public DnsClientResolver(DnsOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time ?? TimeProvider.System;
        var servers = options.Servers.Count > 0
            ? [.. options.Servers.Select(s => new NameServer(s))]
            : NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false).ToArray();
        if (servers.Length == 0)
        {
            servers = [new NameServer(IPAddress.Loopback)];
        }

        IPEndPoint[] endPoints = [.. servers.Select(s => new IPEndPoint(IPAddress.Parse(s.Address), s.Port))];
        _servers = $"the DNS server {string.Join(", ", endPoints.AsEnumerable())}";
        _probe = new RefusalProbe(endPoints, _time);
        _plain = new WireQuery(endPoints, options, _time);
        _client = new LookupClient(new LookupClientOptions(servers)
        {
            AutoResolveNameServers = false,
            UseCache = false,
            Timeout = options.QueryTimeout,
            Retries = options.Retries,
            UseTcpFallback = true,
            UseRandomNameServer = false,
            ThrowDnsErrors = false,
            ContinueOnDnsError = servers.Length > 1,
            ContinueOnEmptyResponse = false,
            ExtendedDnsBufferSize = 1232,
        });
    }

    /// <inheritdoc/>
    public async ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        var name = question.Name;
        var timeToLive = _options.MaxTimeToLive;
        for (var alias = 0; alias <= MaxAliases; alias++)
        {
            if (!DnsName.IsAskable(name))
            {
                return alias == 0
                    ? DnsAnswer.Without(DnsStatus.NxDomain, "the name is none that the DNS can hold")
                    : DnsAnswer.Without(DnsStatus.ServerFailure, "an alias (CNAME) leads to a name that cannot be asked for");
            }

            var (answer, next) = await AskAsync(name, question.Type, cancellationToken);
            if (answer.IsTrouble)
            {
                return answer;
            }

            timeToLive = answer.TimeToLive < timeToLive ? answer.TimeToLive : timeToLive;
            if (next is null)
            {
                return answer with { TimeToLive = timeToLive };
            }

            name = next;
        }

        return DnsAnswer.Without(DnsStatus.ServerFailure, $"more than {MaxAliases} aliases (CNAME) in a row");
    }

    private async Task<(DnsAnswer Answer, string? Next)> AskAsync(string name, DnsType type, CancellationToken cancellationToken)
    {
        try
        {
            var asked = _client.QueryAsync(new DnsClient.DnsQuestion(WireName.ToLibrary(name), ToQueryType(type), QueryClass.IN), cancellationToken);
            if (await Task.WhenAny(asked, Task.Delay(RefusalProbe.Patience, _time, cancellationToken)) != asked
                && await Task.WhenAny(asked, _probe.FindAsync()) is Task<string?> { Result: { } refusal })
            {
                // The question's own end no longer matters to anybody.
                _ = asked.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                return (DnsAnswer.Without(DnsStatus.ServerFailure, refusal), null);
            }

            return DnsResponseReader.Read(await asked, name, type, _options);
        }
        catch (Exception e)
        {
            // Whatever the bytes of a packet make the library throw is this answer's fault, never the end of a check.
            cancellationToken.ThrowIfCancellationRequested();
            return await AskPlainlyAsync(e, name, type, cancellationToken) is { } plain ? DnsResponseReader.Read(plain, name, type, _options) : (Describe(e), null);
        }
    }

    // The library turns the A-labels of owners into Unicode, and throws where one stands for nothing.
    private async Task<WireResponse?> AskPlainlyAsync(Exception e, string name, DnsType type, CancellationToken cancellationToken)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is ArgumentException and not ArgumentNullException)
            {
                return await _plain.AskAsync(name, type, cancellationToken);
            }
        }

        return null;
    }

    private DnsAnswer Describe(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                // UDP is not connected and hears of no refusal: this is TCP, after an answer that was cut short.
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return DnsAnswer.Without(DnsStatus.ServerFailure, $"{_servers} refuses TCP, which a long answer needs");
                case SocketException { SocketErrorCode: SocketError.TimedOut } or OperationCanceledException or TimeoutException:
                case DnsResponseException { Code: DnsResponseCode.ConnectionTimeout }:
                    return DnsAnswer.Without(DnsStatus.Timeout, $"no answer in time from {_servers}");
                case SocketException socket:
                    return DnsAnswer.Without(DnsStatus.ServerFailure, $"{_servers} {RefusalProbe.Describe(socket.SocketErrorCode)}");
            }
        }

        return DnsAnswer.Without(DnsStatus.ServerFailure, $"the answer of {_servers} cannot be read");
    }

    /// <summary>The library's word for a type.</summary>
    internal static QueryType ToQueryType(DnsType type) => type switch
    {
        DnsType.A => QueryType.A,
        DnsType.Aaaa => QueryType.AAAA,
        DnsType.Mx => QueryType.MX,
        DnsType.Txt => QueryType.TXT,
        _ => QueryType.PTR,
    };
}
