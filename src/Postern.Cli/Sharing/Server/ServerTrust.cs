using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Postern.Cli.Sharing.Server;

/// <summary>Whether a certificate is the server's, and in plain words why not.</summary>
/// <param name="authorities">The file of the certificates that it must come from; null for those that the system trusts.</param>
internal sealed class ServerTrust(string? authorities)
{
    private volatile string? _refusal;

    /// <summary>Why the last certificate was refused; null where none was.</summary>
    public string? Refusal => _refusal;

    /// <summary>True where the certificate may be used.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="errors">What the system finds wrong with it.</param>
    public bool Accepts(X509Certificate? certificate, SslPolicyErrors errors)
    {
        _refusal = certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "the server shows no certificate"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "the certificate of the server is of another name than url has"
            : authorities is null ? (errors == SslPolicyErrors.None ? null : "the certificate of the server is not of a CA that this system trusts; ca_file names another CA")
            : OfAuthorities(certificate, authorities);
        return _refusal is null;
    }

    private static string? OfAuthorities(X509Certificate certificate, string authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        try
        {
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authorities);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"{authorities} cannot be read: {e.Message}";
        }

        using var own = new X509Certificate2(certificate);
        return chain.Build(own) ? null
            : chain.ChainStatus.Any(static status => status.Status == X509ChainStatusFlags.NotTimeValid) ? "the certificate of the server, or its CA's, has expired or is not valid yet"
            : $"the certificate of the server is not of the CA in {authorities}";
    }
}
