namespace Postern.Checks.Dns;

/// <summary>
/// Asks the DNS. Every outcome is a value: an implementation throws only <see cref="OperationCanceledException"/>, and only when
/// the caller's own token is cancelled. CNAMEs are followed. A name that cannot be asked (an empty label, a label over 63 octets,
/// over 253 in all) is answered with <see cref="DnsStatus.NxDomain"/> without a query.
/// </summary>
public interface IResolver
{
    /// <summary>The answer to one question; equal questions may share one query.</summary>
    ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken);
}
