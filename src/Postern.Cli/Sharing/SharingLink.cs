using Microsoft.Extensions.Logging;
using Postern.Cli.Configuration;
using Postern.Engine;
using Postern.Facts;
using Postern.Gate;

namespace Postern.Cli.Sharing;

/// <summary>Begins to share with other hosts where the configuration says so, and ends it. Where it does not, nothing of it is loaded.</summary>
/// <param name="settings">What is shared, and where.</param>
/// <param name="log">Where its words go.</param>
/// <param name="time">The clock.</param>
internal sealed class SharingLink(SharingSettings settings, ILogger log, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The service; null where nothing is shared.</summary>
    public SharingService? Service { get; private set; }

    /// <summary>How it goes.</summary>
    public SharingFigures Figures => Service?.Figures ?? new SharingFigures("off", settings.Host, []);

    /// <summary>Begins, where it is wanted.</summary>
    /// <param name="engine">The run, which must not be running yet.</param>
    /// <param name="allow">Takes whom a command allowed on another host, or no longer.</param>
    /// <param name="state">The folder of the state.</param>
    /// <param name="isDryRun">True where nobody is kept out.</param>
    /// <returns>Why it cannot, in one line; null where it can or need not.</returns>
    public string? Open(BanEngine engine, Func<IReadOnlyList<AllowedEntry>, CancellationToken, Task> allow, string state, bool isDryRun)
    {
        if (settings.Url is null)
        {
            return null;
        }

        (Service, var failure) = SharingService.Open(settings, engine, Path.GetFullPath(state), allow, log, time, isDryRun);
        return failure;
    }

    /// <summary>Shares who was asked to come back.</summary>
    /// <param name="greylist">Those of this host; null where nobody is.</param>
    public void Join(GreylistTable? greylist)
    {
        if (Service is { } service && greylist is not null)
        {
            service.Join(greylist);
        }
    }

    /// <summary>Shares until it is stopped.</summary>
    public Task RunAsync(CancellationToken stop) => Service?.RunAsync(stop) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Service is { } service)
        {
            await service.DisposeAsync();
        }
    }
}
