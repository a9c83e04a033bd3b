using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.Spf;

/// <summary>
/// Evaluates SPF policies: check_host() of RFC 7208, with its verified errata. One instance serves all checks at once and keeps
/// what it has parsed; DNS answers are the resolver's to keep.
/// </summary>
/// <param name="resolver">Whom to ask.</param>
/// <param name="options">The limits.</param>
/// <param name="time">For the macro <c>%{t}</c>; the system's by default.</param>
public sealed class SpfEvaluator(IResolver resolver, SpfOptions options, TimeProvider? time = null)
{
    private readonly SpfPolicyCache _policies = new(options.CachedCharacters);

    /// <summary>Asks whether a client may use a domain as the sender of its mail.</summary>
    /// <param name="client">The client's address; an unknown one gives <see cref="SpfResult.None"/>.</param>
    /// <param name="domain">The domain whose policy is asked: of MAIL FROM, or the HELO name. Anything that is no name of at
    /// least two labels gives <see cref="SpfResult.None"/>. U-labels are read as A-labels (RFC 8616).</param>
    /// <param name="sender">The address of MAIL FROM, or <c>postmaster@</c> and the HELO name. Without a local part,
    /// <c>postmaster</c> is put; empty, the postmaster of the domain.</param>
    /// <param name="helo">The HELO name, for the macro <c>%{h}</c>.</param>
    /// <param name="cancellationToken">The time limit of the check: when it is cancelled, the result is
    /// <see cref="SpfResult.TempError"/> (RFC 7208, 4.6.4).</param>
    /// <param name="stopping">The end of the program, where the caller must tell it from the time limit.</param>
    /// <returns>The result; trouble of any kind is a result, too.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async ValueTask<SpfOutcome> EvaluateAsync(
        ClientAddress client,
        string domain,
        string sender,
        string helo,
        CancellationToken cancellationToken,
        CancellationToken stopping = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(helo);
        stopping.ThrowIfCancellationRequested();
        var name = SpfNames.Normalize(domain);
        if (!client.IsKnown || !SpfNames.IsCheckable(name))
        {
            var problem = client.IsKnown ? $"{SpfNames.Quote(domain)} is no domain name" : "the client's address is not known";
            return new SpfOutcome { Result = SpfResult.None, Problem = problem };
        }

        var identity = new SpfIdentity(client, name, sender, helo, options.ReceiverName, time ?? TimeProvider.System);
        var lookups = new SpfLookups(resolver, options, identity, cancellationToken);
        var ahead = resolver is CachingResolver caching ? new SpfPrefetch(caching, _policies, identity, lookups.AddressType, cancellationToken) : null;
        var run = new SpfRun(lookups, options, _policies, identity, ahead);
        try
        {
            return await run.EvaluateAsync(name);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested && cancellationToken.IsCancellationRequested)
        {
            // A fail whose explanation came too late is a fail.
            return run.Decided ?? new SpfOutcome
            {
                Result = SpfResult.TempError,
                Lookups = lookups.Asked,
                Problem = "the check did not end within its time",
            };
        }
    }
}
