using System.Net;
using Microsoft.AspNetCore.Http;
using Postern.Web.Settings;

namespace Postern.Web.Guards;

/// <summary>
/// Whether a request comes from this page: its Host is one of ours, so that no name that somebody points at this address (DNS rebinding)
/// reads it, and its Origin is the same, so that no other page asks in an operator's name.
/// </summary>
internal sealed class OriginGuard
{
    private readonly HashSet<string> _hosts;

    /// <summary>For these options.</summary>
    public OriginGuard(WebOptions options)
    {
        _hosts = new HashSet<string>(options.Hosts, StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };
        if (options.EndPoint is { } listen && !listen.Address.Equals(IPAddress.Any) && !listen.Address.Equals(IPAddress.IPv6Any))
        {
            _hosts.Add(new HostString(listen.Address.ToString(), listen.Port).Host);
        }
    }

    /// <summary>Why the request is refused; null where it is not.</summary>
    public Refusal? Check(HttpRequest request)
    {
        if (!request.Host.HasValue || !_hosts.Contains(request.Host.Host))
        {
            return new Refusal(StatusCodes.Status421MisdirectedRequest, "host", static words => words.ForeignHost);
        }

        // Browsers send one with every request that could change something; other programs send none.
        var origins = request.Headers.Origin;
        if (origins.Count > 1 || (origins.Count == 1 && !IsOurs(origins[0], request.Host)))
        {
            return Foreign();
        }

        // A link from elsewhere may open the page, and nothing else.
        var site = request.Headers["Sec-Fetch-Site"];
        return site.Count == 0 || site is ["same-origin" or "none"] || (request.Path.Value is "/" && HttpMethods.IsGet(request.Method)) ? null : Foreign();
    }

    private static Refusal Foreign() => new(StatusCodes.Status403Forbidden, "origin", static words => words.ForeignOrigin);

    private static bool IsOurs(string? origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase)
        && (host.Port is { } port ? uri.Port == port : uri.IsDefaultPort);
}
