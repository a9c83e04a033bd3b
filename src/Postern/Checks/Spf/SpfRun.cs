using Postern.Checks.Dns;

namespace Postern.Checks.Spf;

/// <summary>
/// One check. Included policies are kept on a stack of its own, whose depth the limit of lookups bounds; a loop of includes or
/// redirects ends by the same limit.
/// </summary>
internal sealed class SpfRun(SpfLookups lookups, SpfOptions options, SpfPolicyCache policies, SpfIdentity identity, SpfPrefetch? ahead)
{
    private readonly record struct Frame(SpfPolicy Policy, string Domain, int Next, bool IsPassing);

    private enum Match
    {
        No,
        Yes,
        Ended,
    }

    // The policies that wait for an included one; the current one is in the three fields.
    private Stack<Frame>? _waiting;
    private SpfPolicy? _policy;
    private string _domain = "";
    private int _next;

    // Whether a match in the current policy is a pass of the whole check, and the innermost term that matched.
    private bool _isPassing = true;
    private readonly SpfBreadth _breadth = new(identity.Client.IsIPv4);
    private (SpfTerm Term, string Domain)? _matched;

    // Set once, by what ends the whole check: temperror or permerror.
    private SpfOutcome? _end;

    /// <summary>The outcome, as soon as only its explanation is still missing.</summary>
    public SpfOutcome? Decided { get; private set; }

    /// <summary>Runs the policy of a domain.</summary>
    public async ValueTask<SpfOutcome> EvaluateAsync(string domain)
    {
        _domain = domain;
        _policy = await FetchAsync(domain);
        if (_policy is null)
        {
            return _end ?? new SpfOutcome { Result = SpfResult.None, Lookups = lookups.Asked };
        }

        _breadth.Add(_policy);

        while (true)
        {
            if (_next == _policy.Terms.Length && _policy.Redirect is { } redirect)
            {
                if (!await EnterAsync(redirect, "redirect="))
                {
                    return _end!;
                }

                continue;
            }

            var decided = _next == _policy.Terms.Length;
            var result = decided ? SpfResult.Neutral : _policy.Terms[_next].Verdict;
            if (!decided)
            {
                switch (await TestAsync(_policy.Terms[_next]))
                {
                    case Match.Ended:
                        return _end!;
                    case Match.Yes:
                        decided = true;
                        _matched = (_policy.Terms[_next], _domain);
                        break;
                    default:
                        _next++;
                        break;
                }
            }

            // A policy's end decides its include: a pass is a match there, and thus decides that policy, too (RFC 7208, 5.2).
            while (decided && _waiting is { Count: > 0 })
            {
                (_policy, _domain, _next, _isPassing) = _waiting.Pop();
                decided = result == SpfResult.Pass;
                result = _policy.Terms[_next].Verdict;
                _next += decided ? 0 : 1;
            }

            if (decided)
            {
                return await FinishAsync(result);
            }
        }
    }

    private async ValueTask<SpfOutcome> FinishAsync(SpfResult result)
    {
        Decided = new SpfOutcome
        {
            Result = result,
            Mechanism = _next < _policy!.Terms.Length ? _policy.Written(_policy.Terms[_next]) : null,
            Explanation = result == SpfResult.Fail ? options.DefaultExplanation : null,
            Lookups = lookups.Asked,
            IsOpen = result == SpfResult.Pass && _matched is { } matched && await IsOpenAsync(matched.Term, matched.Domain),
        };
        return result == SpfResult.Fail && await ExplainAsync() is { } words ? Decided with { Explanation = words } : Decided;
    }

    /// <summary>True where the term that matched lets everybody pass, in whatever words.</summary>
    private async ValueTask<bool> IsOpenAsync(SpfTerm term, string domain)
    {
        switch (term.Mechanism)
        {
            case SpfMechanism.All:
                return true;
            case SpfMechanism.Ptr:
                // Of a whole top-level domain.
                return term.Target is { Fixed: { } target } && !target.Contains('.', StringComparison.Ordinal);
            case SpfMechanism.Exists:
                return !term.Target!.NamesClient || (!term.Target.NeedsName && await AnswersEverybodyAsync(term.Target, domain));
            default:
                return _breadth.IsOpen;
        }
    }

    /// <summary>
    /// Asks about two addresses that have nothing to do with the client: a zone that knows both knows everybody. Without an answer
    /// the pass cannot be told from such a one.
    /// </summary>
    private async ValueTask<bool> AnswersEverybodyAsync(MacroString target, string domain)
    {
        foreach (var other in identity.Others())
        {
            var answer = await lookups.AskAsync(MacroExpander.Domain(target, other, domain, null), DnsType.A);
            if (answer.IsVoid)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Puts another policy in the current one's place.</summary>
    private async ValueTask<bool> EnterAsync(MacroString target, string kind)
    {
        if (!lookups.CountTerm())
        {
            return TooMany();
        }

        var domain = await ExpandAsync(target);
        if (await FetchAsync(domain) is { } policy)
        {
            (_policy, _domain, _next) = (policy, domain, 0);
            if (_isPassing)
            {
                _breadth.Add(policy);
            }

            return true;
        }

        _end ??= Error(SpfResult.PermError, $"{kind}{SpfNames.Quote(domain)} names a domain without a policy");
        return false;
    }

    /// <summary>The policy of a domain. Null where it has none, or where the check ends.</summary>
    private async ValueTask<SpfPolicy?> FetchAsync(string domain)
    {
        if (!SpfNames.IsAskable(domain) || !domain.Contains('.', StringComparison.Ordinal))
        {
            return null;
        }

        var asked = lookups.AskAsync(domain, DnsType.Txt);
        // What is kept in memory came with all that it names.
        var isNews = !asked.IsCompleted;
        var answer = await asked;
        if (answer.IsTrouble)
        {
            _end = Trouble(domain, DnsType.Txt, answer);
            return null;
        }

        string? record = null;
        foreach (var text in answer.Texts)
        {
            if (!SpfParser.IsRecord(text))
            {
                continue;
            }

            if (record is not null)
            {
                _end = Error(SpfResult.PermError, $"{SpfNames.Quote(domain)} has more than one SPF record");
                return null;
            }

            record = text;
        }

        var policy = record is null ? null : policies.Get(record);
        if (policy?.Problem is { } problem)
        {
            _end = Error(SpfResult.PermError, $"the SPF record of {SpfNames.Quote(domain)} is wrong: {problem}");
            return null;
        }

        if (isNews && policy is not null)
        {
            ahead?.Follow(policy, domain);
        }

        return policy;
    }

    private ValueTask<Match> TestAsync(SpfTerm term)
    {
        switch (term.Mechanism)
        {
            case SpfMechanism.All:
                return new(Match.Yes);
            case SpfMechanism.Ip4:
                return new(identity.Client.IsIPv4 && term.Covers(term.Network, identity.Client) ? Match.Yes : Match.No);
            case SpfMechanism.Ip6:
                return new(!identity.Client.IsIPv4 && term.Covers(term.Network, identity.Client) ? Match.Yes : Match.No);
            case SpfMechanism.Include:
                return IncludeAsync(term);
            default:
                return lookups.CountTerm() ? AskAsync(term) : new(TooMany() ? Match.No : Match.Ended);
        }
    }

    private async ValueTask<Match> IncludeAsync(SpfTerm term)
    {
        var here = new Frame(_policy!, _domain, _next, _isPassing);
        _isPassing &= term.Verdict == SpfResult.Pass;
        if (!await EnterAsync(term.Target!, "include:"))
        {
            return Match.Ended;
        }

        (_waiting ??= new()).Push(here);

        // The loop steps over the term that did not match; the new policy begins at its first.
        _next = -1;
        return Match.No;
    }

    private async ValueTask<Match> AskAsync(SpfTerm term)
    {
        var domain = term.Target is null ? _domain : await ExpandAsync(term.Target);
        if (term.Mechanism == SpfMechanism.Ptr)
        {
            // Trouble with the client's own names is no match, not an error (RFC 7208, 5.5).
            var within = await lookups.HasNameWithinAsync(domain);
            return within ? Match.Yes : lookups.CountNameless() ? Match.No : TooManyVoid();
        }

        var type = term.Mechanism switch
        {
            SpfMechanism.Mx => DnsType.Mx,
            SpfMechanism.Exists => DnsType.A,
            _ => lookups.AddressType,
        };
        var answer = await lookups.AskAsync(domain, type);
        return answer.IsTrouble ? Ended(Trouble(domain, type, answer))
            : !lookups.CountVoid(answer) ? TooManyVoid()
            : type == DnsType.Mx ? await ExchangersAsync(term, domain, answer)
            : term.Mechanism == SpfMechanism.Exists ? (answer.Addresses.Count > 0 ? Match.Yes : Match.No)
            : Covers(term, answer) == Match.No && answer.Truncated ? Ended(TooManyAddresses(domain)) : Covers(term, answer);
    }

    private async ValueTask<Match> ExchangersAsync(SpfTerm term, string domain, DnsAnswer answer)
    {
        if (answer.Exchangers.Count > options.NameLimit)
        {
            return Ended(Error(SpfResult.PermError, $"{SpfNames.Quote(domain)} has more than {options.NameLimit} mail exchangers"));
        }

        foreach (var exchanger in answer.Exchangers)
        {
            var host = await lookups.AskAsync(exchanger.Name, lookups.AddressType);
            if (host.IsTrouble)
            {
                return Ended(Trouble(exchanger.Name, lookups.AddressType, host));
            }

            if (!lookups.CountVoid(host))
            {
                return TooManyVoid();
            }

            if (Covers(term, host) == Match.Yes)
            {
                return Match.Yes;
            }

            if (host.Truncated)
            {
                return Ended(TooManyAddresses(exchanger.Name));
            }
        }

        return Match.No;
    }

    private Match Covers(in SpfTerm term, DnsAnswer answer)
    {
        foreach (var address in answer.Addresses)
        {
            if (term.Covers(address, identity.Client))
            {
                return Match.Yes;
            }
        }

        return Match.No;
    }

    /// <summary>The words of the policy that failed. Whatever is wrong with them, the fail stands (RFC 7208, 6.2).</summary>
    private async ValueTask<string?> ExplainAsync()
    {
        if (_policy!.Explanation is null)
        {
            return null;
        }

        var answer = await lookups.AskAsync(await ExpandAsync(_policy.Explanation), DnsType.Txt);
        if (answer.Texts is not [var text] || MacroParser.ParseExplanation(text, out _) is not { } explanation)
        {
            return null;
        }

        var name = explanation.NeedsName ? await lookups.NameAsync(_domain) : null;
        return MacroExpander.Explanation(explanation, identity, _domain, name, options.ExplanationLimit);
    }

    private async ValueTask<string> ExpandAsync(MacroString target)
    {
        var name = target.NeedsName ? await lookups.NameAsync(_domain) : null;
        return MacroExpander.Domain(target, identity, _domain, name);
    }

    private bool TooMany()
    {
        _end = Error(SpfResult.PermError, $"the policy needs more than {options.LookupLimit} lookups");
        return false;
    }

    private Match TooManyVoid() =>
        Ended(Error(SpfResult.PermError, $"more than {options.VoidLookupLimit} of the policy's lookups find nothing"));

    private Match Ended(SpfOutcome end)
    {
        _end = end;
        return Match.Ended;
    }

    // The client may be among those that were dropped.
    private SpfOutcome TooManyAddresses(string name) => Error(SpfResult.PermError, $"{SpfNames.Quote(name)} has more addresses than are looked at");

    private SpfOutcome Trouble(string name, DnsType type, DnsAnswer answer)
    {
        var question = new DnsQuestion(name, type).ToString();
        var reason = answer.Problem is null ? answer.Status.ToString() : SpfNames.Quote(answer.Problem);
        return Error(SpfResult.TempError, $"no answer for {SpfNames.Quote(question)}: {reason}");
    }

    private SpfOutcome Error(SpfResult result, string problem) => new() { Result = result, Problem = problem, Lookups = lookups.Asked };
}
