using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Postern.Facts;

namespace Postern.Cli.Sharing.Records;

/// <summary>The keyed hashes of users and the places that they log in from (HMAC-SHA-256), of which the server learns neither.</summary>
/// <param name="key">The key, which all hosts of the site have.</param>
internal sealed class LoginHashes(byte[] key) : ILoginHashes
{
    private const int Provider4 = 16, Provider6 = 32;

    /// <inheritdoc/>
    public UInt128 UserOf(string user) => BinaryPrimitives.ReadUInt128BigEndian(Hash("user\0" + user.ToLowerInvariant()));

    /// <inheritdoc/>
    public ClientAddress PlaceOf(ClientAddress client)
    {
        // The highest byte is zero, as in no address that a client has; then 24 bits of the provider, 16 of the network, 16 of the client.
        var provider = Bits("provider", ClientNetwork.Of(client, client.IsIPv4 ? Provider4 : Provider6)) & 0xFF_FFFF;
        var network = Bits("network", GuessingLimits.NetworkOf(client)) & 0xFFFF;
        var host = Bits("client", ClientNetwork.Of(ClientNetwork.HostOf(client))) & 0xFFFF;
        return new ClientAddress((provider << 32) | (network << 16) | host, 1);
    }

    private ulong Bits(string purpose, ClientNetwork network) => BinaryPrimitives.ReadUInt64BigEndian(Hash($"{purpose}\0{network}"));

    private byte[] Hash(string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
