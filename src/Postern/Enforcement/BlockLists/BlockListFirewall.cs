using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Enforcement.Nftables;
using Postern.Facts;

namespace Postern.Enforcement.BlockLists;

/// <summary>What a list kept out.</summary>
/// <param name="Packets">Packets.</param>
/// <param name="Bytes">Bytes.</param>
public readonly record struct BlockListCount(long Packets, long Bytes);

/// <summary>
/// Lists of networks in the kernel: a table of their own beside that of the bans, with a counter a list, and a set of those who are
/// let in whatever a list says. Each change builds the table anew, in one transaction for all but very long lists.
/// </summary>
public sealed partial class BlockListFirewall : IAsyncDisposable
{
    // A transaction of more takes libnftables a lot of memory.
    private const int MostAtOnce = 20_000;

    // A list may be called drop, a word of nftables.
    private const string Prefix = "list_";
    private readonly NftablesOptions _options;
    private readonly Lazy<NftablesThread> _thread = new(static () => new NftablesThread(null));
    private readonly TimeProvider _time;
    private NftablesLibrary? _library;
    private bool _isBuilt;

    /// <summary>A firewall that is not built yet.</summary>
    /// <param name="options">Ports, hooks and verdict; the name of the table is <see cref="TableOf"/>.</param>
    /// <param name="time">The clock.</param>
    public BlockListFirewall(NftablesOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time) = (options with { Table = TableOf(options.Table) }, time);
    }

    /// <summary>The name of the table of the lists beside a table of bans.</summary>
    public static string TableOf(string table) => table + "_lists";

    /// <summary>Builds the table with these lists; without any, it is removed.</summary>
    /// <param name="lists">The lists.</param>
    /// <param name="spared">Who is let in whatever a list says.</param>
    /// <returns>Null, or why it was not built, in one line.</returns>
    public Task<string?> BuildAsync(IReadOnlyList<BlockList> lists, IReadOnlyCollection<ClientNetwork> spared) =>
        lists.Count == 0 && !_isBuilt && !IsLeft() ? Task.FromResult<string?>(null) : _thread.Value.RunAsync(() => Build(lists, spared));

    /// <summary>What each list has kept out since the table was built last.</summary>
    public Task<IReadOnlyDictionary<string, BlockListCount>> CountAsync() =>
        _thread.IsValueCreated ? _thread.Value.RunAsync(Count) : Task.FromResult<IReadOnlyDictionary<string, BlockListCount>>(new Dictionary<string, BlockListCount>(StringComparer.Ordinal));

    /// <summary>Removes the table.</summary>
    public async ValueTask DisposeAsync()
    {
        await BuildAsync([], []);
        if (_thread.IsValueCreated)
        {
            await _thread.Value.RunAsync(() =>
            {
                _library?.Dispose();
                return true;
            });
            _thread.Value.Dispose();
        }
    }

    private string? Build(IReadOnlyList<BlockList> lists, IReadOnlyCollection<ClientNetwork> spared)
    {
        var script = new StringBuilder($"add table inet {_options.Table}\ndelete table inet {_options.Table}\n");
        if (lists.Count > 0)
        {
            AddTable(script, lists);
            Run([script.ToString(), .. Elements("spared", BlockList.Merge(spared)), .. lists.SelectMany(list => Elements(Prefix + list.Name, list.Networks))], out var trouble);
            _isBuilt |= trouble is null;
            return trouble;
        }

        Run([script.ToString()], out var failed);
        _isBuilt = failed is not null;
        return failed;
    }

    private IReadOnlyDictionary<string, BlockListCount> Count()
    {
        var counts = new Dictionary<string, BlockListCount>(StringComparer.Ordinal);
        var text = _isBuilt ? _library?.Ask($"list counters table inet {_options.Table}") ?? "" : "";
        foreach (var match in Counter().Matches(text).Cast<Match>())
        {
            counts[match.Groups["name"].Value] = new(long.Parse(match.Groups["packets"].Value, CultureInfo.InvariantCulture), long.Parse(match.Groups["bytes"].Value, CultureInfo.InvariantCulture));
        }

        return counts;
    }

    // A run that was killed leaves its table.
    private bool IsLeft()
    {
        using var reader = new NftablesReader(_options.Table, _time);
        return reader.ReadTable().Table is not null;
    }

    // The table and what fits beside it is one transaction; the rest of very long lists follows.
    private void Run(IEnumerable<string> parts, out string? trouble)
    {
        trouble = null;
        try
        {
            _library ??= new NftablesLibrary();
            var text = new StringBuilder();
            foreach (var part in parts)
            {
                if (text.Length > 0 && text.Length + part.Length > MostAtOnce * 20 && (trouble = Send(text)) is not null)
                {
                    return;
                }

                text.Append(part);
            }

            trouble = Send(text);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            trouble = NftablesTrouble.NoLibrary;
        }
        catch (InvalidOperationException e)
        {
            trouble = e.Message;
        }
    }

    private string? Send(StringBuilder text)
    {
        var error = _library!.Run(text.ToString());
        text.Clear();
        return error is null ? null : NftablesThread.MayChangeNetwork() ? NftablesTrouble.Of(error) : NftablesTrouble.NoPermission;
    }

    private void AddTable(StringBuilder script, IReadOnlyList<BlockList> lists)
    {
        var table = "inet " + _options.Table;
        script.Append(CultureInfo.InvariantCulture, $"add table {table}\n");
        foreach (var name in lists.Select(static list => Prefix + list.Name).Prepend("spared"))
        {
            script.Append(CultureInfo.InvariantCulture, $"add set {table} {name}_v4 {{ type ipv4_addr ; flags interval ; }}\nadd set {table} {name}_v6 {{ type ipv6_addr ; flags interval ; }}\n");
        }

        foreach (var list in lists)
        {
            script.Append(CultureInfo.InvariantCulture, $"add counter {table} {Prefix}{list.Name}\n");
        }

        var verdict = NftablesScript.Verdict(_options);
        foreach (var hook in _options.Hooks)
        {
            var chain = $"{table} {NftablesScript.Chain(hook)}";
            var packets = NftablesScript.Packets(_options, hook);
            script.Append(NftablesScript.AddChain(_options, hook)).Append('\n');
            // Answers to our own connections are no attack, whoever sends them.
            script.Append(CultureInfo.InvariantCulture, $"add rule {chain} ct state established,related accept\n");
            script.Append(CultureInfo.InvariantCulture, $"add rule {chain} ip saddr @spared_v4 accept\nadd rule {chain} ip6 saddr @spared_v6 accept\n");
            foreach (var list in lists)
            {
                script.Append(CultureInfo.InvariantCulture, $"add rule {chain} {packets}ip saddr @{Prefix}{list.Name}_v4 counter name {Prefix}{list.Name} {verdict}\n");
                script.Append(CultureInfo.InvariantCulture, $"add rule {chain} {packets}ip6 saddr @{Prefix}{list.Name}_v6 counter name {Prefix}{list.Name} {verdict}\n");
            }
        }
    }

    private IEnumerable<string> Elements(string name, IReadOnlyList<ClientNetwork> networks)
    {
        foreach (var part in networks.GroupBy(static network => network.IsIPv4))
        {
            foreach (var chunk in part.Chunk(MostAtOnce))
            {
                yield return $"add element inet {_options.Table} {name}_{(part.Key ? "v4" : "v6")} {{ {string.Join(", ", chunk.Select(Text))} }}\n";
            }
        }
    }

    private static string Text(ClientNetwork network) => network.IsSingle ? network.First.ToIPAddress().ToString() : $"{network.First.ToIPAddress()}/{network.PrefixLength}";

    [GeneratedRegex(@"counter list_(?<name>\w+) \{\s+packets (?<packets>\d+) bytes (?<bytes>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Counter();
}
