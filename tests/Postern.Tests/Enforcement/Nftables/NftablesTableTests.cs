using System.Text;
using System.Text.Json;
using Postern.Enforcement.Nftables;
using Postern.Facts;

namespace Postern.Tests.Enforcement.Nftables;

/// <summary>What libnftables prints is read; what somebody else put there does no harm.</summary>
public sealed class NftablesTableTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private const string Table = """
        {"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}}, {"table": {"family": "inet", "name": "postern", "handle": HANDLE}},
        {"set": {"family": "inet", "name": "v4_24", "table": "postern", "type": "ipv4_addr", "handle": 2, "flags": ["timeout"], "elem": [ELEMENTS]}},
        {"set": {"family": "inet", "name": "v6_64", "table": "postern", "type": "ipv6_addr", "handle": 3, "flags": ["timeout"], "elem": [{"elem": {"val": "2001:db8::", "timeout": 90, "expires": 89}}]}},
        {"chain": {"family": "inet", "table": "postern", "name": "bans", "handle": 1, "type": "filter", "hook": "input", "prio": -15, "policy": "POLICY"}},
        {"rule": {"family": "inet", "table": "postern", "chain": "bans", "handle": 4, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": {"set": [25, 465]}}}, {"counter": {"packets": PACKETS, "bytes": 900}}, {"drop": null}]}}]}
        """;

    [Fact]
    public void Entries_have_the_length_of_their_set_and_end_when_the_kernel_says() =>
        Read("""{"elem": {"val": "192.0.2.0", "timeout": 3600, "expires": 3599}}, "198.51.100.0" """).Entries.ShouldBe(
            new Dictionary<ClientNetwork, DateTimeOffset>
            {
                [ScriptedWall.Network("192.0.2.0/24")] = s_now.AddSeconds(3599),
                [ScriptedWall.Network("198.51.100.0/24")] = DateTimeOffset.MaxValue,
                [ScriptedWall.Network("2001:db8::/64")] = s_now.AddSeconds(89),
            },
            ignoreOrder: true);

    [Fact]
    public void What_cannot_be_ours_is_passed_over() =>
        Read("""{"elem": {"val": {"prefix": {"addr": "10.0.0.0", "len": 8}}, "expires": 7}}, {"range": ["10.1.0.0", "10.2.0.0"]}, 25, "smtp", {"elem": {"val": "192.0.2.0", "comment": "by hand"}}""")
            .Entries.ShouldBe(
                new Dictionary<ClientNetwork, DateTimeOffset>
                {
                    [ScriptedWall.Network("192.0.2.0/24")] = DateTimeOffset.MaxValue,
                    [ScriptedWall.Network("2001:db8::/64")] = s_now.AddSeconds(89),
                },
                ignoreOrder: true);

    [Fact]
    public void Elements_counters_and_handles_are_no_change_of_the_structure() =>
        Read("\"192.0.2.0\"", handle: "7", packets: "12").Structure.ShouldBe(Read("", handle: "1", packets: "0").Structure);

    [Fact]
    public void A_policy_is() => Read("", policy: "drop").Structure.ShouldNotBe(Read("").Structure, StringComparer.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("table inet postern {")]
    [InlineData("{\"nftables\": [{\"set\": {\"name\": \"v4_32\", \"elem\": [")]
    public void What_is_no_JSON_is_told(string text) => Should.Throw<JsonException>(() => NftablesTable.Read(Encoding.UTF8.GetBytes(text), s_now));

    [Theory]
    [InlineData("internal:0:0-0: Error: Could not process rule: Operation not permitted\n", "no permission to change the firewall: CAP_NET_ADMIN is missing")]
    [InlineData("netlink: Error: cache initialization failed: Protocol not supported", "this kernel has no nftables")]
    [InlineData("/dev/stdin:1:1-2: Error: Could not process rule: Cannot allocate memory\nadd element\n^^^\n", "nftables refuses: Could not process rule: Cannot allocate memory")]
    [InlineData("", "nftables refuses: ")]
    public void A_failure_is_one_plain_line(string error, string expected) => NftablesTrouble.Of(error).ShouldBe(expected);

    private static NftablesTable Read(string elements, string handle = "1", string packets = "0", string policy = "accept") =>
        NftablesTable.Read(
            Encoding.UTF8.GetBytes(Table.Replace("ELEMENTS", elements, StringComparison.Ordinal).Replace("HANDLE", handle, StringComparison.Ordinal)
                .Replace("PACKETS", packets, StringComparison.Ordinal).Replace("POLICY", policy, StringComparison.Ordinal)),
            s_now);
}
