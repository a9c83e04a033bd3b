using System.Globalization;
using System.Text;
using Postern.Enforcement.Netlink;

namespace Postern.Enforcement.Nftables;

/// <summary>
/// What our table is made of in the kernel, but for the elements of its sets: built from the answers of linux/netfilter/nf_tables.h to
/// a list of tables, chains, rules and sets.
/// </summary>
/// <param name="name">The table's name.</param>
internal sealed class NftablesTable(string name)
{
    // The first attribute of a table is its name, of everything else the table that it is in.
    private const ushort Table = 1;
    private const ushort SetName = 2;
    private const ushort RuleExpressions = 4;
    private const ushort ExpressionName = 1;
    private const byte NewChain = 3;
    private const byte NewRule = 6;
    private const byte NewSet = 9;

    // What changes while nobody changes the table: a chain's counters, and how many elements a set has.
    private const ushort ChainCounters = 8;
    private const ushort SetCount = 20;

    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);
    private readonly List<byte> _structure = [];
    private readonly List<(bool IsIPv4, byte Length)> _sets = [];

    /// <summary>All of it, in a form that only changes when it does.</summary>
    public ReadOnlySpan<byte> Structure => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_structure);

    /// <summary>Its sets of networks, by the length of their prefix.</summary>
    public IReadOnlyList<(bool IsIPv4, byte Length)> Sets => _sets;

    /// <summary>Takes one answer; what belongs to another table is passed over.</summary>
    /// <param name="type">The kind of message within nf_tables.</param>
    /// <param name="attributes">Its attributes.</param>
    public void Add(byte type, ReadOnlySpan<byte> attributes)
    {
        if (!NetlinkAttributes.Find(attributes, Table).TrimEnd((byte)0).SequenceEqual(_name))
        {
            return;
        }

        _structure.Add(type);
        var all = new NetlinkAttributes(attributes);
        while (all.MoveNext())
        {
            if ((type, all.Type) is (NewChain, ChainCounters) or (NewSet, SetCount))
            {
                continue;
            }

            Note(all.Type, (type, all.Type) is (NewRule, RuleExpressions) ? [] : all.Value);
            if ((type, all.Type) is (NewRule, RuleExpressions))
            {
                AddExpressions(all.Value);
            }
            else if ((type, all.Type) is (NewSet, SetName) && TryKind(all.Text, out var kind))
            {
                _sets.Add(kind);
            }
        }
    }

    private void AddExpressions(ReadOnlySpan<byte> expressions)
    {
        var all = new NetlinkAttributes(expressions);
        while (all.MoveNext())
        {
            var kind = NetlinkAttributes.Find(all.Value, ExpressionName);
            Note(all.Type, kind.TrimEnd((byte)0).SequenceEqual("counter"u8) ? kind : all.Value);
        }
    }

    private void Note(ushort type, ReadOnlySpan<byte> value)
    {
        _structure.AddRange([(byte)type, (byte)value.Length, (byte)(value.Length >> 8)]);
        _structure.AddRange(value);
    }

    // v4_32, v6_64: as NftablesScript names them.
    private static bool TryKind(ReadOnlySpan<byte> set, out (bool IsIPv4, byte Length) kind)
    {
        kind = default;
        var isIPv4 = set.StartsWith("v4_"u8);
        if ((!isIPv4 && !set.StartsWith("v6_"u8)) || !byte.TryParse(set[3..], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > (isIPv4 ? 32 : 128))
        {
            return false;
        }

        kind = (isIPv4, length);
        return true;
    }
}
