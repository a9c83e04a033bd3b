using System.Buffers.Binary;
using FsCheck.Xunit;
using Postern.Enforcement.Netlink;
using Postern.Facts;

namespace Postern.Tests.Enforcement.Netlink;

/// <summary>Whose connections are closed: those of a banned client to a port that it may not reach.</summary>
public sealed class ClientSocketsTests
{
    private const byte IPv4 = 2;
    private const byte IPv6 = 10;

    [Theory]
    [InlineData(25, "192.0.2.1", true)]
    [InlineData(8080, "192.0.2.1", false)]
    [InlineData(25, "192.0.2.2", false)]
    [InlineData(25, "2001:db8::1", true)]
    [InlineData(25, "2001:db8::2", false)]
    public void A_connection_is_known_by_its_port_and_its_client(int port, string client, bool closes)
    {
        var request = ClientSockets.Read(Answer(port, client), [25, 587], IsBanned);
        (request is not null).ShouldBe(closes);
        // The very same id goes back.
        request?.AsSpan(8).SequenceEqual(Answer(port, client).AsSpan(4, 48)).ShouldBeTrue();
    }

    [Fact]
    public void An_IPv4_client_at_a_socket_of_both_families_is_the_same_client()
    {
        var answer = Answer(25, "::ffff:192.0.2.1");
        answer[0] = IPv6;
        BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(24), 0);
        BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(32), 0x0000_FFFF_C000_0201);
        ClientSockets.Read(answer, [25], IsBanned).ShouldNotBeNull()[0].ShouldBe(IPv6);
    }

    [Fact]
    public void Without_ports_every_connection_of_the_client_is_meant() => ClientSockets.Read(Answer(8080, "192.0.2.1"), [], IsBanned).ShouldNotBeNull();

    [Property]
    public void No_bytes_are_too_odd(byte[] bytes) => Should.NotThrow(() => ClientSockets.Read(bytes, [], _ => true));

    private static bool IsBanned(ClientAddress client) => client.ToString() is "192.0.2.1" or "2001:db8::1";

    private static byte[] Answer(int port, string client)
    {
        var answer = new byte[72];
        ClientAddress.TryParse(client, out var address).ShouldBeTrue();
        answer[0] = address.IsIPv4 ? IPv4 : IPv6;
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(4), (ushort)port);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), 40000);
        if (address.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(24), (uint)address.Low);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(24), address.High);
            BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(32), address.Low);
        }

        answer[44] = 7;
        return answer;
    }
}
