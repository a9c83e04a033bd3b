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
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, (StringBuilder Bare, StringBuilder Timed)> _elements = new(StringComparer.Ordinal);
    private bool _isNew;

    /// <summary>Longer than any ban. nftables takes more, and no other value of eight digits of seconds.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(3650);

    private string Table => "inet " + options.Table;

    /// <summary>The name of the set for networks of that kind.</summary>
    public static string SetOf(bool isIPv4, byte prefixLength) => string.Create(CultureInfo.InvariantCulture, $"{(isIPv4 ? "v4" : "v6")}_{prefixLength}");

    /// <summary>Removes the table, whether it is there or not.</summary>
    public NftablesScript Remove()
    {
        Line($"add table {Table}");
        Line($"delete table {Table}");
        return this;
    }

    /// <summary>Builds the table, empty, after <see cref="Remove"/>.</summary>
    public NftablesScript Build()
    {
        _isNew = true;
        Line($"add table {Table}");
        foreach (var hook in options.Hooks)
        {
            _text.Append(AddChain(options, hook)).Append('\n');
            // Who is banned in the midst of a connection may still end it: else the server waits for it until its own time is over.
            Line($"add rule {Table} {Chain(hook)} {Ports(hook)}tcp flags & (fin | rst) != 0 accept");
        }

        return this;
    }

    /// <summary>Adds the set for networks of that kind, with its rules.</summary>
    public NftablesScript AddSet(bool isIPv4, byte prefixLength)
    {
        var set = SetOf(isIPv4, prefixLength);
        var source = (isIPv4 ? "ip" : "ip6") + " saddr";
        if (prefixLength != (isIPv4 ? 32 : 128))
        {
            var any = isIPv4 ? ClientAddress.FromIPv4(uint.MaxValue) : new ClientAddress(ulong.MaxValue, ulong.MaxValue);
            source += " & " + Text(ClientNetwork.Of(any, prefixLength));
        }

        var counter = options.Counters ? "counter " : "";
        Line($"add set {Table} {set} {{ type {(isIPv4 ? "ipv4_addr" : "ipv6_addr")} ; flags timeout ; }}");
        foreach (var hook in options.Hooks)
        {
            Line($"add rule {Table} {Chain(hook)} {Ports(hook)}{source} @{set} {counter}{Verdict(options)}");
        }

        return this;
    }

    /// <summary>Sets an entry's time, or takes it out; once for a network. An entry that is over by now is taken out.</summary>
    /// <param name="change">The change.</param>
    /// <param name="isNew">True where the kernel has no such entry: a burst of new bans is half the work then.</param>
    public NftablesScript Change(FirewallChange change, bool isNew = false)
    {
        var set = SetOf(change.Network.IsIPv4, change.Network.PrefixLength);
        if (!_elements.TryGetValue(set, out var elements))
        {
            _elements[set] = elements = (new(), new());
        }

        var address = Text(change.Network);
        var lasts = change.Until > now;
        if (!(_isNew || (isNew && lasts)))
        {
            Separate(elements.Bare).Append(address);
        }

        if (lasts && change.Until is { } until)
        {
            var seconds = (long)Math.Ceiling((until - now < Longest ? until - now : Longest).TotalSeconds);
            Separate(elements.Timed).Append(CultureInfo.InvariantCulture, $"{address} timeout {seconds / 86400}d{seconds % 86400}s");
        }

        return this;
    }

    /// <summary>
    /// The commands. Older kernels cannot change an element's time in place, and one that is not there cannot be deleted (it
    /// may have ended in the kernel a moment ago): adding it first makes all sure within the one transaction, during which no
    /// packet passes. A new table needs none of it.
    /// </summary>
    public override string ToString()
    {
        foreach (var (set, (bare, timed)) in _elements)
        {
            if (bare.Length > 0)
            {
                _text.Append("add element ").Append(Table).Append(' ').Append(set).Append(" { ").Append(bare).Append(" }\n");
                _text.Append("delete element ").Append(Table).Append(' ').Append(set).Append(" { ").Append(bare).Append(" }\n");
            }

            if (timed.Length > 0)
            {
                _text.Append("add element ").Append(Table).Append(' ').Append(set).Append(" { ").Append(timed).Append(" }\n");
            }
        }

        _elements.Clear();
        return _text.ToString();
    }

    private void Line(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private string Ports(NftablesHook hook) => Packets(options, hook);

    /// <summary>The command that adds the chain of a hook.</summary>
    public static string AddChain(NftablesOptions options, NftablesHook hook) => string.Create(CultureInfo.InvariantCulture,
        $"add chain inet {options.Table} {Chain(hook)} {{ type filter hook {(hook == NftablesHook.Forward ? "forward" : "input")} priority {options.Priority} ; policy accept ; }}");

    /// <summary>What becomes of a packet, as a rule ends.</summary>
    public static string Verdict(NftablesOptions options) =>
        options.Verdict == NftablesVerdict.Drop ? "drop" : options.Ports.Count == 0 ? "reject" : "reject with tcp reset";

    /// <summary>The name of the chain of a hook.</summary>
    public static string Chain(NftablesHook hook) => hook == NftablesHook.Forward ? "forwarded" : "bans";

    /// <summary>
    /// The part of a rule that chooses the packets of the guarded ports, with a blank behind it. What is forwarded is ours where this
    /// machine published the port: it goes on to a container, at a port of the container's own, and the connection knows the one that
    /// the client sees. What only passes through to other machines is none of our business.
    /// </summary>
    public static string Packets(NftablesOptions options, NftablesHook hook)
    {
        var ports = string.Join(", ", options.Ports);
        return hook == NftablesHook.Forward
            ? "ct status dnat " + (ports.Length == 0 ? "" : $"meta l4proto tcp ct original proto-dst {{ {ports} }} ")
            : ports.Length == 0 ? "" : $"tcp dport {{ {ports} }} ";
    }

    private static string Text(ClientNetwork network) => network.First.ToIPAddress().ToString();

    private static StringBuilder Separate(StringBuilder list) => list.Length == 0 ? list : list.Append(", ");
}
