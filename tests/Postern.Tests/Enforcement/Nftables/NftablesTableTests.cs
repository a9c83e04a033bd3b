using FsCheck.Xunit;
using Postern.Enforcement;
using Postern.Enforcement.Nftables;
using Postern.Facts;

namespace Postern.Tests.Enforcement.Nftables;

/// <summary>What the kernel tells of our table, as the bytes that it sends.</summary>
public sealed class NftablesTableTests
{
    private const byte NewTable = 0;
    private const byte NewChain = 3;
    private const byte NewRule = 6;
    private const byte NewSet = 9;
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Its_sets_are_known_by_their_names() =>
        Table((NewSet, Set("v4_32")), (NewSet, Set("v6_64")), (NewSet, Set("__set0")), (NewSet, Set("v4_33")), (NewSet, Set("v7_1"))).Sets.ShouldBe([(true, 32), (false, 64)]);

    [Fact]
    public void Counters_are_no_change_of_it()
    {
        var before = Table((NewChain, [.. Text(1, "postern"), .. Text(3, "bans"), .. Of(8, [1])]), (NewRule, Rule("counter", 1)), (NewSet, [.. Set("v4_32"), .. Of(20, [1])]));
        var after = Table((NewChain, [.. Text(1, "postern"), .. Text(3, "bans"), .. Of(8, [2])]), (NewRule, Rule("counter", 2)), (NewSet, [.. Set("v4_32"), .. Of(20, [2])]));
        after.Structure.SequenceEqual(before.Structure).ShouldBeTrue();
    }

    [Fact]
    public void Anything_else_is()
    {
        var before = Table((NewRule, Rule("cmp", 1))).Structure.ToArray();
        Table((NewRule, Rule("cmp", 2))).Structure.SequenceEqual(before).ShouldBeFalse();
        Table((NewRule, Rule("immediate", 1))).Structure.SequenceEqual(before).ShouldBeFalse();
        Table((NewRule, Rule("cmp", 1)), (NewRule, Rule("cmp", 1))).Structure.SequenceEqual(before).ShouldBeFalse();
        Table().Structure.SequenceEqual(before).ShouldBeFalse();
    }

    [Fact]
    public void What_is_in_another_table_is_none_of_it()
    {
        var table = new NftablesTable("postern");
        table.Add(NewSet, [.. Text(1, "postern2"), .. Text(2, "v4_32")]);
        table.Add(NewTable, Text(1, "filter"));
        (table.Structure.Length, table.Sets.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void Elements_have_an_address_and_an_end()
    {
        List<FirewallEntry> entries = [];
        byte[] element = [.. Of(1, Of(1, [192, 0, 2, 0])), .. Of(4, [0, 0, 0, 0, 0, 0, 0x27, 0x10]), .. Of(5, [0, 0, 0, 0, 0, 0, 0x03, 0xE8])];
        NftablesReader.Read([.. Text(1, "postern"), .. Text(2, "v4_24"), .. Of(3, [.. Of(1, element), .. Of(1, Of(1, Of(1, [198, 51, 100, 0])))])], 24, s_now, (network, until) => entries.Add(new(network, until)));
        entries.ShouldBe([new(ScriptedFirewall.Network("192.0.2.0/24"), s_now.AddSeconds(1)), new(ScriptedFirewall.Network("198.51.100.0/24"), DateTimeOffset.MaxValue)]);
    }

    [Property]
    public void No_bytes_are_too_odd(byte[] bytes, byte type) => Should.NotThrow(() =>
    {
        new NftablesTable("postern").Add(type, bytes);
        new NftablesTable("postern").Add(NewRule, [.. Text(1, "postern"), .. Of(4, bytes)]);
        NftablesReader.Read(Of(3, bytes), 32, s_now, (_, _) => { });
    });

    [Fact]
    public void A_comparison_finds_what_is_missing_what_is_wrong_and_what_is_not_ours()
    {
        var (there, wrong, gone, queued, foreign, lifted) = (Net(1), Net(2), Net(3), Net(4), Net(5), Net(6));
        HashSet<ClientNetwork> told = [there, wrong, gone, lifted];
        var comparison = new NftablesComparison([Entry(there), Entry(wrong), Entry(gone), Entry(queued)], told, s_now);
        comparison.Take(there, s_now.AddSeconds(603));
        comparison.Take(wrong, s_now.AddSeconds(60));
        comparison.Take(foreign, s_now.AddSeconds(60));
        comparison.Take(lifted, s_now.AddSeconds(60));
        var (changes, drift) = comparison.Finish();
        drift.ShouldBe(new FirewallDrift(2, 1, WasRebuilt: false));
        changes.Select(change => (change.Network, change.Until is not null)).ShouldBe([(wrong, true), (gone, true), (queued, true), (foreign, false), (lifted, false)], ignoreOrder: true);
        told.ShouldBe([there, wrong, gone, foreign, lifted], ignoreOrder: true);
    }

    private static ClientNetwork Net(uint i) => ClientNetwork.Of(ClientAddress.FromIPv4(0xC000_0200 + i));

    private static FirewallEntry Entry(ClientNetwork network) => new(network, s_now.AddSeconds(600));

    private static NftablesTable Table(params (byte Type, byte[] Attributes)[] messages)
    {
        var table = new NftablesTable("postern");
        foreach (var (type, attributes) in messages)
        {
            table.Add(type, attributes);
        }

        return table;
    }

    private static byte[] Set(string name) => [.. Text(1, "postern"), .. Text(2, name)];

    private static byte[] Rule(string expression, byte data) => [.. Text(1, "postern"), .. Text(2, "bans"), .. Of(4, Of(1, [.. Text(1, expression), .. Of(2, [data])]))];

    private static byte[] Text(ushort type, string text) => Of(type, [.. System.Text.Encoding.UTF8.GetBytes(text), 0]);

    private static byte[] Of(ushort type, byte[] value)
    {
        byte[] attribute = [.. BitConverter.GetBytes((ushort)(4 + value.Length)), .. BitConverter.GetBytes(type), .. value];
        return [.. attribute, .. new byte[(4 - (attribute.Length % 4)) % 4]];
    }
}
