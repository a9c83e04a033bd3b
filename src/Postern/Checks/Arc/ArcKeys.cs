using Org.BouncyCastle.Crypto.Parameters;
using Postern.Checks.Dkim;
using Postern.Checks.Dns;

namespace Postern.Checks.Arc;

/// <summary>A key that was asked for.</summary>
/// <param name="Key">The key; null where there is none to use.</param>
/// <param name="Problem">Why there is none.</param>
/// <param name="IsTrouble">True where the DNS gave no answer, which says nothing about the chain.</param>
internal sealed record ArcKey(DkimKey? Key, string? Problem, bool IsTrouble = false);

/// <summary>The keys of a chain: each is asked for once, all of them together.</summary>
internal sealed class ArcKeys
{
    // A common exponent is 65537; a long one makes each verification cost as much as a signature.
    private const int MaxExponentBits = 64;

    private readonly Dictionary<string, ArcKey> _keys = new(StringComparer.OrdinalIgnoreCase);
    private readonly DkimOptions _options;

    private ArcKeys(DkimOptions options) => _options = options;

    /// <summary>Asks for the keys.</summary>
    public static async Task<ArcKeys> AskAsync(IEnumerable<ArcSigner> signers, IResolver dns, DkimOptions options, CancellationToken cancellationToken)
    {
        var keys = new ArcKeys(options);
        var asked = signers.DistinctBy(s => s.KeyName, StringComparer.OrdinalIgnoreCase)
            .Select(async s => (s.KeyName, s.Domain, Answer: await dns.QueryAsync(new(s.KeyName, DnsType.Txt), cancellationToken)));
        foreach (var (name, domain, answer) in await Task.WhenAll(asked))
        {
            keys._keys[name] = keys.Read(domain, answer);
        }

        return keys;
    }

    /// <summary>The key of a signature.</summary>
    public ArcKey this[ArcSigner signer]
    {
        get
        {
            var found = _keys[signer.KeyName];
            if (found.Key is not { } key)
            {
                return found;
            }

            var fits = key.IsEd25519 == (signer.Algorithm is "ed25519-sha256") && (signer.IsSha1 ? key.AllowsSha1 : key.AllowsSha256);
            return fits ? found : new(null, $"{Show.Text(signer.Domain)}: the key is not for this algorithm");
        }
    }

    private ArcKey Read(string domain, DnsAnswer answer)
    {
        if (answer.IsTrouble)
        {
            return new(null, $"the key of {Show.Text(domain)} could not be looked up: {answer.Problem}", IsTrouble: true);
        }

        var problem = "there is no key";
        foreach (var text in answer.Texts.Take(4))
        {
            if (DkimKey.Read(text, out var why) is not { } key)
            {
                problem = why;
            }
            else if (!key.IsForEmail)
            {
                problem = "the key is not for mail (s=)";
            }
            else if (!key.IsEd25519 && key.Bits < _options.MinRsaBits)
            {
                problem = $"the key has {key.Bits} bits only";
            }
            else if (key.Key is RsaKeyParameters rsa && (key.Bits > _options.MaxRsaBits || rsa.Exponent.BitLength > MaxExponentBits))
            {
                problem = "the key is too long to compute with";
            }
            else
            {
                return new(key, null);
            }
        }

        return new(null, $"{Show.Text(domain)}: {problem}");
    }
}
