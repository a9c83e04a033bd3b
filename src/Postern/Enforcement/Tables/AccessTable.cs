using System.Globalization;
using System.Text;
using Postern.Facts;

namespace Postern.Enforcement.Tables;

/// <summary>
/// Bans as a file that Postfix or another program reads. The file is replaced as a whole, so that a reader sees the old bans or
/// the new ones. It is never removed: Postfix refuses mail for now where a table that it was told of is missing. When bans end with the
/// run, it is written empty.
/// </summary>
/// <param name="options">The file.</param>
/// <param name="time">The clock.</param>
public sealed class AccessTable(AccessTableOptions options, TimeProvider time) : IFirewall
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private readonly Dictionary<ClientNetwork, DateTimeOffset> _standing = [];
    private byte[] _written = [];

    /// <inheritdoc/>
    public string Name => options.Path;

    /// <inheritdoc/>
    public FirewallState State { get; private set; }

    /// <inheritdoc/>
    public string? Trouble { get; private set; }

    /// <inheritdoc/>
    public async Task OpenAsync(IReadOnlyCollection<FirewallEntry> standing, CancellationToken cancellationToken)
    {
        Hold(standing);
        await WriteAsync(cancellationToken);
    }

    /// <summary>None: the file does not say until when.</summary>
    public Task<IReadOnlyList<FirewallEntry>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<FirewallEntry>>([]);

    /// <inheritdoc/>
    public async Task ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        foreach (var change in changes)
        {
            if (change.Until is { } until && until > time.GetUtcNow())
            {
                _standing[change.Network] = until;
            }
            else
            {
                _standing.Remove(change.Network);
            }
        }

        if (changes.Count > 0)
        {
            await WriteAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<FirewallDrift> CompareAsync(Func<IReadOnlyCollection<FirewallEntry>> standing, bool isThorough, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(standing);
        Hold(standing());
        var isThere = await IsThereAsync(cancellationToken);
        // What the changes since have done is no drift; what somebody else wrote is.
        if (!isThere || !Content().AsSpan().SequenceEqual(_written))
        {
            await WriteAsync(cancellationToken);
        }

        return new FirewallDrift(0, 0, WasRebuilt: !isThere);
    }

    /// <inheritdoc/>
    public Task DisturbedAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <inheritdoc/>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _standing.Clear();
        await WriteAsync(cancellationToken);
        State = FirewallState.Closed;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Hold(IReadOnlyCollection<FirewallEntry> standing)
    {
        _standing.Clear();
        foreach (var entry in standing)
        {
            _standing[entry.Network] = entry.Until;
        }
    }

    private async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllBytesAsync(options.Path, cancellationToken)).AsSpan().SequenceEqual(_written);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        // In the same folder, so that the exchange is one step; of our own name, so that two tables do not share it.
        var next = options.Path + ".new";
        var content = Content();
        try
        {
            File.Delete(next);
            await using (var file = new FileStream(next, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }))
            {
                await file.WriteAsync(content, cancellationToken);
            }

            // Whatever the umask is, Postfix's own user must be able to read it.
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(next, Mode);
            }

            File.Move(next, options.Path, overwrite: true);
            (_written, State, Trouble) = (content, FirewallState.Standing, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            (State, Trouble) = (FirewallState.Failed, $"{options.Path} cannot be written: {e.Message}");
        }
    }

    private byte[] Content()
    {
        var text = new StringBuilder("# Written by Postern. What is changed here is lost.\n");
        var action = options.Form switch
        {
            AccessTableForm.Postscreen => "\treject",
            AccessTableForm.Smtpd => "\t" + options.Answer,
            _ => "",
        };
        foreach (var network in _standing.Keys.OrderBy(static network => network.IsIPv4 ? 0 : 1).ThenBy(static network => network))
        {
            text.Append(CultureInfo.InvariantCulture, $"{network}{action}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
