using Postern.Enforcement;
using Postern.Enforcement.Nftables;

namespace Postern.Tests.Enforcement.Nftables;

/// <summary>The commands of a step, word by word.</summary>
public sealed class NftablesScriptTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_table_is_replaced_in_one_step_and_new_elements_need_no_care() =>
        Script().Remove().Build().AddSet(isIPv4: true, 24).Change(Ban("192.0.2.0/24", 60)).ToString().ShouldBe("""
            add table inet postern
            delete table inet postern
            add table inet postern
            add chain inet postern bans { type filter hook input priority -15 ; policy accept ; }
            add rule inet postern bans tcp dport { 25, 465, 587 } tcp flags & (fin | rst) != 0 accept
            add chain inet postern forwarded { type filter hook forward priority -15 ; policy accept ; }
            add rule inet postern forwarded ct status dnat meta l4proto tcp ct original proto-dst { 25, 465, 587 } tcp flags & (fin | rst) != 0 accept
            add set inet postern v4_24 { type ipv4_addr ; flags timeout ; }
            add rule inet postern bans tcp dport { 25, 465, 587 } ip saddr & 255.255.255.0 @v4_24 counter drop
            add rule inet postern forwarded ct status dnat meta l4proto tcp ct original proto-dst { 25, 465, 587 } ip saddr & 255.255.255.0 @v4_24 counter drop
            add element inet postern v4_24 { 192.0.2.0 timeout 0d60s }

            """);

    [Fact]
    public void A_change_takes_effect_whether_the_element_is_there_or_not() =>
        Script().Change(Ban("192.0.2.1", 1.001)).Change(new(ScriptedFirewall.Network("192.0.2.2"), null)).ToString().ShouldBe("""
            add element inet postern v4_32 { 192.0.2.1, 192.0.2.2 }
            delete element inet postern v4_32 { 192.0.2.1, 192.0.2.2 }
            add element inet postern v4_32 { 192.0.2.1 timeout 0d2s }

            """);

    [Fact]
    public void What_is_new_is_only_added()
    {
        Script().Change(Ban("192.0.2.1", 60), isNew: true).Change(Ban("192.0.2.2", 60)).Change(new(ScriptedFirewall.Network("192.0.2.3"), null), isNew: true).ToString().ShouldBe("""
            add element inet postern v4_32 { 192.0.2.2, 192.0.2.3 }
            delete element inet postern v4_32 { 192.0.2.2, 192.0.2.3 }
            add element inet postern v4_32 { 192.0.2.1 timeout 0d60s, 192.0.2.2 timeout 0d60s }

            """);
        Script().Change(Ban("192.0.2.1", 60), isNew: true).ToString().ShouldBe("add element inet postern v4_32 { 192.0.2.1 timeout 0d60s }\n");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void What_is_over_is_removed(double seconds) =>
        Script().Change(Ban("192.0.2.1", seconds)).ToString().ShouldBe("""
            add element inet postern v4_32 { 192.0.2.1 }
            delete element inet postern v4_32 { 192.0.2.1 }

            """);

    [Fact]
    public void A_time_without_end_is_as_long_as_nftables_can_tell() =>
        Script().Change(new(ScriptedFirewall.Network("2001:db8::/64"), DateTimeOffset.MaxValue)).ToString().ShouldEndWith("{ 2001:db8:: timeout 3650d0s }\n");

    [Theory]
    [InlineData(true, 32, "ip saddr @v4_32")]
    [InlineData(true, 7, "ip saddr & 254.0.0.0 @v4_7")]
    [InlineData(true, 0, "ip saddr & 0.0.0.0 @v4_0")]
    [InlineData(false, 128, "ip6 saddr @v6_128")]
    [InlineData(false, 64, "ip6 saddr & ffff:ffff:ffff:ffff:: @v6_64")]
    [InlineData(false, 97, "ip6 saddr & ffff:ffff:ffff:ffff:ffff:ffff:8000:0 @v6_97")]
    public void The_clients_address_is_cut_to_the_length_of_the_prefix(bool isIPv4, byte length, string expected) =>
        Script(new NftablesOptions { Ports = [], Verdict = NftablesVerdict.Reject, Counters = false, Hooks = [NftablesHook.Input] }).AddSet(isIPv4, length).ToString()
            .ShouldEndWith($"add rule inet postern bans {expected} reject\n");

    [Fact]
    public void What_is_forwarded_is_ours_only_where_this_machine_publishes_it() =>
        Script(new NftablesOptions { Table = "other", Ports = [25], Verdict = NftablesVerdict.Reject, Hooks = [NftablesHook.Forward] }).Build().AddSet(isIPv4: true, 32).ToString().ShouldBe("""
            add table inet other
            add chain inet other forwarded { type filter hook forward priority -15 ; policy accept ; }
            add rule inet other forwarded ct status dnat meta l4proto tcp ct original proto-dst { 25 } tcp flags & (fin | rst) != 0 accept
            add set inet other v4_32 { type ipv4_addr ; flags timeout ; }
            add rule inet other forwarded ct status dnat meta l4proto tcp ct original proto-dst { 25 } ip saddr @v4_32 counter reject with tcp reset

            """);

    private static NftablesScript Script(NftablesOptions? options = null) => new(options ?? new NftablesOptions(), s_now);

    private static FirewallChange Ban(string network, double seconds) => new(ScriptedFirewall.Network(network), s_now.AddSeconds(seconds));
}
