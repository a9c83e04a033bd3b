using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Postern.Capture.Grammar;

namespace Postern.Capture.Logs;

/// <summary>
/// Reads a log on several threads and hands its blocks on in their order. Each worker reads the next block itself, reads its lines into
/// events while they are in its processor's cache, and whoever finds the next block in order ready hands it on: no thread only reads or
/// only waits. At most <c>blocks</c> blocks are under way, so that memory is bounded.
/// </summary>
internal sealed class ParserPool(TimeZoneInfo zone, int workers)
{
    /// <summary>True for a log that has no stamps at all.</summary>
    public bool ReadsUnstamped { get; init; }

    /// <summary>What is read of mail on its way; by default what shows a relay.</summary>
    public MailReading Mail { get; init; } = MailReading.Relaying;

    /// <summary>Reads the log to its end.</summary>
    /// <param name="reader">Where the blocks come from.</param>
    /// <param name="take">Called with each block in the order of the log, by one thread at a time; the block is used again afterwards.</param>
    /// <param name="stop">Ends the run early.</param>
    public async Task RunAsync(LogBlockReader reader, Action<LogBlock> take, CancellationToken stop)
    {
        using var run = new Run(reader, take, (workers * 2) + 2, stop);
        var tasks = Enumerable.Range(0, workers)
            .Select(_ => Task.Run(() => run.Work(new LineGrammar(zone, Mail) { ReadsUnstamped = ReadsUnstamped }), CancellationToken.None)).ToArray();
        await Task.WhenAll(tasks);
        stop.ThrowIfCancellationRequested();
        run.ThrowIfUnreadable();
    }

    private sealed class Run(LogBlockReader reader, Action<LogBlock> take, int blocks, CancellationToken stop) : IDisposable
    {
        private readonly Lock _reading = new();
        private readonly Lock _taking = new();
        private readonly SemaphoreSlim _room = new(blocks);
        private readonly ConcurrentBag<LogBlock> _free = [];
        private readonly LogBlock?[] _parsed = new LogBlock?[blocks];
        private readonly CancellationTokenSource _failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        private int _read;
        private int _taken;
        private bool _hasEnded;
        private ExceptionDispatchInfo? _unreadable;

        public void Work(LineGrammar grammar)
        {
            try
            {
                while (Read() is var (block, number))
                {
                    block.Parse(grammar);
                    // A full fence: either this worker finds the others done with the lock, or they find the block.
                    Interlocked.Exchange(ref _parsed[number % blocks], block);
                    HandOn();
                }
            }
            catch (OperationCanceledException) when (_failed.IsCancellationRequested)
            {
                // Another worker has failed and tells why, or the caller stops.
            }
            catch
            {
                _failed.Cancel();
                throw;
            }
        }

        // What was read before is handed on all the same.
        public void ThrowIfUnreadable() => _unreadable?.Throw();

        public void Dispose()
        {
            _room.Dispose();
            _failed.Dispose();
        }

        private (LogBlock Block, int Number)? Read()
        {
            _room.Wait(_failed.Token);
            lock (_reading)
            {
                var block = _free.TryTake(out var used) ? used : new LogBlock();
                if (!_hasEnded && Fill(block))
                {
                    return (block, _read++);
                }

                _hasEnded = true;
                // Room for those who wait to see that, too.
                _room.Release();
                return null;
            }
        }

        private bool Fill(LogBlock block)
        {
            try
            {
                return reader.Fill(block);
            }
            catch (Exception e)
            {
                _unreadable = ExceptionDispatchInfo.Capture(e);
                return false;
            }
        }

        // Asks again after it has let go: a block that became ready meanwhile found nobody else to hand it on.
        private void HandOn()
        {
            while (Next() is not null && _taking.TryEnter())
            {
                try
                {
                    while (Next() is { } block)
                    {
                        _failed.Token.ThrowIfCancellationRequested();
                        _parsed[_taken % blocks] = null;
                        take(block);
                        Volatile.Write(ref _taken, _taken + 1);
                        _free.Add(block);
                        _room.Release();
                    }
                }
                finally
                {
                    _taking.Exit();
                }
            }
        }

        private LogBlock? Next() => Volatile.Read(ref _parsed[Volatile.Read(ref _taken) % blocks]);
    }
}
