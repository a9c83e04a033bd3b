using Postern.SystemTests.Support;

namespace Postern.SystemTests.Explain;

/// <summary>What cannot be explained is said in one clear line.</summary>
public sealed class UnreadableInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-unreadable-").FullName;

    [Fact]
    public Task An_empty_input() => Refuses("/dev/null");

    [Fact]
    public Task A_missing_file() => Refuses(Path.Combine(_folder, "no-such-file.log"));

    [Fact]
    public Task A_folder_that_is_no_maildir() => Refuses(_folder);

    [Fact]
    public async Task A_picture()
    {
        var picture = Path.Combine(_folder, "photo.jpg");
        var bytes = new byte[20_000];
        new Random(1).NextBytes(bytes);
        byte[] head = [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];
        head.CopyTo(bytes, 0);
        await File.WriteAllBytesAsync(picture, bytes, TestContext.Current.CancellationToken);
        await Refuses(picture);
    }

    [Fact]
    public async Task No_input_at_all()
    {
        var result = await PosternProgram.RunAsync(["explain"]);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldNotBeEmpty();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task Refuses(string input)
    {
        var result = await PosternProgram.RunAsync(["explain", input]);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Output.ShouldBeEmpty();
        var lines = result.Error.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(1, result.Error);
        lines[0].ShouldContain(input);
        result.Error.ShouldNotContain("Exception");
    }
}
