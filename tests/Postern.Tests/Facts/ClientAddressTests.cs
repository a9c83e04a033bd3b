using System.Net;
using Postern.Facts;

namespace Postern.Tests.Facts;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("::FFFF:c000:207", "192.0.2.7")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("0.0.0.1", "0.0.0.1")]
    public void Both_spellings_of_a_client_are_one(string text, string shown)
    {
        ClientAddress.TryParse(text, out var address).ShouldBeTrue();
        address.ToString().ShouldBe(shown);
        address.IsKnown.ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("unknown")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("1.2.3.4 ")]
    [InlineData("0x7f000001")]
    [InlineData("2130706433")]
    [InlineData("::")]
    [InlineData("2001:db8::1%eth0")]
    [InlineData("[2001:db8::1]")]
    [InlineData("2001:db8::1/64")]
    [InlineData("mx.example.org")]
    [InlineData("1.2.3.4:25")]
    public void Anything_else_is_no_address(string text)
    {
        ClientAddress.TryParse(text, out var address).ShouldBeFalse();
        address.ShouldBe(ClientAddress.Unknown);
    }

    [FsCheck.Xunit.Property]
    public void Every_address_is_read_back_from_its_text(ulong high, ulong low)
    {
        var address = new ClientAddress(high, low);
        ClientAddress.TryParse(address.ToString(), out var read).ShouldBe(address.IsKnown);
        read.ShouldBe(address);
        ClientAddress.From(address.ToIPAddress()).ShouldBe(address);
    }

    [FsCheck.Xunit.Property]
    public void Every_IPv4_address_reads_as_the_framework_does(uint bits)
    {
        var address = ClientAddress.FromIPv4(bits);
        address.IsIPv4.ShouldBeTrue();
        address.ToString().ShouldBe(new IPAddress([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]).ToString());
    }

    [Fact]
    public void IPv4_comes_before_IPv6_and_in_numeric_order()
    {
        ClientAddress[] addresses = [new(0x2001_0DB8_0000_0000, 1), ClientAddress.FromIPv4(0xC000_0210), ClientAddress.FromIPv4(0xC000_0209)];
        addresses.Order().Select(address => address.ToString()).ShouldBe(["192.0.2.9", "192.0.2.16", "2001:db8::1"]);
    }

    [Fact]
    public void Addresses_that_were_made_to_fall_together_by_a_hash_without_a_seed_do_not()
    {
        // The low half that undoes a change of the high one, and the many that share the upper bits of a product.
        const ulong Multiplier = 0x9E37_79B9_7F4A_7C15, Second = 0xD6E8_FEB8_6659_FD93;
        var inverse = Second;
        for (var i = 0; i < 6; i++)
        {
            inverse *= 2 - (Second * inverse);
        }

        const ulong Network = 0x2001_0DB8_0000_0001;
        var crafted = Enumerable.Range(0, 40_000).Select(n => new ClientAddress(Network, ((ulong)n * inverse) ^ unchecked(Network * Multiplier))).ToArray();
        crafted.Select(address => (int)((((address.High * Multiplier) ^ address.Low) * Second) >> 32)).Distinct().Count().ShouldBe(1);
        // Of 40,000 random values of 32 bits, fewer than one is expected to have a double.
        crafted.Select(address => address.GetHashCode()).Distinct().Count().ShouldBeGreaterThan(39_900);
        Enumerable.Range(0, 40_000).Select(n => new ClientAddress(0, 0xFFFF_C000_0200 + (ulong)n).GetHashCode()).Distinct().Count().ShouldBeGreaterThan(39_900);
    }
}
