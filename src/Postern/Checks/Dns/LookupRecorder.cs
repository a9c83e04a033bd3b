namespace Postern.Checks.Dns;

/// <summary>
/// One test's view of the DNS: it notes what the test asks, and turns the end of the whole check's time into a time-out, so
/// that a test needs no thought of either.
/// </summary>
internal sealed class LookupRecorder(IResolver inner, CancellationToken deadline) : IResolver
{
    private const int MaxNoted = 64;

    // A name of RFC 1035's 255 octets, and the type before it.
    private const int MostShown = 270;

    private readonly Lock _lock = new();
    private readonly List<string> _lookups = [];

    /// <summary>The questions in order, each once, at most 64.</summary>
    public IReadOnlyList<string> Lookups
    {
        get
        {
            lock (_lock)
            {
                return [.. _lookups];
            }
        }
    }

    /// <summary>Asks early for what will be needed after other answers, where the resolver keeps the answer until then.</summary>
    public void AskAhead(DnsQuestion question)
    {
        if (inner is CachingResolver && DnsName.IsAskable(question.Name) && !deadline.IsCancellationRequested)
        {
            _ = inner.QueryAsync(question, CancellationToken.None).AsTask();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        var text = Show.Text(question.ToString(), MostShown);
        lock (_lock)
        {
            if (_lookups.Count < MaxNoted && !_lookups.Contains(text, StringComparer.OrdinalIgnoreCase))
            {
                _lookups.Add(text);
            }
        }

        if (!DnsName.IsAskable(question.Name))
        {
            return DnsAnswer.Without(DnsStatus.NxDomain, "the name is none that the DNS can hold");
        }

        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline, cancellationToken);
        try
        {
            return await inner.QueryAsync(question, both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return DnsAnswer.Without(DnsStatus.Timeout, "the time for the whole check is over");
        }
    }
}
