using System.Threading.Channels;
using Postern.Capture.Grammar;

namespace Postern.Capture.Logs;

/// <summary>
/// Reads a log on one thread, reads its lines into events on others, and hands the blocks on in their order. At most
/// <c>blocks</c> blocks are under way: the reader waits for the slowest, so that memory is bounded.
/// </summary>
internal sealed class ParserPool(TimeZoneInfo zone, int workers)
{
    private readonly Channel<LogBlock> _free = Filled((workers * 2) + 4);

    /// <summary>True for a log that has no stamps at all.</summary>
    public bool ReadsUnstamped { get; init; }

    /// <summary>What is read of mail on its way; by default what shows a relay.</summary>
    public MailReading Mail { get; init; } = MailReading.Relaying;

    /// <summary>Reads the log to its end.</summary>
    /// <param name="reader">Where the blocks come from.</param>
    /// <param name="take">Called with each block in the order of the log, on the caller's task; the block is used again afterwards.</param>
    /// <param name="stop">Ends the run early.</param>
    public async Task RunAsync(LogBlockReader reader, Action<LogBlock> take, CancellationToken stop)
    {
        // Unbounded, because the number of blocks bounds both.
        var work = Channel.CreateUnbounded<LogBlock>();
        var ordered = Channel.CreateUnbounded<LogBlock>(new UnboundedChannelOptions { SingleReader = true });
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = Task.Run(() => ReadAsync(reader, work.Writer, ordered.Writer, failed.Token), CancellationToken.None);
        var parsing = Enumerable.Range(0, workers)
            .Select(_ => Task.Run(() => ParseAsync(work.Reader, failed.Token), CancellationToken.None)).ToArray();
        try
        {
            await foreach (var block in ordered.Reader.ReadAllAsync(failed.Token))
            {
                await block.Parsed!.Task.WaitAsync(failed.Token);
                take(block);
                _free.Writer.TryWrite(block);
            }
        }
        finally
        {
            await failed.CancelAsync();
            await Task.WhenAll([reading, .. parsing]).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        await reading;
    }

    private async Task ReadAsync(LogBlockReader reader, ChannelWriter<LogBlock> work, ChannelWriter<LogBlock> ordered, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var block = await _free.Reader.ReadAsync(stop);
                if (!reader.Fill(block))
                {
                    _free.Writer.TryWrite(block);
                    break;
                }

                block.Parsed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                work.TryWrite(block);
                ordered.TryWrite(block);
            }

            ordered.TryComplete();
        }
        catch (Exception e)
        {
            // Passed on to whoever takes the blocks, who then sees it as its own.
            ordered.TryComplete(e);
            throw;
        }
        finally
        {
            work.TryComplete();
        }
    }

    private async Task ParseAsync(ChannelReader<LogBlock> work, CancellationToken stop)
    {
        var grammar = new LineGrammar(zone, Mail) { ReadsUnstamped = ReadsUnstamped };
        await foreach (var block in work.ReadAllAsync(stop))
        {
            try
            {
                block.Parse(grammar);
                block.Parsed!.TrySetResult();
            }
            catch (Exception e)
            {
                block.Parsed!.TrySetException(e);
                throw;
            }
        }
    }

    private static Channel<LogBlock> Filled(int blocks)
    {
        var channel = Channel.CreateUnbounded<LogBlock>();
        for (var i = 0; i < blocks; i++)
        {
            channel.Writer.TryWrite(new LogBlock());
        }

        return channel;
    }
}
