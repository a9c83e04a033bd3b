using Postern.Facts;

namespace Postern.Tests.Capture.Logs;

/// <summary>Every line once and in order, whatever happens to the file.</summary>
public sealed class LogFollowerTests : IDisposable
{
    private readonly RotatedLog _log = new();
    private readonly List<SourceTrouble> _troubles = [];

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Lines_come_as_they_are_written_and_half_a_line_waits_for_its_end()
    {
        _log.Append(3);
        await using var follow = Follow();
        (await follow.TakeAsync(3)).ShouldBe(Numbers(1, 3));
        File.AppendAllText(_log.Path, "Nov 25 10:00:00 mx x[1]: ");
        File.AppendAllText(_log.Path, "4\n");
        (await follow.TakeAsync(1)).ShouldBe(["4"]);
    }

    [Theory]
    [InlineData("rename")]
    [InlineData("rename and write on")]
    [InlineData("copy and truncate")]
    [InlineData("compress")]
    public async Task A_rotation_during_the_watch_loses_nothing(string kind)
    {
        _log.Append(5);
        await using var follow = Follow();
        (await follow.TakeAsync(5)).ShouldBe(Numbers(1, 5));
        for (var round = 0; round < 5; round++)
        {
            var from = _log.Lines + 1;
            _log.Append(200);
            if (kind is "rename and write on")
            {
                _log.Rotate(RotatedLog.Rename);
                _log.Append(1, _log.Renamed);
            }
            else
            {
                _log.Rotate(kind);
            }

            _log.Append(100);
            // What comes late may come after what came in time.
            var came = await follow.TakeAsync(_log.Lines - from + 1);
            (kind is "rename and write on" ? [.. came.OrderBy(int.Parse)] : came).ShouldBe(Numbers(from, _log.Lines), $"round {round}");
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
        _log.Append(5);
        SourcePosition place;
        await using (var first = Follow())
        {
            (await first.TakeAsync(5)).ShouldBe(Numbers(1, 5));
            place = first.Place!;
        }

        _log.Append(3);
        _log.Rotate(kind);
        _log.Append(4);
        if (twice)
        {
            _log.Rotate(kind);
            _log.Append(2);
        }

        await using var second = Follow(place);
        (await second.TakeAsync(_log.Lines - 5)).ShouldBe(Numbers(6, _log.Lines));
    }

    [Fact]
    public async Task A_restart_goes_on_where_it_was()
    {
        _log.Append(50);
        SourcePosition place;
        await using (var first = Follow())
        {
            await first.TakeAsync(50);
            place = first.Place!;
        }

        _log.Append(10);
        await using var second = Follow(place);
        (await second.TakeAsync(10)).ShouldBe(Numbers(51, 60));
    }

    [Fact]
    public async Task A_log_that_comes_later_and_one_that_vanishes_are_told_once()
    {
        await using var follow = Follow();
        _log.Append(2);
        (await follow.TakeAsync(2)).ShouldBe(Numbers(1, 2));
        lock (_troubles)
        {
            _troubles.Count(trouble => trouble.Message is not null).ShouldBeLessThanOrEqualTo(1);
        }
    }

    [Fact]
    public async Task A_pattern_names_several_logs_and_none_of_their_copies()
    {
        File.WriteAllText(Path.Combine(_log.Folder, "a.log"), "Nov 25 10:00:00 mx x[1]: a\n");
        File.WriteAllText(Path.Combine(_log.Folder, "a.log.1"), "Nov 24 10:00:00 mx x[1]: old\n");
        await using var follow = new Following(Path.Combine(_log.Folder, "*.log*"), [], _troubles.Add);
        (await follow.TakeAsync(1)).ShouldBe(["a"]);
        File.WriteAllText(Path.Combine(_log.Folder, "b.log"), "Nov 25 10:00:00 mx x[1]: b\n");
        (await follow.TakeAsync(1)).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Classes_and_folders_may_be_patterns_too()
    {
        foreach (var name in (string[])["a1", "b2", "c3"])
        {
            Directory.CreateDirectory(Path.Combine(_log.Folder, name));
            File.WriteAllText(Path.Combine(_log.Folder, name, "mail.log"), $"Nov 25 10:00:00 mx x[1]: {name}\n");
        }

        await using var follow = new Following(Path.Combine(_log.Folder, "[!b-z]?", "ma[ij]l.log"), [], _troubles.Add);
        (await follow.TakeAsync(1)).ShouldBe(["a1"]);
        Directory.CreateDirectory(Path.Combine(_log.Folder, "a2"));
        File.WriteAllText(Path.Combine(_log.Folder, "a2", "mail.log"), "Nov 25 10:00:00 mx x[1]: a2\n");
        (await follow.TakeAsync(1)).ShouldBe(["a2"]);
    }

    [Fact]
    public async Task A_folder_that_is_removed_and_made_again_is_followed_on()
    {
        var folder = Path.Combine(_log.Folder, "in");
        var log = Path.Combine(folder, "mail.log");
        await using var follow = new Following(log, [], _troubles.Add);
        for (var round = 1; round <= 3; round++)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(log, $"Nov 25 10:00:00 mx x[1]: {round}\n");
            (await follow.TakeAsync(1)).ShouldBe([$"{round}"]);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_log_that_is_a_link_is_followed_through_the_rotation_of_its_target()
    {
        var link = Path.Combine(Directory.CreateDirectory(Path.Combine(_log.Folder, "links")).FullName, "log");
        File.CreateSymbolicLink(link, _log.Path);
        _log.Append(3);
        await using var follow = new Following(link, [], _troubles.Add);
        (await follow.TakeAsync(3)).ShouldBe(Numbers(1, 3));
        _log.Append(2);
        _log.Rotate(RotatedLog.Rename);
        _log.Append(2);
        _log.Rotate(RotatedLog.Gzip);
        _log.Append(2);
        (await follow.TakeAsync(6)).ShouldBe(Numbers(4, 9));
    }

    [Fact]
    public async Task A_log_that_is_gone_is_told_once_and_once_more_when_it_is_back()
    {
        _log.Append(1);
        await using var follow = Follow();
        await follow.TakeAsync(1);
        File.Delete(_log.Path);
        await UntilAsync(() => _troubles.Count == 1);
        _log.Append(1);
        await follow.TakeAsync(1);
        await UntilAsync(() => _troubles.Count == 2);
        _troubles.Select(trouble => trouble.Message is null).ShouldBe([false, true]);
    }

    [Fact]
    public async Task A_line_without_end_fills_no_memory()
    {
        File.WriteAllText(_log.Path, "Nov 25 10:00:00 mx x[1]: " + new string('x', 1_000_000) + "\nNov 25 10:00:00 mx x[1]: after\n");
        await using var follow = Follow();
        (await follow.TakeAsync(2))[^1].ShouldBe("after");
    }

    private async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            lock (_troubles)
            {
                if (isSo())
                {
                    return;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    private static string[] Numbers(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    private Following Follow(params SourcePosition[] known) => new(_log.Path, known, trouble =>
    {
        lock (_troubles)
        {
            _troubles.Add(trouble);
        }
    });
}
