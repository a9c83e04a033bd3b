using Postern.Checks.Dns;

namespace Postern.Checks.Spf;

/// <summary>
/// Asks early for what a policy will need: its terms are tested one after the other, but their names are known at once. The
/// answers wait in the resolver's memory; what is tested, and what counts towards the limits, is not changed by it.
/// </summary>
internal sealed class SpfPrefetch(CachingResolver resolver, SpfPolicyCache policies, SpfIdentity identity, DnsType addressType, CancellationToken cancellationToken)
{
    // Little more than a policy may ask for at all; one that asks for more gets no help in it.
    private int _left = 24;

    /// <summary>Asks for what the policy of a domain names.</summary>
    public void Follow(SpfPolicy policy, string domain)
    {
        foreach (var term in policy.Terms)
        {
            if (term.Mechanism == SpfMechanism.All
                || (term.Mechanism is SpfMechanism.Ip4 or SpfMechanism.Ip6 && term.Network.IsIPv4 == identity.Client.IsIPv4 && term.Covers(term.Network, identity.Client)))
            {
                return;
            }

            var target = term.Target is null ? domain : term.Target.Fixed;
            switch (term.Mechanism)
            {
                case SpfMechanism.Include:
                    FollowDomain(target);
                    break;
                case SpfMechanism.A:
                    Ask(target, addressType);
                    break;
                case SpfMechanism.Mx:
                    Ask(target, DnsType.Mx, FollowExchangers);
                    break;
                case SpfMechanism.Exists:
                    Ask(target, DnsType.A);
                    break;
                default:
                    break;
            }
        }

        FollowDomain(policy.Redirect?.Fixed);
    }

    private void FollowDomain(string? domain) => Ask(domain, DnsType.Txt, answer =>
    {
        if (answer.Texts.FirstOrDefault(SpfParser.IsRecord) is { } record && policies.Get(record) is { Problem: null } policy)
        {
            Follow(policy, domain!);
        }
    });

    private void FollowExchangers(DnsAnswer answer)
    {
        foreach (var exchanger in answer.Exchangers.Take(10))
        {
            Ask(exchanger.Name, addressType);
        }
    }

    // Nobody waits for it: whoever needs an answer asks for it again, and sees its fault.
    private void Ask(string? name, DnsType type, Action<DnsAnswer>? next = null)
    {
        if (name is null || !SpfNames.IsAskable(name) || cancellationToken.IsCancellationRequested || Interlocked.Decrement(ref _left) < 0)
        {
            return;
        }

        var asked = resolver.QueryAsync(new DnsQuestion(name, type), CancellationToken.None).AsTask();
        if (next is not null)
        {
            _ = asked.ContinueWith(
                answer => next(answer.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }
    }
}
