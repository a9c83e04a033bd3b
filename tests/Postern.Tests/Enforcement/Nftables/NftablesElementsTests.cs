using System.Runtime.InteropServices;
using Postern.Enforcement;
using Postern.Enforcement.Nftables;
using Postern.Facts;

namespace Postern.Tests.Enforcement.Nftables;

/// <summary>The messages that add elements to sets, read back as the kernel's own answers are.</summary>
public sealed class NftablesElementsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_network_stands_in_the_set_of_its_length_until_its_time()
    {
        FirewallEntry[] entries =
        [
            Entry("192.0.2.1/32", 90), Entry("192.0.2.2/32", 0), Entry("198.51.100.0/24", 60), Entry("2001:db8::/64", 3600), Entry("2001:db8::1/128", 1.5),
        ];
        var messages = Messages(new NftablesElements("postern").Batch(entries, s_now));
        messages.Select(static message => message.Type).ShouldBe([0x10, 0xA0C, 0xA0C, 0xA0C, 0xA0C, 0x11]);
        // Only the last that adds is answered, and every one is a request.
        messages.Select(static message => message.Flags).ShouldBe([1, 0x401, 0x401, 0x401, 0x405, 1]);
        Read(messages[1], 32).ShouldBe([(entries[0].Network, s_now.AddSeconds(90))]);
        Read(messages[2], 24).ShouldBe([(entries[2].Network, s_now.AddSeconds(60))]);
        Read(messages[3], 64).ShouldBe([(entries[3].Network, s_now.AddSeconds(3600))]);
        // nftables counts in seconds.
        Read(messages[4], 128).ShouldBe([(entries[4].Network, s_now.AddSeconds(2))]);
    }

    [Fact]
    public void Very_many_are_several_messages_that_lose_none()
    {
        FirewallEntry[] entries = [.. Enumerable.Range(0, 20_000).Select(static i => new FirewallEntry(ClientNetwork.Of(ClientAddress.FromIPv4(0xC633_0000u + (uint)i)), s_now.AddDays(1)))];
        var messages = Messages(new NftablesElements("postern").Batch(entries, s_now));
        messages.Count.ShouldBeGreaterThan(3);
        messages.ShouldAllBe(static message => message.Body.Length < ushort.MaxValue);
        messages.Skip(1).SkipLast(1).SelectMany(static message => Read(message, 32)).Select(static pair => pair.Network).ShouldBe(entries.Select(static entry => entry.Network));
    }

    [Fact]
    public void Nothing_to_add_is_no_transaction() => new NftablesElements("postern").Batch([Entry("192.0.2.1/32", -5)], s_now).ShouldBeEmpty();

    private static FirewallEntry Entry(string network, double seconds) =>
        new(ClientNetwork.TryParse(network, out var parsed) ? parsed : throw new ArgumentException("no network: " + network, nameof(network)), s_now.AddSeconds(seconds));

    private static List<(ClientNetwork Network, DateTimeOffset Until)> Read((ushort Type, ushort Flags, byte[] Body) message, byte length)
    {
        List<(ClientNetwork, DateTimeOffset)> found = [];
        // The kernel tells when an element ends in another attribute than the one that sets it.
        NftablesReader.Read(WithExpiration(message.Body.AsSpan(4)), length, s_now, (network, until) => found.Add((network, until)));
        return found;
    }

    private static byte[] WithExpiration(ReadOnlySpan<byte> attributes)
    {
        var bytes = attributes.ToArray();
        for (var at = 0; at + 12 <= bytes.Length; at += 4)
        {
            // Twelve bytes of type 4: the only attributes of this shape.
            if (bytes.AsSpan(at, 4) is [12, 0, 4, 0])
            {
                bytes[at + 2] = 5;
                at += 8;
            }
        }

        return bytes;
    }

    private static List<(ushort Type, ushort Flags, byte[] Body)> Messages(ReadOnlySpan<byte> batch)
    {
        List<(ushort, ushort, byte[])> messages = [];
        while (!batch.IsEmpty)
        {
            var length = (int)MemoryMarshal.Read<uint>(batch);
            messages.Add((MemoryMarshal.Read<ushort>(batch[4..]), MemoryMarshal.Read<ushort>(batch[6..]), batch[16..length].ToArray()));
            batch = batch[((length + 3) & ~3)..];
        }

        return messages;
    }
}
