using System.Text;
using Postern.Capture.Logs;
using Postern.Engine.Intake;
using Postern.Facts;

namespace Postern.Tests.Capture.Logs;

/// <summary>Every line once, whatever happens to the file between two looks, and whether somebody looks or nobody.</summary>
public sealed class FollowedFileTests : IDisposable
{
    private readonly byte[] _buffer = new byte[LogBlock.Size];
    private readonly List<string> _read = [];
    private RotatedLog _log = new();
    private FollowedFile? _file;
    private IntakeSource _source = new("mail.log");
    private SourcePosition? _place;
    private long _batches;

    public void Dispose()
    {
        _file?.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData(RotatedLog.Rename)]
    [InlineData(RotatedLog.Copy)]
    [InlineData(RotatedLog.Gzip)]
    [InlineData(RotatedLog.Zstd)]
    [InlineData(RotatedLog.Dated)]
    public void Several_rotations_between_two_looks_lose_nothing(string kind)
    {
        _log.Append(5);
        Look();
        for (var rotations = 1; rotations <= 4; rotations++)
        {
            for (var i = 0; i < rotations; i++)
            {
                _log.Append(7);
                _log.Rotate(kind);
            }

            _log.Append(50);
            Look();
            ShouldHaveAll($"{rotations} rotations");
        }
    }

    [Theory]
    [InlineData(RotatedLog.Rename)]
    [InlineData(RotatedLog.Copy)]
    [InlineData(RotatedLog.Gzip)]
    [InlineData(RotatedLog.Zstd)]
    [InlineData(RotatedLog.Dated)]
    public void Several_rotations_while_nobody_watches_lose_nothing(string kind)
    {
        _log.Append(5);
        Look();
        for (var rotations = 1; rotations <= 4; rotations++)
        {
            Stop(long.MaxValue);
            for (var i = 0; i < rotations; i++)
            {
                _log.Append(7);
                _log.Rotate(kind);
            }

            if (rotations % 2 == 0)
            {
                _log.Append(50);
            }

            Look();
            ShouldHaveAll($"{rotations} rotations");
        }
    }

    [Fact]
    public void A_log_that_was_truncated_and_has_grown_beyond_its_old_length_is_read_from_its_beginning()
    {
        _log.Append(5);
        Look();
        _log.Append(3);
        _log.Rotate(RotatedLog.Copy);
        _log.Append(500);
        Look();
        ShouldHaveAll("");
    }

    [Fact]
    public void A_log_that_was_emptied_by_hand_is_read_from_its_beginning()
    {
        _log.Append(50);
        Look();
        File.WriteAllText(_log.Path, "");
        _log.Append(80);
        Look();
        ShouldHaveAll("");
    }

    [Fact]
    public void A_writer_that_goes_on_at_its_old_place_in_a_truncated_log_is_heard()
    {
        _log.Append(10);
        Look();
        var length = new FileInfo(_log.Path).Length;
        using (var file = new FileStream(_log.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(0);
            file.Position = length;
            file.Write("Nov 25 10:00:00 mx x[1]: 11\n"u8);
        }

        Look();
        _read[^1].ShouldBe("11");
        _read.Count.ShouldBe(11);
    }

    [Fact]
    public void What_a_writer_adds_to_a_renamed_log_is_read_and_does_not_move_the_place_back()
    {
        _log.Append(5);
        Look();
        _log.Rotate(RotatedLog.Rename);
        _log.Append(5);
        Look();
        _log.Append(5, _log.Renamed);
        Look();
        ShouldHaveAll("late lines");

        Stop(long.MaxValue);
        _log.Append(5, _log.Renamed);
        _log.Append(5);
        Look();
        ShouldHaveAll("late lines while nobody watched");
    }

    [Fact]
    public void Logs_with_the_same_first_lines_are_told_apart()
    {
        _log.Dispose();
        _log = new RotatedLog { IsMonotonous = true };
        for (var round = 0; round < 5; round++)
        {
            _log.Append(20);
            Look();
            _log.Append(10);
            _log.Rotate(RotatedLog.Rename);
            if (round == 2)
            {
                Stop(long.MaxValue);
            }
        }

        Look();
        _read.Count.ShouldBe(_log.Lines);
    }

    [Fact]
    public void A_log_that_vanishes_and_comes_back_is_read_on()
    {
        _log.Append(5);
        Look();
        File.Delete(_log.Path);
        Look();
        _log.Append(9);
        Look();
        Stop(long.MaxValue);
        File.Delete(_log.Path);
        Look();
        _log.Append(9);
        Look();
        ShouldHaveAll("");
    }

    [Fact]
    public void A_log_that_is_written_anew_with_what_it_held_is_read_on()
    {
        _log.Append(20);
        Look();
        // As sed -i and editors do.
        File.Copy(_log.Path, _log.Path + ".tmp");
        File.Move(_log.Path + ".tmp", _log.Path, overwrite: true);
        _log.Append(4);
        Look();
        ShouldHaveAll("");
    }

    [Fact]
    public void A_log_that_is_not_there_after_a_restart_is_read_where_it_went()
    {
        _log.Append(5);
        Look();
        Stop(long.MaxValue);
        _log.Append(5);
        _log.Rotate(RotatedLog.Rename);
        Look();
        ShouldHaveAll("the renamed log");
        _log.Append(5);
        Look();
        ShouldHaveAll("the new log");
    }

    [Fact]
    public void Any_order_of_events_loses_nothing_and_reads_nothing_twice()
    {
        for (var seed = 0; seed < 80; seed++)
        {
            Begin();
            var random = new Random(seed);
            var story = new StringBuilder();
            for (var step = 0; step < 40; step++)
            {
                var (what, act) = Event(random);
                story.Append(what).Append(", ");
                act();
            }

            _log.Append(1);
            Look();
            ShouldHaveAll($"seed {seed}: {story}");
        }
    }

    private (string What, Action Act) Event(Random random)
    {
        var count = random.Next(1, 40);
        string[] kinds = [RotatedLog.Rename, RotatedLog.Copy, RotatedLog.Gzip, RotatedLog.Zstd];
        var kind = kinds[random.Next(kinds.Length)];
        return random.Next(12) switch
        {
            < 4 => ($"append {count}", () => _log.Append(count)),
            4 when _log.Renamed is { } late => ($"append {count} late", () => _log.Append(count, late)),
            < 7 => ("look", Look),
            < 8 => ("stop", () => Stop(long.MaxValue)),
            < 9 => ("stop in a session", () => Stop(_batches - random.Next(4))),
            _ => (kind, () => _log.Rotate(kind)),
        };
    }

    private void Begin()
    {
        Dispose();
        (_log, _file, _source, _place) = (new RotatedLog(), null, new IntakeSource("mail.log"), null);
        _read.Clear();
        _log.Append(2);
        Look();
    }

    private void Look()
    {
        _file ??= new FollowedFile(_log.Path, _place, TimeProvider.System);
        while (_file.Next(_buffer) is { } batch)
        {
            var file = _source.Take(batch, ++_batches, TimeProvider.System.GetUtcNow().UtcTicks);
            var offset = batch.Start.Offset;
            foreach (var line in Encoding.ASCII.GetString(batch.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (offset >= file.Replayed)
                {
                    _read.Add(line[(line.LastIndexOf(' ') + 1)..]);
                }

                offset += line.Length + 1;
            }
        }

        _place = _source.Position(long.MaxValue);
    }

    // A session that is open still holds back the place from which is read again.
    private void Stop(long oldest)
    {
        _file?.Dispose();
        _file = null;
        _place = _source.Position(oldest);
        _source = new IntakeSource("mail.log");
        _source.Restore(SourceMarks.Of(_place));
    }

    private void ShouldHaveAll(string when) => _read.Order(StringComparer.Ordinal).ShouldBe(
        Enumerable.Range(1, _log.Lines).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal), when);
}
