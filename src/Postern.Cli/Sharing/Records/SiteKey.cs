using System.Security.Cryptography;
using System.Text;

namespace Postern.Cli.Sharing.Records;

/// <summary>
/// The secret that the hosts of a site have in common. What comes without a code made with it is nobody's word. Keys for different
/// ends are derived from it, so that none says anything of another.
/// </summary>
internal sealed class SiteKey
{
    /// <summary>Bytes of a code.</summary>
    public const int CodeLength = 16;

    /// <summary>Fewer bytes are no secret.</summary>
    public const int LeastLength = 16;

    private readonly byte[] _code;

    /// <summary>The keys of a site.</summary>
    /// <param name="secret">The content of the key file.</param>
    /// <param name="site">The site's name.</param>
    public SiteKey(ReadOnlySpan<byte> secret, string site)
    {
        _code = Derive(secret, "records", site);
        Greylisting = Derive(secret, "greylisting", site);
        Logins = Derive(secret, "logins", site);
    }

    /// <summary>The key of the hashes of greylisting.</summary>
    public byte[] Greylisting { get; }

    /// <summary>The key of the hashes of users and the places that they log in from.</summary>
    public byte[] Logins { get; }

    /// <summary>Reads a key file.</summary>
    /// <param name="path">The file; blank space at its ends does not count.</param>
    /// <param name="site">The site's name.</param>
    /// <returns>The key, or why there is none.</returns>
    public static (SiteKey? Key, string? Failure) Read(string path, string site)
    {
        try
        {
            var secret = File.ReadAllBytes(path).AsSpan().Trim(" \t\r\n"u8);
            return secret.Length < LeastLength ? (null, $"{path} holds {secret.Length} bytes, and a key has {LeastLength} or more: openssl rand -base64 32 makes one") : (new SiteKey(secret, site), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes the code of a record.</summary>
    public void Sign(ReadOnlySpan<byte> record, Span<byte> code)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_code, record, hash);
        hash[..CodeLength].CopyTo(code);
    }

    /// <summary>True where a code is the record's.</summary>
    public bool Verify(ReadOnlySpan<byte> record, ReadOnlySpan<byte> code)
    {
        Span<byte> own = stackalloc byte[CodeLength];
        Sign(record, own);
        return CryptographicOperations.FixedTimeEquals(own, code);
    }

    private static byte[] Derive(ReadOnlySpan<byte> secret, string purpose, string site) =>
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"postern sharing 1\0{purpose}\0{site}"));
}
