using System.Globalization;
using System.Runtime.CompilerServices;
using Postern.Cli.Configuration;
using StackExchange.Redis;

namespace Postern.Cli.Sharing.Server;

/// <summary>
/// A connection to the server that the hosts share. It is made once and thrown away at the first fault: every call has a deadline, and
/// none waits for a connection to come back.
/// </summary>
internal sealed class ShareServer : IAsyncDisposable
{
    /// <summary>No call takes longer, in milliseconds.</summary>
    public const int CallMs = 2000;

    /// <summary>Changes of one host in 10 s, at most.</summary>
    public const int MostChanges = 50_000;

    private const int ConnectMs = 2000;
    private const int SubscribeTries = 50;
    private const int SubscribePauseMs = 20;
    private const int EntriesKept = 50_000;
    private const int MemoryKept = 200_000;
    private const int EvidenceKept = 20_000;
    private const int MemorySeconds = 40 * 86400;
    private const int EvidenceSeconds = 2 * 86400;
    private static readonly TimeSpan s_call = TimeSpan.FromMilliseconds(CallMs + 500);

    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _data;
    private readonly string _prefix;
    private readonly string _host;
    private readonly string _process;
    private readonly RedisKey[] _publish;
    private readonly RedisKey[] _read;

    private ShareServer(ConnectionMultiplexer connection, SharingSettings settings, long process)
    {
        (_connection, _process) = (connection, process.ToString("x16", CultureInfo.InvariantCulture));
        _data = connection.GetDatabase();
        // What stands in braces decides the node of a cluster: all of a site is on one.
        (_prefix, _host) = (PrefixOf(settings.Site), settings.Host);
        _publish = [Key("epoch"), Key("changes"), Key("hours"), Key("rate:" + _host)];
        _read = [Key("epoch"), Key("changes"), Key("memory"), Key("evidence")];
    }

    /// <summary>What all keys of a site begin with.</summary>
    public static string PrefixOf(string site) => $"postern:{{{site}}}:";

    /// <summary>Connects.</summary>
    /// <param name="settings">Where to.</param>
    /// <param name="process">Tells this process from all others.</param>
    /// <param name="woken">Told when another host has written something; on any thread.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="RedisException">It cannot be reached, or does not let us in.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public static async Task<ShareServer> ConnectAsync(SharingSettings settings, long process, Action woken, CancellationToken stop)
    {
        var trust = new ServerTrust(settings.CaFile);
        var connecting = ConnectionMultiplexer.ConnectAsync(OptionsOf(settings, trust));
        ConnectionMultiplexer connection;
        try
        {
            connection = await connecting.WaitAsync(s_call + s_call, stop);
        }
        catch (Exception e)
        {
            // It may succeed after nobody waits any more.
            _ = connecting.ContinueWith(static late => late.Result.Dispose(), stop, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            if (trust.Refusal is { } refusal && !stop.IsCancellationRequested)
            {
                // The library says only that it could not connect.
                throw new RedisException(refusal, e);
            }

            throw;
        }

        var server = new ShareServer(connection, settings, process);
        try
        {
            await server.SubscribeAsync(woken, stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The library's options.</summary>
    /// <param name="settings">Where to, and as whom.</param>
    /// <param name="trust">Which certificates are the server's.</param>
    public static ConfigurationOptions OptionsOf(SharingSettings settings, ServerTrust trust)
    {
        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = true,
            AsyncTimeout = CallMs,
            SyncTimeout = CallMs,
            ConnectTimeout = ConnectMs,
            ConnectRetry = 1,
            KeepAlive = 5,
            BacklogPolicy = BacklogPolicy.FailFast,
            Protocol = RedisProtocol.Resp2,
            ConfigurationChannel = "",
            TieBreaker = "",
            // The library would ask for the server's settings, which no user of ours may read.
            CommandMap = CommandMap.Create(new HashSet<string>(StringComparer.Ordinal) { "CONFIG" }, available: false),
            ClientName = "postern-" + settings.Host,
            SetClientLibrary = false,
            IncludeDetailInExceptions = false,
            User = settings.User,
            Password = settings.PasswordFile is { } file ? File.ReadAllText(file).Trim() : null,
            Ssl = settings.Url!.IsTls,
            ServiceName = settings.Url.Service,
        };
        foreach (var (host, port) in settings.Url.Servers)
        {
            options.EndPoints.Add(host, port);
        }

        options.CertificateValidation += (_, certificate, _, errors) => trust.Accepts(certificate, errors);
        return options;
    }

    /// <summary>Which data the server has; names it where nobody has yet.</summary>
    /// <returns>The epoch, and the last id of the changes.</returns>
    public async Task<(string Epoch, string Last)> EpochAsync(CancellationToken stop)
    {
        await _data.StringSetAsync(Key("epoch"), Guid.NewGuid().ToString("N"), when: When.NotExists).WaitAsync(s_call, stop);
        var epoch = await _data.StringGetAsync(Key("epoch")).WaitAsync(s_call, stop);
        var last = await _data.StreamRangeAsync(Key("changes"), count: 1, messageOrder: Order.Descending).WaitAsync(s_call, stop);
        return (epoch.ToString(), last is [var entry, ..] ? entry.Id.ToString() : "0-0");
    }

    /// <summary>Gives the data another epoch, unless another host has: all hosts publish again what they know.</summary>
    public Task RenameAsync(string epoch, CancellationToken stop) =>
        _data.ScriptEvaluateAsync(ShareScripts.Rename, [Key("epoch")], [epoch, Guid.NewGuid().ToString("N")]).WaitAsync(s_call, stop);

    /// <summary>What is new behind these ids.</summary>
    /// <param name="most">Entries of each, at most.</param>
    /// <param name="changes">The last id of the changes.</param>
    /// <param name="memory">That of days and senders.</param>
    /// <param name="evidence">That of failures.</param>
    /// <param name="mark">An id that the changes had, for <see cref="ShareBatch.IsGone"/>.</param>
    /// <param name="stop">Ends the wait.</param>
    public async Task<ShareBatch> ReadAsync(int most, string changes, string memory, string evidence, string mark, CancellationToken stop)
    {
        var reply = (RedisResult[])(await _data.ScriptEvaluateAsync(ShareScripts.Read, _read, [most, changes, memory, evidence, mark]).WaitAsync(s_call, stop))!;
        var streams = ((RedisResult[])reply[3]!).ToDictionary(static stream => (string)stream[0]!, static stream => Entries((RedisResult[])stream[1]!), StringComparer.Ordinal);
        IReadOnlyList<ShareEntry> Of(string name) => streams.GetValueOrDefault(_prefix + name, []);
        return new ShareBatch(long.Parse((string)reply[0]!, CultureInfo.InvariantCulture), (string)reply[1]!, (string)reply[2]!, Of("changes"), Of("memory"), Of("evidence"))
        {
            IsGone = (int)reply[4] == 1,
        };
    }

    /// <summary>Publishes changes, all of them or none.</summary>
    /// <returns>What became of them, and the id that they got; no id where there are none.</returns>
    public async Task<(PublishAnswer Answer, string? Id)> PublishAsync(string epoch, IReadOnlyList<OutgoingChange> changes, CancellationToken stop)
    {
        var values = new List<RedisValue>(6 + (5 * changes.Count)) { epoch, MostChanges, EntriesKept, _prefix + "wake", _process, _prefix + "h:" };
        foreach (var change in changes)
        {
            values.Add(change.Hour is { } hour ? hour : "");
            values.Add(change.Subject);
            values.Add(change.Record);
            values.Add(change.DropHour is { } drop ? drop : "");
            values.Add(change.DropSubject);
        }

        var reply = (RedisResult[])(await _data.ScriptEvaluateAsync(ShareScripts.Publish, _publish, [.. values]).WaitAsync(s_call, stop))!;
        return (string?)reply[0] switch
        {
            "done" => (PublishAnswer.Done, reply.Length > 2 ? (string?)reply[2] : null),
            "limited" => (PublishAnswer.Limited, null),
            _ => (PublishAnswer.OtherEpoch, null),
        };
    }

    /// <summary>Puts days and senders into the memory of all hosts.</summary>
    public Task RememberAsync(IReadOnlyList<byte[]> records, CancellationToken stop) => AppendAsync("memory", MemoryKept, MemorySeconds, records, stop);

    /// <summary>Tells the other hosts of failures.</summary>
    public Task TellAsync(IReadOnlyList<byte[]> records, CancellationToken stop) => AppendAsync("evidence", EvidenceKept, EvidenceSeconds, records, stop);

    /// <summary>About how many changes the server keeps.</summary>
    public async Task<long> CountAsync(CancellationToken stop)
    {
        var hours = await _data.SortedSetRangeByRankAsync(Key("hours")).WaitAsync(s_call, stop);
        var lengths = await Task.WhenAll(hours.Select(hour => _data.HashLengthAsync(Key("h:" + hour)))).WaitAsync(s_call, stop);
        return lengths.Sum();
    }

    /// <summary>All that the server keeps of changes, in no order.</summary>
    /// <param name="most">Records of a page, at most.</param>
    /// <param name="stop">Ends the wait.</param>
    public async IAsyncEnumerable<List<byte[]>> SnapshotAsync(int most, [EnumeratorCancellation] CancellationToken stop)
    {
        var page = new List<byte[]>();
        var hours = await _data.SortedSetRangeByRankAsync(Key("hours")).WaitAsync(s_call, stop);
        foreach (var hour in hours)
        {
            await foreach (var entry in _data.HashScanAsync(Key("h:" + hour), pageSize: 2000).WithCancellation(stop))
            {
                page.Add((byte[])entry.Value!);
                if (page.Count == most)
                {
                    yield return page;
                    page = [];
                }
            }
        }

        yield return page;
    }

    /// <summary>Reads the signs of life of all hosts, and gives one; in this order, so that one of a namesake is seen.</summary>
    public async Task<IReadOnlyList<byte[]>> BeatAsync(byte[] record, CancellationToken stop)
    {
        var all = _data.HashGetAllAsync(Key("hosts"));
        var put = _data.HashSetAsync(Key("hosts"), _host, record);
        await put.WaitAsync(s_call, stop);
        return [.. (await all.WaitAsync(s_call, stop)).Select(static entry => (byte[])entry.Value!)];
    }

    /// <summary>The signs of life of all hosts.</summary>
    public async Task<IReadOnlyList<byte[]>> HostsAsync(CancellationToken stop) =>
        [.. (await _data.HashGetAllAsync(Key("hosts")).WaitAsync(s_call, stop)).Select(static entry => (byte[])entry.Value!)];

    /// <summary>Forgets a host that gives no sign of life.</summary>
    public Task ForgetAsync(string host, CancellationToken stop) => _data.HashDeleteAsync(Key("hosts"), host).WaitAsync(s_call, stop);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.CloseAsync(allowCommandsToComplete: false).WaitAsync(TimeSpan.FromSeconds(1));
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            // Nobody is there to say farewell to.
        }

        await _connection.DisposeAsync();
    }

    // What wakes us comes over a connection of its own, which is there a moment later than the other.
    private async Task SubscribeAsync(Action woken, CancellationToken stop)
    {
        var channel = RedisChannel.Literal(_prefix + "wake");
        for (var tries = 1; ; tries++)
        {
            try
            {
                await _connection.GetSubscriber().SubscribeAsync(channel, (_, message) =>
                {
                    if (!string.Equals(message, _process, StringComparison.Ordinal))
                    {
                        woken();
                    }
                }).WaitAsync(s_call, stop);
                return;
            }
            catch (RedisConnectionException) when (tries < SubscribeTries)
            {
                await Task.Delay(SubscribePauseMs, stop);
            }
        }
    }

    private async Task AppendAsync(string stream, int kept, int seconds, IReadOnlyList<byte[]> records, CancellationToken stop)
    {
        RedisValue[] values = [kept, seconds, _prefix + "wake", _process, .. records.Select(static record => (RedisValue)record)];
        await _data.ScriptEvaluateAsync(ShareScripts.Append, [Key(stream)], values).WaitAsync(s_call, stop);
    }

    private RedisKey Key(string name) => _prefix + name;

    private static IReadOnlyList<ShareEntry> Entries(RedisResult[] entries) =>
    [
        .. entries.Select(static entry => new ShareEntry((string)entry[0]!, [.. ((RedisResult[])entry[1]!).Where(static (_, i) => i % 2 == 1).Select(static value => (byte[])value!)])),
    ];
}
