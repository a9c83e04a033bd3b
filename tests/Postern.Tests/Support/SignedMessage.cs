using System.Security.Cryptography;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Postern.Tests.Support;

/// <summary>Makes messages and signs them, with the record that publishes the key.</summary>
internal sealed class SignedMessage
{
    private readonly AsymmetricKeyParameter _private;
    private readonly bool _isEd25519;

    private SignedMessage(AsymmetricKeyParameter key, string publicKey, bool isEd25519) => (_private, PublicKey, _isEd25519) = (key, publicKey, isEd25519);

    /// <summary>The key for tag p.</summary>
    public string PublicKey { get; }

    public static SignedMessage Rsa(int bits = 2048)
    {
        using var rsa = RSA.Create(bits);
        return new(PrivateKeyFactory.CreateKey(rsa.ExportPkcs8PrivateKey()), Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()), isEd25519: false);
    }

    public static SignedMessage Ed25519()
    {
        var generator = new Ed25519KeyPairGenerator();
        generator.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
        var pair = generator.GenerateKeyPair();
        return new(pair.Private, Convert.ToBase64String(((Ed25519PublicKeyParameters)pair.Public).GetEncoded()), isEd25519: true);
    }

    public static MimeMessage Plain(string from, string body = "Hello\r\n", string? listId = null)
    {
        var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(from));
        message.To.Add(MailboxAddress.Parse("you@we.example"));
        message.Subject = "A letter";
        message.Body = new TextPart("plain") { Text = body };
        if (listId is not null)
        {
            message.Headers.Add(HeaderId.ListId, listId);
        }

        return message;
    }

    /// <summary>Adds a signature.</summary>
    public MimeMessage Sign(MimeMessage message, string domain, Action<DkimSigner>? change = null, bool sha1 = false, string selector = "s")
    {
        var signer = new DkimSigner(_private, domain, selector)
        {
            SignatureAlgorithm = _isEd25519 ? DkimSignatureAlgorithm.Ed25519Sha256 : sha1 ? DkimSignatureAlgorithm.RsaSha1 : DkimSignatureAlgorithm.RsaSha256,
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
        };
        change?.Invoke(signer);
        message.Prepare(EncodingConstraint.SevenBit);
        signer.Sign(message, [HeaderId.From, HeaderId.Subject, HeaderId.To]);
        return message;
    }

    /// <summary>
    /// A message of one line whose signature covers that line only (l=), with more text behind it. The signature is made here,
    /// for no signer of today makes such ones.
    /// </summary>
    public static byte[] WithLength(MimeMessage message, SignedMessage key, string domain, string more) =>
        key.ByHand(message.From.ToString(), domain, $"l={Line.Length}; ", more);

    private const string Line = "hello\r\n";

    /// <summary>
    /// A message of one line whose signature has tags that no signer of today writes. Headers that shall stand above the
    /// signature, and text that shall follow what was signed, are given as they stand.
    /// </summary>
    public byte[] ByHand(string from, string domain, string tags = "", string more = "", string above = "", string selector = "s", bool sha1 = false)
    {
        var ascii = System.Text.Encoding.ASCII;
        var hash = Convert.ToBase64String(DigestUtilities.CalculateDigest(sha1 ? "SHA-1" : "SHA-256", ascii.GetBytes(Line)));
        var unsigned = $"v=1; a=rsa-{(sha1 ? "sha1" : "sha256")}; c=relaxed/relaxed; d={domain}; s={selector}; h=from:subject; {tags}bh={hash}; b=";
        var text = ascii.GetBytes($"from:{from}\r\nsubject:a letter\r\ndkim-signature:{unsigned}");
        var signer = SignerUtilities.GetSigner(sha1 ? "SHA1WITHRSA" : "SHA256WITHRSA");
        signer.Init(forSigning: true, _private);
        signer.BlockUpdate(text, 0, text.Length);
        return ascii.GetBytes($"{above}DKIM-Signature: {unsigned}{Convert.ToBase64String(signer.GenerateSignature())}\r\nFrom: {from}\r\nSubject: a letter\r\n\r\n{Line}{more}");
    }

    /// <summary>Adds a set of ARC headers.</summary>
    public async Task<MimeMessage> SealAsync(MimeMessage message, string domain, string results)
    {
        var signer = new Sealer(_private, domain, results)
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
        };
        message.Prepare(EncodingConstraint.SevenBit);
        await signer.SignAsync(message, [HeaderId.From, HeaderId.Subject, HeaderId.To]);
        return message;
    }

    public static byte[] Bytes(MimeMessage message)
    {
        using var stream = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        message.WriteTo(format, stream);
        return stream.ToArray();
    }

    private sealed class Sealer(AsymmetricKeyParameter key, string domain, string results) : ArcSigner(key, domain, "s")
    {
        protected override AuthenticationResults GenerateArcAuthenticationResults(FormatOptions options, MimeMessage message, CancellationToken cancellationToken)
        {
            AuthenticationResults.TryParse(System.Text.Encoding.ASCII.GetBytes(results), out var parsed).ShouldBeTrue();
            return parsed;
        }

        protected override Task<AuthenticationResults> GenerateArcAuthenticationResultsAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            Task.FromResult(GenerateArcAuthenticationResults(options, message, cancellationToken));
    }
}
