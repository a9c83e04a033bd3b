using System.Globalization;
using System.Text;
using Postern.Facts;

namespace Postern.Enforcement.Nftables;

/// <summary>
/// The commands of one transaction. Networks lie in a set for each length of prefix, and the rule cuts the client's address
/// to that length: plain hash sets need no care for networks that overlap, which intervals do.
/// </summary>
internal sealed class NftablesScript(NftablesOptions options, DateTimeOffset now)
{
    /// <summary>Longer than any ban: nftables counts in milliseconds and stops at its own limit.</summary>
    private const long LongestSeconds = 315_360_000;

    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, (StringBuilder Bare, StringBuilder Timed)> _elements = new(StringComparer.Ordinal);

    /// <summary>The table in commands.</summary>
    public string Table => "inet " + options.Table;

    /// <summary>The name of the set for networks of that kind.</summary>
    public static string SetOf(ClientNetwork network) => SetOf(network.IsIPv4, network.PrefixLength);

    /// <inheritdoc cref="SetOf(ClientNetwork)"/>
    public static string SetOf(bool isIPv4, byte prefixLength) => string.Create(CultureInfo.InvariantCulture, $"{(isIPv4 ? "v4" : "v6")}_{prefixLength}");

    /// <summary>Removes the table, whether it is there or not.</summary>
    public NftablesScript Remove()
    {
        _text.Append(CultureInfo.InvariantCulture, $"add table {Table}\ndelete table {Table}\n");
        return this;
    }

    /// <summary>Builds the table, empty.</summary>
    public NftablesScript Build()
    {
        _text.Append(CultureInfo.InvariantCulture, $"add table {Table}\nadd chain {Table} input {{ type filter hook input priority {options.Priority} ; policy accept ; }}\n");
        return this;
    }

    /// <summary>Adds the set for networks of that kind, with its rule.</summary>
    public NftablesScript AddSet(bool isIPv4, byte prefixLength)
    {
        var set = SetOf(isIPv4, prefixLength);
        var source = (isIPv4 ? "ip" : "ip6") + " saddr";
        if (prefixLength != (isIPv4 ? 32 : 128))
        {
            var any = isIPv4 ? ClientAddress.FromIPv4(uint.MaxValue) : new ClientAddress(ulong.MaxValue, ulong.MaxValue);
            source += " & " + ClientNetwork.Of(any, prefixLength).First;
        }

        var ports = options.Ports.Count == 0 ? "" : $"tcp dport {{ {string.Join(", ", options.Ports)} }} ";
        var verdict = options.Verdict == NftablesVerdict.Drop ? "drop" : options.Ports.Count == 0 ? "reject" : "reject with tcp reset";
        _text.Append(CultureInfo.InvariantCulture, $"add set {Table} {set} {{ type {(isIPv4 ? "ipv4_addr" : "ipv6_addr")} ; flags timeout ; }}\n")
            .Append(CultureInfo.InvariantCulture, $"add rule {Table} input {ports}{source} @{set} counter {verdict}\n");
        return this;
    }

    /// <summary>Sets an entry's time, or takes it out. An entry that is over by now is taken out.</summary>
    public NftablesScript Change(WallChange change)
    {
        var set = SetOf(change.Network);
        if (!_elements.TryGetValue(set, out var elements))
        {
            _elements[set] = elements = (new(), new());
        }

        Separate(elements.Bare).Append(change.Network.First);
        if (change.Until is { } until && until > now)
        {
            var seconds = Math.Clamp((long)Math.Ceiling((until - now).TotalSeconds), 1, LongestSeconds);
            Separate(elements.Timed).Append(change.Network.First).Append(CultureInfo.InvariantCulture, $" timeout {seconds}s");
        }

        return this;
    }

    /// <summary>
    /// The commands. An element's time cannot be changed in place, and one that is not there cannot be deleted: adding it first
    /// makes both sure within the one transaction, during which no packet passes.
    /// </summary>
    public override string ToString()
    {
        foreach (var (set, (bare, timed)) in _elements)
        {
            _text.Append(CultureInfo.InvariantCulture, $"add element {Table} {set} {{ {bare} }}\ndelete element {Table} {set} {{ {bare} }}\n");
            if (timed.Length > 0)
            {
                _text.Append(CultureInfo.InvariantCulture, $"add element {Table} {set} {{ {timed} }}\n");
            }
        }

        _elements.Clear();
        return _text.ToString();
    }

    private static StringBuilder Separate(StringBuilder list) => list.Length == 0 ? list : list.Append(", ");
}
