using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Postern.Web.Settings;

namespace Postern.Web.Guards;

/// <summary>What a request may do.</summary>
internal enum Access : byte
{
    /// <summary>Anybody who reaches the page: its files, and whether it is well.</summary>
    Open,
    /// <summary>To read.</summary>
    Read,
    /// <summary>To change something, or to make this host work.</summary>
    Change,
}

/// <summary>Decides whether a request is answered: by its Host and Origin, how often its client asks, its body's type, and its token.</summary>
internal sealed class RequestGuard
{
    private const string Bearer = "Bearer ";
    private readonly WebOptions _options;
    private readonly TokenFile _tokens;
    private readonly OriginGuard _origins;
    private readonly RateLimiter _reads;
    private readonly RateLimiter _changes;

    /// <summary>For these options.</summary>
    public RequestGuard(WebOptions options, TokenFile tokens, TimeProvider time)
    {
        (_options, _tokens, _origins) = (options, tokens, new OriginGuard(options));
        (_reads, _changes) = (new RateLimiter(200, 50, time), new RateLimiter(20, 1, time));
    }

    /// <summary>Why the request is refused, or who makes it; null for somebody without a token.</summary>
    public (Refusal? Refusal, string? Holder) Check(HttpContext context, Access access)
    {
        var request = context.Request;
        if (_origins.Check(request) is { } foreign)
        {
            return (foreign, null);
        }

        if (!(access == Access.Change ? _changes : _reads).TryTake(ClientOf(context)))
        {
            return (new Refusal(StatusCodes.Status429TooManyRequests, "too-many-requests", static words => words.TooMany), null);
        }

        // A form of another page can send no JSON.
        if (access == Access.Change && !IsJson(request))
        {
            return (new Refusal(StatusCodes.Status415UnsupportedMediaType, "not-json", static words => words.NotJson), null);
        }

        return access == Access.Open || (access == Access.Read && !_options.ReadsNeedToken) ? (null, null) : CheckToken(request);
    }

    /// <summary>The token that a request has; null where it has none.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } given] && given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? given[Bearer.Length..].Trim() : null;

    private (Refusal? Refusal, string? Holder) CheckToken(HttpRequest request)
    {
        var trouble = _tokens.Trouble;
        if (trouble != TokenTrouble.None)
        {
            return (new Refusal(StatusCodes.Status403Forbidden, "read-only", words => words.ReadOnly(trouble, _options.TokenFile, _options.Config)), null);
        }

        if (TokenOf(request) is not { } token)
        {
            return (new Refusal(StatusCodes.Status401Unauthorized, "token-needed", static words => words.TokenNeeded), null);
        }

        return _tokens.HolderOf(token) is { } holder ? (null, holder)
            : (new Refusal(StatusCodes.Status401Unauthorized, "token-wrong", static words => words.TokenWrong), null);
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    // Behind a proxy all come from its address; the last address is the one that the proxy itself has seen.
    private string ClientOf(HttpContext context)
    {
        var told = _options.BehindProxy ? context.Request.Headers["X-Forwarded-For"].LastOrDefault()?.Split(',')[^1].Trim() : null;
        var address = IPAddress.TryParse(told, out var forwarded) ? forwarded : context.Connection.RemoteIpAddress;
        if (address is null)
        {
            return "local";
        }

        // Whoever has one address of IPv6 has 2^64.
        return address is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : address.MapToIPv4().ToString();
    }
}
