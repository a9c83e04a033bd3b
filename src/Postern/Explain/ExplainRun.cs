using Postern.Capture.Grammar;
using Postern.Capture.Inputs;
using Postern.Capture.Logs;
using Postern.Capture.Notices;
using Postern.Classification;
using Postern.Classification.Causes;
using Postern.Classification.Clients;
using Postern.Classification.Sessions;
using Postern.Decisions;
using Postern.Decisions.Jails;
using Postern.Decisions.Persistence;
using Postern.Facts;

namespace Postern.Explain;

/// <summary>One explanation in the making: what was read so far, and at the end what it means.</summary>
internal sealed class ExplainRun(ExplainRequest request, TimeProvider time)
{
    private readonly LogClassifier _classifier = new(request.Since, request.Until);
    private readonly List<ReportWarning> _warnings = [];
    private const int MostUnknownForms = 20;
    private const int DomainsTold = 3;
    private readonly UnknownForms _unknownForms = new();
    private long _lines, _postfixLines, _unparsedLines, _unknownLines, _sessionLines;
    private LogTime _first, _last;
    private bool _isUndated;
    private LogTime _overlapsUntil;
    private ulong _mailboxes;
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private Notice? _transcript;
    private PairedLines? _pairs;
    private bool _isBegun;

    /// <summary>Reads all notices of an input.</summary>
    public void ReadNotices(OpenedInput input, CancellationToken stop)
    {
        var mailbox = ++_mailboxes;
        var counts = NoticeReader.Read(input, notice =>
        {
            _transcript ??= notice;
            _classifier.Add(notice, mailbox);
        }, stop);
        Warn(WarningKind.ForeignNotices, input.Path, counts.Foreign);
        Warn(WarningKind.UnreadableNotices, input.Path, counts.Unreadable);
        WarnOfDamage(input);
    }

    /// <summary>Reads a log to its end.</summary>
    public async Task ReadLogAsync(DatedLog log, CancellationToken stop)
    {
        if (log.Host is { Length: > 0 } host)
        {
            _hosts.Add(host);
        }

        if (request.Machine is { } machine && machine.Is(log.Host))
        {
            foreach (var address in machine.Addresses)
            {
                _classifier.Server.Add(address);
            }
        }

        var before = (Postfix: _postfixLines, Unknown: _unknownLines, Session: _sessionLines);
        (_pairs, _isBegun) = (null, false);
        var span = default(LogSpan);
        var reader = new LogBlockReader(log.Content, log.Year);
        _isUndated |= !log.First.IsKnown;
        var pool = new ParserPool(log.Zone, Math.Clamp(Environment.ProcessorCount, 1, 4)) { ReadsUnstamped = !log.First.IsKnown };
        try
        {
            await pool.RunAsync(reader, block =>
            {
                Take(block, log);
                span = span.With(block.First, block.Last);
            }, stop);
        }
        catch (IOException e)
        {
            _warnings.Add(new ReportWarning(WarningKind.ReadError, log.Input.Path, 0, e.Message));
        }

        Warn(WarningKind.LongLines, log.Input.Path, reader.LongLines);
        Warn(WarningKind.DoubledLines, log.Input.Path, _pairs is null ? 0 : _postfixLines - before.Postfix);
        WarnOfDamage(log.Input);
        if (NoSessions(span, _postfixLines - before.Postfix, _unknownLines - before.Unknown, _sessionLines - before.Session) is var (kind, number))
        {
            Warn(kind, log.Input.Path, number);
        }

        if (log.IsYearInferred && _last.UtcTicks > time.GetUtcNow().AddDays(1).UtcTicks)
        {
            _warnings.Add(new ReportWarning(WarningKind.YearUncertain, log.Input.Path, log.Year));
        }
    }

    /// <summary>What it all means.</summary>
    public Explanation Explain()
    {
        _classifier.FinishLogs();
        _classifier.Finish();
        var ledger = _classifier.Ledger;
        var campaigns = Campaigns.Find(ledger.Clients, ledger.Logins);
        var largest = campaigns.Where(campaign => campaign.Helo is null).GroupBy(campaign => campaign.Behaviour).ToDictionary(group => group.Key, group => group.Max(c => c.Clients.Count));
        MarkRelays(ledger);
        var server = _classifier.Server;
        foreach (var (address, name) in ledger.Names)
        {
            server.Note(address, name);
        }

        var clues = new ClueFinder(request.IsGenericName, largest) { Guessers = GuessingCampaigns.Members(campaigns), IsServer = server.Has };
        var maker = new FindingMaker(ledger, clues, request.IsGenericName, new JailScorer(new JailOptions(), new PersistenceOptions()), _isUndated);
        var timelines = Timelines.Between(_classifier.First, _classifier.Last);
        var findings = FindingOrder.List(
            [.. Enumerable.Range(0, ledger.Count).Where(number => request.All || ledger.IsNotable(number))], ledger.Address,
            number => maker.Judge(number).Finding,
            number =>
            {
                var (finding, weight) = maker.Judge(number);
                timelines?.Add(finding.Verdict, ledger, number);
                return (finding, weight);
            });
        var ordinary = ledger.Ordinary;
        WarnOfUntold(ledger);
        if (_lines > 0 && _postfixLines == 0)
        {
            Warn(WarningKind.NoPostfix, null, _lines);
        }

        if (_postfixLines > 0 && ledger.Sessions == 0 && !_warnings.Exists(static warning => IsOfNoSession(warning.Kind)))
        {
            Warn(WarningKind.NoSessionFragments, null, _postfixLines);
        }

        var from = _first.IsKnown ? _first : _classifier.First;
        var to = _last.IsKnown ? _last : _classifier.Last;
        return new Explanation
        {
            From = from,
            To = to,
            Host = _hosts.Count == 1 ? _hosts.Single() : null,
            LinesRead = _lines,
            LinesPostfix = _postfixLines,
            LinesUnparsed = _unparsedLines,
            UnknownForms = _unknownForms.Top(MostUnknownForms),
            Notices = _classifier.Notices,
            Transcript = _lines == 0 && _classifier.Notices == 1 ? _transcript : null,
            Sessions = ledger.Sessions,
            Clients = findings,
            Troubles = OwnTroubles.Of(ledger),
            OrdinaryClients = ordinary.Clients,
            OrdinarySessions = ordinary.Sessions,
            Campaigns = campaigns,
            Takeovers = [.. ledger.Accounts.Takeovers.OrderByDescending(takeover => takeover.Clients.Count)],
            Timeline = timelines?.Of(ledger),
            Load = LoadMeter.Of(ledger),
            Warnings = _warnings,
        };
    }

    // Which networks are Postfix's mynetworks no log tells; of who is not certainly a stranger the report says what would tell.
    private void MarkRelays(ClientLedger ledger)
    {
        var untold = new List<string>();
        foreach (var relay in _classifier.Relays.Find())
        {
            if (!relay.IsStranger(request.IsGenericName)
                || !ledger.TryMarkRelay(relay.Client, string.Join(", ", relay.Domains.Take(DomainsTold)), relay.Mail.ClientName, relay.Mail.First, relay.Mail.Last))
            {
                untold.Add(relay.Client.ToString());
            }
        }

        if (untold.Count > 0)
        {
            _warnings.Add(new ReportWarning(WarningKind.RelayedWithoutLogin, null, untold.Count, string.Join(", ", untold.Take(DomainsTold))));
        }
    }

    private void Take(LogBlock block, DatedLog log)
    {
        var input = log.Input;
        _lines += block.Lines;
        _postfixLines += block.PostfixLines;
        _unparsedLines += block.UnparsedLines;
        _sessionLines += block.SessionLines;
        if (block.UnknownLines > 0)
        {
            _unknownLines += block.UnknownLines;
            _unknownForms.Add(block.UnknownForms);
        }

        _first = block.First.IsKnown && (!_first.IsKnown || block.First < _first) ? block.First : _first;
        _last = block.Last > _last ? block.Last : _last;
        // Rotated logs follow each other: only where one goes on beyond the next one's start may both hold a line.
        _overlapsUntil = log.NextFirst.IsKnown && block.Last >= log.NextFirst && block.Last > _overlapsUntil ? block.Last : _overlapsUntil;
        var overlaps = log.HasCopies || (_overlapsUntil.IsKnown && (!block.First.IsKnown || block.First <= _overlapsUntil));
        if (!_isBegun && block.EventCount > 0)
        {
            // A supervisor's copies are told by their mark.
            (_pairs, _isBegun) = (!log.HasCopies && PairedLines.AreDoubled(block.Events) ? new PairedLines() : null, true);
        }

        _classifier.Add(block.Events, overlaps ? (ulong)log.Number : 0, _pairs);
        request.Progress?.Invoke(input.Position, input.Length ?? 0);
    }

    // Why the lines of Postfix in a log tell of no session; null where they do, or there are none.
    private (WarningKind Kind, long Number)? NoSessions(LogSpan span, long postfix, long unknown, long session)
    {
        if (postfix == 0)
        {
            return null;
        }

        if ((request.Since.IsKnown && span.Last < request.Since) || (request.Until.IsKnown && span.First > request.Until))
        {
            return (WarningKind.NoSessionOutsidePeriod, postfix);
        }

        return session > 0 ? null : unknown > 0 ? (WarningKind.NoSessionUnknownForms, unknown) : (WarningKind.NoSessionOtherDaemons, postfix);
    }

    private static bool IsOfNoSession(WarningKind kind) =>
        kind is WarningKind.NoSessionOtherDaemons or WarningKind.NoSessionUnknownForms or WarningKind.NoSessionOutsidePeriod;

    private void Warn(WarningKind kind, string? input, long number)
    {
        if (number > 0)
        {
            _warnings.Add(new ReportWarning(kind, input, number));
        }
    }

    private void WarnOfDamage(OpenedInput input)
    {
        if (input.Damage is { } damage)
        {
            _warnings.Add(new ReportWarning(WarningKind.DamagedArchive, input.Path, input.LinesBeforeDamage, damage));
        }
    }

    private void WarnOfUntold(ClientLedger ledger) =>
        Warn(WarningKind.TextNotLogged, null, ledger.Details.Sum(static details => (long)details.UntoldCommands));

    private readonly record struct LogSpan(LogTime First, LogTime Last)
    {
        public LogSpan With(LogTime first, LogTime last) => new(
            first.IsKnown && (!First.IsKnown || first < First) ? first : First, last > Last ? last : Last);
    }
}
