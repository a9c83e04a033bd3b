using Postern.Checks.Dns;
using Postern.Checks.Dnsbl;
using Postern.Checks.Helo;
using Postern.Checks.ReverseDns;
using Postern.Checks.Spf;
using Postern.Facts;

namespace Postern.Checks.Sender;

/// <summary>
/// Runs all tests of a sender at once, within one deadline. A test waits only for what it is made from: those of the PTR name
/// for the reverse look-up, DMARC for SPF and DKIM. One instance serves every session.
/// </summary>
public sealed class SenderCheck
{
    private readonly SenderCheckOptions _options;
    private readonly DnsblHealth? _health;
    private readonly IResolver _resolver;
    private readonly TimeProvider _time;
    private readonly DnsblCheck _dnsbl;
    private readonly ReverseDnsCheck _reverse;
    private readonly HeloCheck _helo;
    private readonly SpfCheck _spf;
    private readonly MessageCheck _message;

    /// <summary>A check over this resolver, which should be a <see cref="CachingResolver"/>.</summary>
    /// <param name="resolver">Whom to ask.</param>
    /// <param name="options">The options.</param>
    /// <param name="suffixes">Where the names of one owner end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="health">Switches DNS lists off that are no longer sound; null where every list is taken at its word.</param>
    public SenderCheck(IResolver resolver, SenderCheckOptions options, PublicSuffixes suffixes, TimeProvider time, DnsblHealth? health = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_resolver, _options, _time, _health) = (resolver, options, time, health);
        _dnsbl = new(options.Dnsbl, suffixes, health);
        _reverse = new(options.ReverseDns, suffixes);
        _helo = new(options.Helo, suffixes);
        _spf = new(new SpfEvaluator(resolver, options.Spf, time), suffixes, resolver);
        _message = new(options, suffixes, time);
    }

    /// <summary>Tests every DNS list whose test is due, so that an unsound one is found before a client is judged by it.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token was cancelled.</exception>
    public async Task TestListsAsync(CancellationToken cancellationToken)
    {
        if (_health is not null)
        {
            await Task.WhenAll(_options.Dnsbl.Zones.Select(zone => _health.FindProblemAsync(zone, _resolver, cancellationToken).AsTask()));
        }
    }

    /// <summary>The findings of all tests; DNS trouble is among them, never an exception.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token was cancelled.</exception>
    public async Task<SenderFacts> RunAsync(SenderQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        using var limit = new CancellationTokenSource(_options.Dns.CheckDeadline, _time);
        var deadline = limit.Token;
        var client = question.Address;
        var given = question;
        question = question with { Helo = question.Helo is { } written ? DnsName.ToAscii(written) : null };
        LookupRecorder Log() => new(_resolver, deadline);

        LookupRecorder pointerLog = Log(), forwardLog = Log();
        var namesTask = ReverseNames.FindAsync(client, _options.ReverseDns, pointerLog, forwardLog, cancellationToken);
        var senderDomain = question.Sender is { Length: > 0 } sender ? DnsName.DomainOf(sender) : null;
        var dnsbl = _dnsbl.RunAsync(client, question.Helo, senderDomain, Log(), cancellationToken);
        var heloResolves = HeloCheck.ResolvesAsync(question.Helo, client, Log(), cancellationToken);
        var spfHelo = _spf.HeloAsync(question, deadline, cancellationToken);
        var spfMailFrom = _spf.MailFromAsync(question, Log(), deadline, cancellationToken);
        var spfPointer = SpfPointerAsync(question, namesTask, deadline, cancellationToken);
        var message = _message.RunAsync(question, spfMailFrom, heloResolves, Log, cancellationToken);
        await Task.WhenAll(namesTask, dnsbl, heloResolves, spfHelo, spfMailFrom, spfPointer, message);

        var names = await namesTask;
        var ofMessage = await message;
        return new()
        {
            Address = client,
            Helo = given.Helo,
            Sender = given.Sender,
            Findings =
            [
                await dnsbl,
                ReverseDnsCheck.Pointer(names, pointerLog.Lookups),
                ReverseDnsCheck.Confirmed(names, forwardLog.Lookups),
                _reverse.Generic(names, client),
                _helo.Syntax(question.Helo, client),
                await heloResolves,
                _helo.Agrees(question.Helo, names),
                await spfHelo,
                await spfPointer,
                await spfMailFrom,
                .. ofMessage.Findings,
            ],
            AuthenticationResults = ofMessage.AuthenticationResults,
        };
    }

    private async Task<SenderFinding> SpfPointerAsync(SenderQuestion question, Task<ReverseNames> names, CancellationToken deadline, CancellationToken cancellationToken) =>
        await _spf.PointerAsync(question, await names, deadline, cancellationToken);
}
