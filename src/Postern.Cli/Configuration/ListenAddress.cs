using System.Net;

namespace Postern.Cli.Configuration;

/// <summary>Where a server listens.</summary>
/// <param name="EndPoint">The address and port; null for a Unix socket.</param>
/// <param name="Path">The Unix socket's path; null for TCP.</param>
internal sealed record ListenAddress(IPEndPoint? EndPoint, string? Path)
{
    /// <summary>Reads <c>127.0.0.1:10040</c>, <c>[::1]:10040</c> or <c>unix:/path</c>; null where the text is none of them.</summary>
    public static ListenAddress? TryParse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            return text.Length is > 6 and <= 112 && text[5] == '/' ? new(null, text[5..]) : null;
        }
        // An address alone would get the DNS's port; a port must stand here.
        return !Facts.ClientAddress.TryParse(text, out _) && ResolverArgument.TryParse(text, out var servers) && servers is [var only] ? new(only, null) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Path is null ? EndPoint!.ToString() : "unix:" + Path;
}
