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

    /// <summary>A resolver with these options.</summary>
    public DnsClientResolver(DnsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var servers = options.Servers.Count > 0
            ? [.. options.Servers.Select(s => new NameServer(s))]
            : NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false).ToArray();
        if (servers.Length == 0)
            servers = [new NameServer(IPAddress.Loopback)];
        _probe = new RefusalProbe([.. servers.Select(s => new IPEndPoint(IPAddress.Parse(s.Address), s.Port))], TimeProvider.System);
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
                return DnsAnswer.Without(DnsStatus.NxDomain, "the name is none that the DNS can hold");
            var (response, failure) = await AskAsync(name, question.Type, cancellationToken);
            if (response is null)
                return failure!;
            var (answer, next) = DnsResponseReader.Read(response, name, question.Type, _options);
            timeToLive = answer.TimeToLive < timeToLive ? answer.TimeToLive : timeToLive;
            if (next is null)
                return answer with { TimeToLive = timeToLive };
            name = next;
        }

        return DnsAnswer.Without(DnsStatus.ServerFailure, $"more than {MaxAliases} aliases (CNAME) in a row");
    }

    private async Task<(IDnsQueryResponse? Response, DnsAnswer? Failure)> AskAsync(string name, DnsType type, CancellationToken cancellationToken)
    {
        try
        {
            var asked = _client.QueryAsync(name, ToQueryType(type), QueryClass.IN, cancellationToken);
            if (await Task.WhenAny(asked, Task.Delay(RefusalProbe.Patience, cancellationToken)) != asked
                && await Task.WhenAny(asked, _probe.FindAsync()) is Task<string?> { Result: { } refusal })
            {
                // The question's own end no longer matters to anybody.
                _ = asked.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                return (null, DnsAnswer.Without(DnsStatus.ServerFailure, refusal));
            }

            return (await asked, null);
        }
        catch (Exception e) when (e is DnsResponseException or DnsXidMismatchException or SocketException or IOException or OperationCanceledException or ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, Describe(e));
        }
    }

    private static DnsAnswer Describe(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return DnsAnswer.Without(DnsStatus.ServerFailure, "the resolver refuses connections");
                case SocketException { SocketErrorCode: SocketError.TimedOut } or OperationCanceledException or TimeoutException:
                case DnsResponseException { Code: DnsResponseCode.ConnectionTimeout }:
                    return DnsAnswer.Without(DnsStatus.Timeout, "no answer in time");
                case SocketException socket:
                    return DnsAnswer.Without(DnsStatus.ServerFailure, $"the resolver cannot be reached ({socket.SocketErrorCode})");
                case ArgumentException:
                    return DnsAnswer.Without(DnsStatus.NxDomain, "the name is none that the DNS can hold");
            }
        }

        return DnsAnswer.Without(DnsStatus.ServerFailure, "the answer cannot be read");
    }

    private static QueryType ToQueryType(DnsType type) => type switch
    {
        DnsType.A => QueryType.A,
        DnsType.Aaaa => QueryType.AAAA,
        DnsType.Mx => QueryType.MX,
        DnsType.Txt => QueryType.TXT,
        _ => QueryType.PTR,
    };
}
