namespace Postern.Cli.Configuration;

/// <summary>The keys of the page for operators.</summary>
internal static class WebSection
{
    /// <summary>The keys.</summary>
    public static Section<WebSettings> Keys { get; } = new(
    [
        new("listen", "an address with a port such as \"127.0.0.1:10080\", or \"unix:/path\"", static (web, value) =>
        {
            if (!value.TryText(out var text))
            {
                return web;
            }

            if (ListenAddress.TryParse(text) is { } address)
            {
                return web with { Listen = address };
            }

            value.Complain($"'{text}' is nowhere to listen");
            return web;
        }),
        new("token_file", "an absolute path", static (web, value) => value.TryPath(out var path) ? web with { TokenFile = path } : web),
        new("hosts", "a list of host names such as [\"postern.example.org\"]", ReadHosts),
        new("behind_proxy", "true or false", static (web, value) => value.TryFlag(out var flag) ? web with { BehindProxy = flag } : web),
        new("read_without_token", "true or false", static (web, value) => value.TryFlag(out var flag) ? web with { ReadWithoutToken = flag } : web),
    ]);

    /// <summary>Reads the table, and holds that nobody opens the page to a network by one key.</summary>
    public static WebSettings Read(Reading value)
    {
        var web = Keys.Read(value, new WebSettings());
        if (!web.IsLocal && (web.TokenFile is null || !web.BehindProxy || web.Hosts.Count == 0))
        {
            value.Complain(
                $"{web.Listen} can be reached from other hosts",
                "let a proxy with TLS stand before it, and set behind_proxy = true, hosts and token_file; or listen on 127.0.0.1 or a Unix socket");
        }

        return web;
    }

    private static WebSettings ReadHosts(WebSettings web, Reading value)
    {
        if (!value.TryTexts(orSingle: false, out var names))
        {
            return web;
        }

        if (names.FirstOrDefault(static name => Uri.CheckHostName(name) is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6)) is { } wrong)
        {
            value.Complain($"'{wrong}' is no host name");
            return web;
        }

        return web with { Hosts = [.. names.Select(static name => name.ToLowerInvariant())] };
    }
}
