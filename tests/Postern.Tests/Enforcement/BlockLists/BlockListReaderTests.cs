using Postern.Enforcement.BlockLists;

namespace Postern.Tests.Enforcement.BlockLists;

public sealed class BlockListReaderTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_read_again_when_it_has_changed_and_a_bad_one_leaves_what_there_was()
    {
        var reader = new BlockListReader(new BlockListOptions { Name = "x", Path = _file }, TimeProvider.System);
        await WriteAsync("5.6.7.8\n", minutes: 0);
        (await reader.ReadAsync(Stop))!.Networks.Count.ShouldBe(1);
        (await reader.ReadAsync(Stop)).ShouldBeNull();
        await WriteAsync("5.6.7.8\n9.9.9.9\n", minutes: 1);
        (await reader.ReadAsync(Stop))!.Networks.Count.ShouldBe(2);
        foreach (var (text, why) in ((string, string)[])[("", "names no network"), ("<html>502</html>\n", "line 1: it names no address")])
        {
            await WriteAsync(text, minutes: 2 + text.Length);
            (await reader.ReadAsync(Stop)).ShouldBeNull();
            reader.Trouble.ShouldNotBeNull().ShouldContain(why);
        }

        File.Delete(_file);
        (await reader.ReadAsync(Stop)).ShouldBeNull();
        reader.Trouble.ShouldNotBeNull().ShouldContain("does not exist");
        reader.List!.Networks.Count.ShouldBe(2);
        await WriteAsync("9.9.9.9\n", minutes: 1);
        (await reader.ReadAsync(Stop))!.Networks.Count.ShouldBe(1);
        reader.Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task A_program_is_run_as_often_as_it_is_set()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var reader = new BlockListReader(new BlockListOptions { Name = "x", Command = ["/bin/sh", "-c", "echo 5.6.7.8; seq -f '5.6.8.%g' 200"] }, time);
        (await reader.ReadAsync(Stop))!.Networks.Count.ShouldBe(201);
        time.Advance(TimeSpan.FromMinutes(59));
        (await reader.ReadAsync(Stop)).ShouldBeNull();
        time.Advance(TimeSpan.FromMinutes(1));
        (await reader.ReadAsync(Stop)).ShouldNotBeNull();

        var broken = new BlockListReader(new BlockListOptions { Name = "x", Command = ["/bin/sh", "-c", "echo no such list >&2; exit 3"] }, time);
        (await broken.ReadAsync(Stop)).ShouldBeNull();
        broken.Trouble.ShouldBe("/bin/sh ended with 3: no such list");
    }

    public void Dispose() => File.Delete(_file);

    private async Task WriteAsync(string text, int minutes)
    {
        await File.WriteAllTextAsync(_file, text, Stop);
        File.SetLastWriteTimeUtc(_file, new DateTime(2026, 11, 29, 0, 0, 0, DateTimeKind.Utc).AddMinutes(minutes));
    }
}
