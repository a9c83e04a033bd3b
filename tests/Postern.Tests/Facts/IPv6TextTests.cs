using System.Net;
using System.Text;
using FsCheck.Xunit;
using Postern.Facts;

namespace Postern.Tests.Facts;

/// <summary>The quick reader gives what the framework's gives, or leaves the text to that.</summary>
public sealed class IPv6TextTests
{
    [Theory]
    [InlineData("::1", 0, 1)]
    [InlineData("2001:db8::7", 0x2001_0db8_0000_0000, 7)]
    [InlineData("2001:DB8:0:1:aaaa:BBBB:cccc:dddd", 0x2001_0db8_0000_0001, 0xaaaa_bbbb_cccc_dddd)]
    [InlineData("fe80::", 0xfe80_0000_0000_0000, 0)]
    [InlineData("1:2:3:4:5:6:7::", 0x0001_0002_0003_0004, 0x0005_0006_0007_0000)]
    [InlineData("::ffff:c000:201", 0, 0x0000_ffff_c000_0201)]
    public void The_usual_forms_are_read(string text, ulong high, ulong low)
    {
        IPv6Text.TryRead(Encoding.ASCII.GetBytes(text), out var readHigh, out var readLow).ShouldBeTrue();
        (readHigh, readLow).ShouldBe((high, low));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1::2::3")]
    [InlineData("1:::2")]
    [InlineData("12345::")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("::ffff:192.0.2.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("2001:db8::g")]
    public void Everything_else_is_left_to_the_framework(string text) => IPv6Text.TryRead(Encoding.ASCII.GetBytes(text), out _, out _).ShouldBeFalse();

    [Property(MaxTest = 2000)]
    public void Any_address_is_read_as_the_framework_reads_it(ulong high, ulong low, ushort holes)
    {
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < 16; i++)
        {
            bytes[i] = (holes & (1 << (i / 2 * 2))) != 0 ? (byte)0 : (byte)((i < 8 ? high : low) >> (i % 8 * 8));
        }

        var text = Encoding.ASCII.GetBytes(new IPAddress(bytes).ToString());
        if (IPv6Text.TryRead(text, out var readHigh, out var readLow))
        {
            new ClientAddress(readHigh, readLow).ShouldBe(ClientAddress.From(new IPAddress(bytes)));
        }
        else
        {
            text.ShouldContain((byte)'.');
        }
    }
}
