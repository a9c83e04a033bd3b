using System.Collections.Concurrent;
using Postern.SystemTests.Run;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Captures;

/// <summary>
/// What a real Postfix logged and noticed while a cast of clients was at it. The files live as long as this; with
/// POSTERN_KEEP_CAPTURES=FOLDER in the environment a copy stays there, with a list of who did what.
/// </summary>
internal sealed class Capture : IDisposable
{
    private readonly string _folder;
    private readonly ConcurrentDictionary<string, Lazy<Task<Report>>> _reports = new(StringComparer.Ordinal);

    private Capture(string folder) => _folder = folder;

    /// <summary>The log.</summary>
    public string Log => Path.Combine(_folder, "mail.log");

    /// <summary>The postmaster's mailbox.</summary>
    public string Notices => Path.Combine(_folder, "notices.mbox");

    /// <summary>The same as a Maildir.</summary>
    public string Maildir => Path.Combine(_folder, "Maildir");

    /// <summary>The networks that a dry run which followed the log as it was written said it would ban.</summary>
    public IReadOnlyList<string> LiveBans { get; private set; } = [];

    /// <summary>Opens a laboratory, lets all of the cast play at once, and keeps what Postfix wrote.</summary>
    /// <param name="settings">How Postfix is set.</param>
    /// <param name="cast">Who comes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Capture> TakeAsync(PostfixSettings settings, IReadOnlyList<Actor> cast, CancellationToken cancellationToken)
    {
        var capture = new Capture(Directory.CreateTempSubdirectory("postern-capture-").FullName);
        try
        {
            await using var laboratory = await Laboratory.OpenAsync(
                settings, [.. cast.Select(actor => actor.Host)], [Senders.Listed.Address], cancellationToken);
            await using var postern = await RunningPostern.StartAsync(laboratory.Postfix.Log, null, "", cancellationToken);
            await Task.WhenAll(cast.Select(actor => actor.Play(laboratory.Client(actor.Address), cancellationToken)));
            await laboratory.Postfix.WaitUntilQueueIsEmptyAsync(cancellationToken);
            await laboratory.Postfix.StopAsync(cancellationToken);
            await postern.HasReadAsync(File.ReadLines(laboratory.Postfix.Log).Count(), cancellationToken);
            capture.LiveBans = await postern.BansAsync();
            await capture.KeepAsync(laboratory.Postfix, cast, cancellationToken);
            if (Environment.GetEnvironmentVariable("POSTERN_KEEP_CAPTURES") is { Length: > 0 } folder)
            {
                capture.CopyTo(Path.Combine(folder, settings.Name));
            }

            return capture;
        }
        catch
        {
            capture.Dispose();
            throw;
        }
    }

    /// <summary>The explanation of the log, with or without the notices; asked for once.</summary>
    public Task<Report> ExplainAsync(bool withNotices) =>
        withNotices ? ExplainAsync(Log, Notices) : ExplainAsync(Log);

    /// <summary>The explanation of these inputs; asked for once.</summary>
    public Task<Report> ExplainAsync(params string[] inputs) =>
        _reports.GetOrAdd(string.Join('\n', inputs), _ => new Lazy<Task<Report>>(() => PosternProgram.ExplainAsync(inputs))).Value;

    /// <summary>Copies everything there.</summary>
    public void CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(_folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    /// <summary>Deletes the files.</summary>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task KeepAsync(PrivatePostfix postfix, IReadOnlyList<Actor> cast, CancellationToken cancellationToken)
    {
        File.Copy(postfix.Log, Log);
        // postscreen makes no notices; then the postmaster's mailbox may not exist.
        if (File.Exists(postfix.Notices))
        {
            File.Copy(postfix.Notices, Notices);
        }
        else
        {
            await File.WriteAllTextAsync(Notices, "", cancellationToken);
        }

        foreach (var part in new[] { "cur", "new", "tmp" })
        {
            Directory.CreateDirectory(Path.Combine(Maildir, part));
        }

        if (Directory.Exists(postfix.Maildir))
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(postfix.Maildir, "new")))
            {
                File.Copy(file, Path.Combine(Maildir, "new", Path.GetFileName(file)));
            }
        }

        await File.WriteAllLinesAsync(Path.Combine(_folder, "who.txt"), cast.Select(actor => $"{actor.Address}\t{actor.Does}"), cancellationToken);
    }
}
