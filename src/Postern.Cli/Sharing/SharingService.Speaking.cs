using Postern.Cli.Sharing.Records;
using Postern.Cli.Sharing.Server;
using Postern.Cli.Terminal;
using Postern.Gate;

namespace Postern.Cli.Sharing;

/// <content>What it says to the server, and hears from it.</content>
internal sealed partial class SharingService
{
    private readonly Dictionary<string, DateTimeOffset> _refusals = new(StringComparer.Ordinal);
    private readonly string _version = ProgramVersion.Text;
    private volatile string? _lost = "not connected yet";
    private volatile string? _storeTrouble;
    private volatile IReadOnlyList<KnownHost> _hosts = [];
    private long _published;
    private long _taken;
    private long _forged;
    private long _refused;
    private long _losses;
    private long _lag;
    private long _namesake = long.MinValue;
    private Task _keeping = Task.CompletedTask;

    // It gave a sign of life of late.
    private bool HasNamesake => _state.Clock.Now - KnownHost.Silence.TotalMilliseconds < Interlocked.Read(ref _namesake);

    /// <summary>How it goes; any thread may ask.</summary>
    public SharingFigures Figures => new(_lost is null ? "connected" : "disconnected", _settings.Host, _hosts)
    {
        Trouble = _lost is { } lost ? $"{_settings.Url!.Text}: {lost}" : HasNamesake ? SharingLog.NamesakeText(_settings.Host) : _storeTrouble,
        HasNamesake = HasNamesake,
        Waiting = _state.Waiting,
        Published = Interlocked.Read(ref _published),
        Taken = Interlocked.Read(ref _taken),
        Forged = Interlocked.Read(ref _forged),
        Refused = Interlocked.Read(ref _refused),
        LagMs = Interlocked.Read(ref _lag),
        Losses = Interlocked.Read(ref _losses),
    };

    private async Task PublishAsync(ShareServer server, CancellationToken stop)
    {
        while (_state.WithPending(static pending => pending.Peek(MostPublished)) is { Count: > 0 } changes)
        {
            var outgoing = changes.Select(change => Outgoing(change)).ToList();
            var (answer, id) = await server.PublishAsync(_epoch, outgoing, stop);
            switch (answer)
            {
                case PublishAnswer.Done:
                    _written = id ?? _written;
                    _state.WithPending(pending =>
                    {
                        pending.Done(changes);
                        return true;
                    });
                    Interlocked.Add(ref _published, changes.Count);
                    Forget(changes, outgoing);
                    break;
                case PublishAnswer.OtherEpoch:
                    await OpenAsync(server, stop);
                    break;
                default:
                    // What waits goes on waiting; the bans are read meanwhile.
                    return;
            }
        }

        while (_state.WithPending(static pending => pending.TakeMemory(MostPublished)) is { Count: > 0 } memory)
        {
            await GiveAsync(memory, server.RememberAsync, stop);
        }

        while (_state.WithPending(static pending => pending.TakeEvidence(MostPublished)) is { Count: > 0 } evidence)
        {
            await GiveAsync(evidence, server.TellAsync, stop);
        }
    }

    private async Task GiveAsync(IReadOnlyList<SharedChange> changes, Func<IReadOnlyList<byte[]>, CancellationToken, Task> give, CancellationToken stop)
    {
        try
        {
            await give([.. changes.Select(_records.Write)], stop);
            Interlocked.Add(ref _published, changes.Count);
        }
        catch
        {
            _state.WithPending(pending =>
            {
                foreach (var change in changes)
                {
                    pending.Add(change);
                }

                return true;
            });
            throw;
        }
    }

    private OutgoingChange Outgoing(SharedChange change)
    {
        var keep = SharedRecords.KeepOf(change);
        var ended = change is SharedUnban unban ? new SharedBan(unban.Host, 0, 0, unban.Network, unban.Jail, default) : null;
        return new OutgoingChange(
            keep / 3_600_000, SharedRecords.SubjectOf(change), _records.Write(change),
            // An unban is remembered for a day longer than what it ends.
            change is SharedUnban ? (keep - 86_400_000) / 3_600_000 : null, ended is null ? [] : SharedRecords.SubjectOf(ended));
    }

    private void Forget(IReadOnlyList<SharedChange> changes, IReadOnlyList<OutgoingChange> outgoing)
    {
        var lasting = changes.Zip(outgoing).Where(static pair => pair.First is not SharedBan).ToList();
        if (lasting.Count > 0)
        {
            Store(() =>
            {
                _store.Know([.. lasting.Select(static pair => (pair.Second.Subject, KnownUntil(pair.First), pair.Second.Record))]);
                _store.Forget([.. lasting.Select(static pair => (pair.Second.Subject, pair.Second.Record))]);
            });
        }
    }

    // False where the server has other data, or no longer all that is new.
    private async Task<bool> ReadAsync(ShareServer server, CancellationToken stop)
    {
        while (true)
        {
            var asked = _time.GetTimestamp();
            var batch = await server.ReadAsync(MostEntries, _changes, _memory, _evidence, Mark, stop);
            if (!string.Equals(batch.Epoch, _epoch, StringComparison.Ordinal) || IsBehind(batch.First))
            {
                return false;
            }

            if (IsOlder(batch))
            {
                await server.RenameAsync(_epoch, stop);
                return false;
            }

            _state.Clock.Set(batch.Now, asked);
            var records = batch.Changes.Concat(batch.Memory).Concat(batch.Evidence).SelectMany(static entry => entry.Records).ToList();
            if (batch.Changes is [.., var last])
            {
                Interlocked.Exchange(ref _lag, Math.Max(0, _state.Clock.Now - last.At));
            }

            foreach (var page in records.Chunk(MostNews))
            {
                await TakeAsync(Read(page), isSnapshot: false, stop);
            }

            (_changes, _memory, _evidence) = (LastOf(batch.Changes, _changes), LastOf(batch.Memory, _memory), LastOf(batch.Evidence, _evidence));
            if (batch.Changes.Count < MostEntries && batch.Memory.Count < MostEntries && batch.Evidence.Count < MostEntries)
            {
                return true;
            }
        }
    }

    private List<SharedChange> Read(IReadOnlyList<byte[]> records)
    {
        var news = new List<SharedChange>(records.Count);
        foreach (var record in records)
        {
            if (_records.Read(record) is not { } change)
            {
                Forge();
                continue;
            }

            Meet(change);
            var (refusal, isNews) = _state.Take(change);
            if (refusal is not null)
            {
                Refuse(change.Host, refusal);
            }
            else if (isNews)
            {
                news.Add(change);
            }
        }

        return news;
    }

    private async Task TakeAsync(List<SharedChange> news, bool isSnapshot, CancellationToken stop)
    {
        if (news.Count == 0)
        {
            return;
        }

        Interlocked.Add(ref _taken, news.Count);
        var known = news.Where(static change => change is SharedUnban or SharedVeto or SharedAllow).ToList();
        if (known.Count > 0)
        {
            // Before the engine acts upon it: a restart must not forget it.
            Store(() => _store.Know([.. known.Select(change => (SharedRecords.SubjectOf(change), KnownUntil(change), _records.Write(change)))]));
        }

        foreach (var sender in news.OfType<SharedGreylisting>())
        {
            _greylist?.Merge(new GreylistRow(sender.Triplet, _state.Clock.ToLocal(sender.First), _state.Clock.ToLocal(sender.Until), sender.IsKnown));
        }

        if (await _bridge.TakeAsync(news, isSnapshot, stop) is { Count: > 0 } said && !_isDryRun)
        {
            Keep(said, isServerTime: true);
            _wake.Writer.TryWrite(true);
        }
    }

    private async Task BeatAsync(ShareServer server, CancellationToken stop)
    {
        var own = new SharedHost(_settings.Host, _state.Clock.Now, _engine.StandingBans, Interlocked.Read(ref _lag), _version, HasNamesake);
        var hosts = new List<KnownHost>();
        foreach (var record in await server.BeatAsync(_records.Write(own), stop))
        {
            if (_records.Read(record) is not SharedHost host)
            {
                Forge();
                continue;
            }

            Meet(host);
            var seen = _state.Clock.ToLocal(host.At);
            if (_time.GetUtcNow() - seen > TimeSpan.FromDays(7))
            {
                await server.ForgetAsync(host.Host, stop);
                continue;
            }

            hosts.Add(new KnownHost(host.Host, seen, host.Bans, host.LagMs, host.Version));
        }

        _hosts = [.. hosts.OrderBy(static host => host.Name, StringComparer.Ordinal)];
    }

    // Another process of this host's name: nothing of it is lost, since each is told from the other by its number.
    private void Meet(SharedChange change)
    {
        if (!_state.IsOfNamesake(change))
        {
            return;
        }

        if (!HasNamesake)
        {
            SharingLog.Namesake(_log, _settings.Host);
        }

        Interlocked.Exchange(ref _namesake, Math.Max(change.At, _namesake));
    }

    // The end of an allow entry that is for good is never.
    private static long KnownUntil(SharedChange change) => SharedRecords.KeepOf(change) is var keep && keep == 0 ? long.MaxValue : keep;

    private void Forge()
    {
        if (Interlocked.Increment(ref _forged) == 1)
        {
            SharingLog.Forged(_log, _settings.Url!.Text);
        }
    }

    private void Refuse(string host, string why)
    {
        Interlocked.Increment(ref _refused);
        var now = _time.GetUtcNow();
        if (!_refusals.TryGetValue(host, out var told) || now - told > TimeSpan.FromHours(1))
        {
            _refusals[host] = now;
            SharingLog.Refused(_log, host, why);
        }
    }

    private static string LastOf(IReadOnlyList<ShareEntry> entries, string before) => entries is [.., var last] ? last.Id : before;
}
