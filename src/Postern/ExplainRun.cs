using Postern.Capture.Inputs;
using Postern.Capture.Logs;
using Postern.Capture.Notices;
using Postern.Classification;
using Postern.Classification.Causes;
using Postern.Classification.Clients;
using Postern.Decisions;
using Postern.Decisions.Persistence;
using Postern.Facts;

namespace Postern;

/// <summary>One explanation in the making: what was read so far, and at the end what it means.</summary>
internal sealed class ExplainRun(ExplainRequest request, TimeProvider time)
{
    private readonly LogClassifier _classifier = new(request.Since, request.Until);
    private readonly List<ReportWarning> _warnings = [];
    private long _lines, _postfixLines, _unparsedLines;
    private LogTime _first, _last;

    /// <summary>Reads all notices of an input.</summary>
    public void ReadNotices(OpenedInput input, CancellationToken stop)
    {
        var counts = NoticeReader.Read(input, _classifier.Add, stop);
        Warn(WarningKind.ForeignNotices, input.Path, counts.Foreign);
        Warn(WarningKind.UnreadableNotices, input.Path, counts.Unreadable);
        WarnOfDamage(input);
    }

    /// <summary>Logs in the order of their first stamps, so that a session may go on from one file to the next.</summary>
    public IEnumerable<DatedLog> InOrder(IEnumerable<OpenedInput> inputs)
    {
        var now = time.GetUtcNow();
        return inputs.Select(input => DatedLog.Of(input, request.Year, now, time.LocalTimeZone)).OrderBy(log => log.First.UtcTicks).ToList();
    }

    /// <summary>Reads a log to its end.</summary>
    public async Task ReadLogAsync(DatedLog log, CancellationToken stop)
    {
        var reader = new LogBlockReader(log.Content, log.Year);
        var pool = new ParserPool(time.LocalTimeZone, Math.Clamp(Environment.ProcessorCount, 1, 4));
        try
        {
            await pool.RunAsync(reader, block => Take(block, log.Input), stop);
        }
        catch (IOException e)
        {
            _warnings.Add(new ReportWarning(WarningKind.ReadError, log.Input.Path, 0, e.Message));
        }

        Warn(WarningKind.LongLines, log.Input.Path, reader.LongLines);
        WarnOfDamage(log.Input);
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
        var largest = campaigns.GroupBy(campaign => campaign.Behaviour).ToDictionary(group => group.Key, group => group.Max(c => c.Clients.Count));
        var judge = new ClientJudge(new ClueFinder(request.IsGenericName, largest));
        var jail = new JailJudge(new JailOptions(), new PersistenceOptions());
        ClientFinding Find(ClientAddress address)
        {
            var history = ledger.Clients[address];
            var finding = judge.Judge(address, history);
            return finding with { Verdict = jail.Judge(history.Marks, history.Accepted, history.LoggedIn, finding.Cause.Cause, address.IsKnown) };
        }

        var shown = ledger.Clients.Where(pair => request.All || pair.Value.Details is not null).Select(pair => pair.Key);
        var findings = FindingOrder.List(shown, Find, address => JailJudge.Weight(ledger.Clients[address].Marks));
        var ordinary = ledger.Clients.Values.Where(history => history.Details is null).ToList();
        WarnOfUntold(ledger);
        if (_lines > 0 && _postfixLines == 0)
        {
            Warn(WarningKind.NoPostfix, null, _lines);
        }

        var from = _first.IsKnown ? _first : _classifier.First;
        var to = _last.IsKnown ? _last : _classifier.Last;
        return new Explanation
        {
            From = from,
            To = to,
            LinesRead = _lines,
            LinesPostfix = _postfixLines,
            LinesUnparsed = _unparsedLines,
            Notices = _classifier.Notices,
            Sessions = ledger.Sessions,
            Clients = findings,
            OrdinaryClients = ordinary.Count,
            OrdinarySessions = ordinary.Sum(history => history.Sessions),
            Campaigns = campaigns,
            Takeovers = [.. ledger.Accounts.Takeovers.OrderByDescending(takeover => takeover.Clients.Count)],
            Timeline = Timelines.Of(ledger, _classifier.First, _classifier.Last),
            Load = LoadMeter.Of(ledger),
            Warnings = _warnings,
        };
    }

    private void Take(LogBlock block, OpenedInput input)
    {
        _lines += block.Lines;
        _postfixLines += block.PostfixLines;
        _unparsedLines += block.UnparsedLines;
        _first = block.First.IsKnown && (!_first.IsKnown || block.First < _first) ? block.First : _first;
        _last = block.Last > _last ? block.Last : _last;
        _classifier.Add(block.Events);
        request.Progress?.Invoke(input.Position, input.Length ?? 0);
    }

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
        Warn(WarningKind.TextNotLogged, null, ledger.Clients.Values.Sum(history => (long)(history.Details?.UntoldCommands ?? 0)));
}
