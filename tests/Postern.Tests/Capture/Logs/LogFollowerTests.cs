using System.IO.Compression;
using System.Text;
using System.Threading.Channels;
using Postern.Capture.Logs;
using Postern.Facts;

namespace Postern.Tests.Capture.Logs;

/// <summary>Every line once and in order, whatever happens to the file.</summary>
public sealed class LogFollowerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-follow-");
    private readonly List<SourceTrouble> _troubles = [];
    private int _lines;

    private string Log => Path.Combine(_folder.FullName, "mail.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Lines_come_as_they_are_written_and_half_a_line_waits_for_its_end()
    {
        Append(3);
        await using var follow = Follow();
        (await follow.TakeAsync(3)).ShouldBe(Numbers(1, 3));
        File.AppendAllText(Log, "Nov 25 10:00:00 mx x[1]: ");
        File.AppendAllText(Log, "4\n");
        _lines = 4;
        (await follow.TakeAsync(1)).ShouldBe(["4"]);
    }

    [Theory]
    [InlineData("rename")]
    [InlineData("rename and write on")]
    [InlineData("copy and truncate")]
    [InlineData("compress")]
    public async Task A_rotation_during_the_watch_loses_nothing(string kind)
    {
        Append(5);
        await using var follow = Follow();
        (await follow.TakeAsync(5)).ShouldBe(Numbers(1, 5));
        for (var round = 0; round < 5; round++)
        {
            var from = _lines + 1;
            Append(200);
            Rotate(kind);
            Append(100);
            (await follow.TakeAsync(_lines - from + 1)).ShouldBe(Numbers(from, _lines), $"round {round}");
        }
    }

    [Theory]
    [InlineData("rename", false)]
    [InlineData("copy and truncate", false)]
    [InlineData("compress", false)]
    [InlineData("rename", true)]
    [InlineData("compress", true)]
    public async Task A_rotation_while_nobody_watches_loses_nothing(string kind, bool twice)
    {
        Append(5);
        SourcePosition place;
        await using (var first = Follow())
        {
            (await first.TakeAsync(5)).ShouldBe(Numbers(1, 5));
            place = first.Place!;
        }

        Append(3);
        Rotate(kind);
        Append(4);
        if (twice)
        {
            Rotate(kind);
            Append(2);
        }

        await using var second = Follow(place);
        (await second.TakeAsync(_lines - 5)).ShouldBe(Numbers(6, _lines));
    }

    [Fact]
    public async Task A_restart_goes_on_where_it_was()
    {
        Append(50);
        SourcePosition place;
        await using (var first = Follow())
        {
            await first.TakeAsync(50);
            place = first.Place!;
        }

        Append(10);
        await using var second = Follow(place);
        (await second.TakeAsync(10)).ShouldBe(Numbers(51, 60));
    }

    [Fact]
    public async Task A_log_that_comes_later_and_one_that_vanishes_are_told_once()
    {
        await using var follow = Follow();
        Append(2);
        (await follow.TakeAsync(2)).ShouldBe(Numbers(1, 2));
        lock (_troubles)
        {
            _troubles.Count(trouble => trouble.Message is not null).ShouldBeLessThanOrEqualTo(1);
        }
    }

    [Fact]
    public async Task A_pattern_names_several_logs_and_none_of_their_copies()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "a.log"), "Nov 25 10:00:00 mx x[1]: a\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "a.log.1"), "Nov 24 10:00:00 mx x[1]: old\n");
        await using var follow = new Following(Path.Combine(_folder.FullName, "*.log*"), [], _troubles.Add);
        (await follow.TakeAsync(1)).ShouldBe(["a"]);
        File.WriteAllText(Path.Combine(_folder.FullName, "b.log"), "Nov 25 10:00:00 mx x[1]: b\n");
        (await follow.TakeAsync(1)).ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_line_without_end_fills_no_memory()
    {
        File.WriteAllText(Log, "Nov 25 10:00:00 mx x[1]: " + new string('x', 1_000_000) + "\nNov 25 10:00:00 mx x[1]: after\n");
        await using var follow = Follow();
        (await follow.TakeAsync(2))[^1].ShouldBe("after");
    }

    private void Append(int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append($"Nov 25 10:00:00 mx x[1]: {++_lines}\n");
        }

        File.AppendAllText(Log, text.ToString());
    }

    private void Rotate(string kind)
    {
        for (var generation = 4; generation > 0; generation--)
        {
            foreach (var end in (string[])["", ".gz"])
            {
                if (File.Exists($"{Log}.{generation}{end}"))
                {
                    File.Move($"{Log}.{generation}{end}", $"{Log}.{generation + 1}{end}", overwrite: true);
                }
            }
        }

        if (kind is "copy and truncate")
        {
            File.Copy(Log, Log + ".1", overwrite: true);
            using var file = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(0);
            return;
        }

        File.Move(Log, Log + ".1");
        if (kind is "rename and write on")
        {
            File.AppendAllText(Log + ".1", $"Nov 25 10:00:00 mx x[1]: {++_lines}\n");
        }
        else if (kind is "compress")
        {
            using (var packed = new GZipStream(File.Create(Log + ".1.gz"), CompressionLevel.Fastest))
            {
                packed.Write(File.ReadAllBytes(Log + ".1"));
            }

            File.Delete(Log + ".1");
        }
    }

    private static string[] Numbers(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    private Following Follow(params SourcePosition[] known) => new(Log, known, trouble =>
    {
        lock (_troubles)
        {
            _troubles.Add(trouble);
        }
    });

    private sealed class Following : IAsyncDisposable
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
}
