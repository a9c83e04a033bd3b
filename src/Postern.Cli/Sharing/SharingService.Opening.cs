using System.Globalization;
using Postern.Cli.Sharing.Records;
using Postern.Cli.Sharing.Server;

namespace Postern.Cli.Sharing;

/// <content>How it begins with a server, and begins again where the server has lost something.</content>
internal sealed partial class SharingService
{
    // Goes on behind the last change where the server still has it; else all is compared.
    private async Task OpenAsync(ShareServer server, CancellationToken stop)
    {
        var (epoch, last) = await server.EpochAsync(stop);
        var (isLost, isOther) = (_epoch.Length > 0 && !string.Equals(epoch, _epoch, StringComparison.Ordinal), !string.Equals(epoch, _epoch, StringComparison.Ordinal));
        var asked = _time.GetTimestamp();
        var batch = await server.ReadAsync(1, _changes, _memory, _evidence, Mark, stop);
        if (!isOther && IsOlder(batch))
        {
            await server.RenameAsync(_epoch, stop);
            (epoch, last) = await server.EpochAsync(stop);
            (isLost, isOther) = (true, true);
        }

        if (isOther)
        {
            (_memory, _evidence) = ("0-0", "0-0");
        }

        _state.Clock.Set(batch.Now, asked);
        _state.Started = Math.Min(_state.Started, batch.Now);
        _state.Settle();
        var isOverfull = _state.WithPending(static pending => pending.IsOverfull);
        if (_isRead && !isOther && !isOverfull && !IsBehind(batch.First))
        {
            return;
        }

        if (_isRead && !isOther)
        {
            // Two hundred hosts shall not ask for everything in the same moment.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(2000)), _time, stop);
        }

        _epoch = epoch;
        (_changes, _written) = (last, "0-0");
        _state.WithPending(static pending => pending.IsOverfull = false);
        // What comes with all that the server has need not be compared with it.
        var bans = await _bridge.BansAsync(stop);
        await TakeSnapshotAsync(server, stop);
        if (isLost)
        {
            SharingLog.DataLost(_log);
        }

        if (!_isDryRun)
        {
            await _bridge.CompareAsync(bans, isLost, stop);
            await TellDaysAsync(isLost, stop);
        }

        _state.EndSnapshot(isTold: !_isDryRun);
        _isRead = true;
        SavePlaces();
    }

    // The server is read, the records are checked and the engine takes them, all at the same time.
    private async Task TakeSnapshotAsync(ShareServer server, CancellationToken stop)
    {
        var count = (int)Math.Min(MostReserved, await server.CountAsync(stop));
        _state.BeginSnapshot(count);
        await _bridge.ReserveAsync(count, stop);
        if (_recalled.Count > 0)
        {
            await _bridge.TakeAsync(_recalled, isSnapshot: false, stop);
            _recalled = [];
        }

        await using var pages = server.SnapshotAsync(MostCompared, stop).GetAsyncEnumerator(stop);
        var (more, taking) = (pages.MoveNextAsync().AsTask(), Task.CompletedTask);
        try
        {
            while (await more)
            {
                var page = pages.Current;
                more = pages.MoveNextAsync().AsTask();
                var news = Read(page);
                await taking;
                taking = TakeAsync(news, isSnapshot: true, stop);
            }

            await taking;
        }
        finally
        {
            await Task.WhenAll(more, taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _keeping = KeepAsync(_keeping, stop);
    }

    // A snapshot at a time; what the one before has not handed on yet goes first.
    private async Task KeepAsync(Task before, CancellationToken stop)
    {
        await before;
        await _bridge.KeepAsync(stop);
    }

    private async Task TellDaysAsync(bool isLost, CancellationToken stop)
    {
        foreach (var day in await _bridge.DaysAsync(isLost ? DateOnly.MinValue : _told, stop))
        {
            _state.WithPending(pending =>
            {
                pending.Add(new SharedDay(_settings.Host, _state.Clock.Now, day));
                return true;
            });
        }
    }

    // The latest id that the server has had for sure.
    private string Mark => Place(_written).CompareTo(Place(_changes)) > 0 ? _written : _changes;

    // What is gone and was not trimmed was lost: the server is back with older data, which other hosts may have added to meanwhile.
    private bool IsOlder(ShareBatch batch) => batch.IsGone && (batch.First.Length == 0 || Place(batch.First).CompareTo(Place(Mark)) <= 0);

    // Ids are times, and what the server trims goes from the beginning.
    private bool IsBehind(string first) => _changes is not "0-0" && first.Length > 0 && Place(first).CompareTo(Place(_changes)) > 0;

    private static (long, long) Place(string id) =>
        id.Split('-') is [var ms, var seq] && long.TryParse(ms, CultureInfo.InvariantCulture, out var at) && long.TryParse(seq, CultureInfo.InvariantCulture, out var number) ? (at, number) : (0, 0);
}
