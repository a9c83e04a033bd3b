using System.Text;
using System.Threading.Channels;
using Postern.Capture.Logs;
using Postern.Facts;

namespace Postern.Tests.Capture.Logs;

/// <summary>A follower at work, and the texts of the lines that it hands on.</summary>
internal sealed class Following : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<LineBatch> _batches = Channel.CreateBounded<LineBatch>(2);
    private readonly Queue<string> _waiting = new();
    private readonly Task _run;

    public Following(string pattern, IReadOnlyList<SourcePosition> known, Action<SourceTrouble> say) =>
        _run = new LogFollower(pattern, known, TimeProvider.System, say).RunAsync(_batches.Writer, _stop.Token);

    public SourcePosition? Place { get; private set; }

    /// <summary>The texts of so many more lines.</summary>
    public async Task<string[]> TakeAsync(int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (_waiting.Count < count)
        {
            var batch = await _batches.Reader.ReadAsync(limit.Token);
            Place = batch.End;
            foreach (var line in Encoding.ASCII.GetString(batch.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                _waiting.Enqueue(line[(line.LastIndexOf(' ') + 1)..]);
            }
        }

        return [.. Enumerable.Range(0, count).Select(_ => _waiting.Dequeue())];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }
}
