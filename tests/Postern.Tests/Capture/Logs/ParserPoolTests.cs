using System.Text;
using Postern.Capture.Logs;

namespace Postern.Tests.Capture.Logs;

public sealed class ParserPoolTests
{
    private static readonly byte[] s_log = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 30_000).Select(LogSupport.Line)));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Several_threads_give_what_one_gives_and_in_its_order(int workers)
    {
        using var alone = new MemoryStream(s_log);
        using var shared = new MemoryStream(s_log);
        LogSupport.Events(shared, workers: workers).ShouldBe(LogSupport.Events(alone));
    }

    [Fact]
    public void A_fault_of_the_stream_is_handed_on_after_the_blocks_before_it()
    {
        var events = new List<string>();
        using var stream = new ChunkedStream(s_log, () => 100_000, new IOException("the disk is on fire"));
        Should.Throw<IOException>(() => LogSupport.Read(new LogBlockReader(stream, 2026), block => LogSupport.Add(events, block), 2))
            .Message.ShouldBe("the disk is on fire");
        events.Count.ShouldBeGreaterThan(20_000);
    }

    [Fact]
    public void A_fault_of_the_taker_ends_the_run()
    {
        using var stream = new MemoryStream(s_log);
        Should.Throw<InvalidOperationException>(() => LogSupport.Read(new LogBlockReader(stream, 2026), _ => throw new InvalidOperationException("no"), 2));
    }
}
