using Postern.Enforcement.Command;

namespace Postern.Enforcement.BlockLists;

/// <summary>Reads one list again when it has changed, and keeps what was read last.</summary>
/// <param name="options">Where it comes from.</param>
/// <param name="time">The clock.</param>
public sealed class BlockListReader(BlockListOptions options, TimeProvider time)
{
    private const int MostBytes = 64 << 20;
    private (DateTime At, long Length)? _file;
    private DateTimeOffset? _ran;

    /// <summary>Where it comes from.</summary>
    public BlockListOptions Options => options;

    /// <summary>The list as it was read last; null before.</summary>
    public BlockList? List { get; private set; }

    /// <summary>Why it was not read the last time, in one line; null where it was.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Reads it where it may have changed.</summary>
    /// <returns>What was read, or null where it was not, and <see cref="List"/> stays.</returns>
    public async Task<BlockListText?> ReadAsync(CancellationToken cancellationToken)
    {
        var (bytes, trouble) = options.Path is { } path ? await ReadFileAsync(path, cancellationToken) : await RunAsync(cancellationToken);
        if (bytes is null)
        {
            Trouble = trouble ?? Trouble;
            return null;
        }

        var read = BlockListParser.Parse(bytes);
        // A download that failed leaves an empty file or a page of HTML: the list of before is better.
        Trouble = read.Networks.Count == 0 ? $"it names no network{(read.FirstRefused is var (line, why) ? $" (line {line}: {why})" : "")}"
            : read.Networks.Count > BlockListOptions.MostNetworks ? $"it names more than {BlockListOptions.MostNetworks} networks"
            : null;
        if (Trouble is not null)
        {
            return null;
        }

        List = new BlockList(options.Name, read.Networks);
        return read;
    }

    private async Task<(byte[]? Bytes, string? Trouble)> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(path);
            var now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : throw new FileNotFoundException($"{path} does not exist");
            if (_file == now)
            {
                return default;
            }

            if (now.Length > MostBytes)
            {
                return (null, $"{path} is longer than {MostBytes >> 20} MB");
            }

            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            _file = now;
            return (bytes, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file = null;
            return (null, e.Message);
        }
    }

    private async Task<(byte[]? Bytes, string? Trouble)> RunAsync(CancellationToken cancellationToken)
    {
        if (_ran is { } last && time.GetUtcNow() - last < options.Every)
        {
            return default;
        }

        _ran = time.GetUtcNow();
        var (output, failure) = await new CommandRunner(options.Timeout, time).ReadAsync(options.Command, MostBytes, cancellationToken);
        return failure is not null ? (null, failure) : output.Length == MostBytes ? (null, $"{options.Command[0]} printed more than {MostBytes >> 20} MB") : (output, null);
    }
}
