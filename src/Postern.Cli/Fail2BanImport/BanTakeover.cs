using System.Text.Json;
using Postern.Capture.Logs;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Daemon.Sources;
using Postern.Cli.Daemon.Systemd;
using Postern.Cli.Storage;
using Postern.Cli.Words;
using Postern.Decisions.Bans;
using Postern.Engine.Bans;
using Postern.Engine.Ledger;
using Postern.Engine.Protection;
using Postern.Facts;
using Postern.Gate;

namespace Postern.Cli.Fail2BanImport;

/// <summary>Who took the bans, and what became of them.</summary>
/// <param name="Target"><c>daemon</c> or <c>database</c>.</param>
/// <param name="Result">What became of them.</param>
/// <param name="IsDryRun">True where they are recorded for a dry run, and keep nobody out.</param>
internal sealed record TakeoverResult(string Target, BanImportResult Result, bool IsDryRun)
{
    /// <summary>The running daemon.</summary>
    public const string Daemon = "daemon";

    /// <summary>The database that the next start reads.</summary>
    public const string Database = "database";
}

/// <summary>Hands bans to the running daemon, or writes them to the database where none runs.</summary>
/// <param name="options">How Postern is set.</param>
/// <param name="errors">The language in which it says that it cannot.</param>
/// <param name="time">The clock.</param>
internal sealed class BanTakeover(PosternOptions options, IErrorWords errors, TimeProvider time)
{
    // A request's line is bounded; a row is less than 300 bytes.
    private const int RowsAtOnce = 2000;

    /// <summary>Takes them over; else why not, in one line.</summary>
    public async Task<(TakeoverResult? Taken, string? Failure)> TakeAsync(IReadOnlyList<Ban> bans, CancellationToken stop)
    {
        // Whoever holds the lock of the state folder is the daemon.
        var (held, why) = InstanceLock.Take(options.State);
        if (held is null)
        {
            return await SendAsync(bans, why!, stop);
        }

        using (held)
        {
            return await WriteAsync(bans, stop);
        }
    }

    private async Task<(TakeoverResult? Taken, string? Failure)> SendAsync(IReadOnlyList<Ban> bans, string why, CancellationToken stop)
    {
        var sum = new BanImportResult(0, 0, 0, []);
        var isDryRun = false;
        // An empty request, too: it tells whether the daemon answers.
        foreach (var rows in bans.Count == 0 ? [[]] : bans.Chunk(RowsAtOnce))
        {
            var request = new ControlRequest(ControlCommands.Import) { Bans = [.. rows.Select(ImportRows.Of)] };
            var (reply, failure) = await new ControlClient(options.Socket, errors).AskAsync(request, stop);
            if (reply is null)
            {
                return (null, File.Exists(options.Socket) ? failure : $"{why}; {failure}");
            }

            using (reply)
            {
                if (!reply.RootElement.TryGetProperty("active", out _) || reply.RootElement.Deserialize(ControlJson.Default.ImportReply) is not { } read)
                {
                    return (null, reply.RootElement.TryGetProperty("message", out var message) ? message.GetString() : errors.NotPostern(options.Socket));
                }

                isDryRun = read.DryRun;
                sum = new BanImportResult(sum.Active + read.Active, sum.Past + read.Past, sum.Known + read.Known,
                    [.. sum.Protected, .. read.Protected.Select(static text => ClientNetwork.TryParse(text, out var network) ? network : default)]);
            }
        }

        return (new TakeoverResult(TakeoverResult.Daemon, sum, isDryRun), null);
    }

    private async Task<(TakeoverResult? Taken, string? Failure)> WriteAsync(IReadOnlyList<Ban> bans, CancellationToken stop)
    {
        var path = SqliteLedger.PathIn(options.State);
        try
        {
            var now = time.GetUtcNow();
            var networks = await ProtectionSource.FindAsync(options.Allow, new ProtectedNetworks(), stop);
            BanImportResult result;
            using (var ledger = new SqliteLedger(path, new LedgerOptions(), time, options.IsDryRun))
            {
                var state = ledger.Load(now, now);
                var (table, changes) = (new BanTable(), new LedgerChanges());
                foreach (var ban in state.Past)
                {
                    table.AddPast(ban);
                }

                foreach (var ban in state.Bans)
                {
                    table.Add(ban);
                }

                void Keep(Ban ban, Action<Ban> note)
                {
                    note(ban);
                    changes.Bans.Add(ban);
                }

                result = BanImport.Take(table, networks, bans, now, ban => Keep(ban, table.Add), ban => Keep(ban, table.AddPast));
                ledger.Commit(changes);
            }

            GiveToOwner(options.State);
            return (new TakeoverResult(TakeoverResult.Database, result, options.IsDryRun), null);
        }
        catch (LedgerException e)
        {
            return (null, e.Message);
        }
    }

    // What root made in the service's folder must be the service's.
    private static void GiveToOwner(string folder)
    {
        if (FileStatus.Of(folder) is not { } owner)
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (FileStatus.Of(file) is { } status && (status.User != owner.User || status.Group != owner.Group))
            {
                new SocketAccess(owner.User, owner.Group, status.Mode).Set(file);
            }
        }
    }
}
