using System.Net;

namespace Postern.Web.Settings;

/// <summary>
/// Reads the arguments that <c>postern web</c> hands over. The configuration is read by one program alone, which has checked it; these
/// are its results.
/// </summary>
internal static class ArgumentReader
{
    /// <summary>Reads them.</summary>
    /// <returns>The options, or the argument that is not known or has no sound value.</returns>
    public static (WebOptions? Options, string? Wrong) Read(IReadOnlyList<string> arguments)
    {
        var options = new WebOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            if (name is "--behind-proxy" or "--reads-need-token")
            {
                options = name is "--behind-proxy" ? options with { BehindProxy = true } : options with { ReadsNeedToken = true };
                continue;
            }

            if (++i == arguments.Count || Set(options, name, arguments[i]) is not { } changed)
            {
                return (null, i == arguments.Count ? name : $"{name} {arguments[i]}");
            }

            options = changed;
        }

        return (options, null);
    }

    private static WebOptions? Set(WebOptions options, string name, string value) => name switch
    {
        "--listen" => Listen(options, value),
        "--socket" => options with { Socket = value },
        "--program" => options with { Program = value },
        "--config" => options with { Config = value },
        "--token-file" => options with { TokenFile = value },
        "--host" => options with { Hosts = [.. options.Hosts, value.ToLowerInvariant()] },
        _ => null,
    };

    private static WebOptions? Listen(WebOptions options, string value) =>
        value.StartsWith("unix:/", StringComparison.Ordinal) ? options with { EndPoint = null, UnixPath = value["unix:".Length..] }
        : IPEndPoint.TryParse(value, out var address) && value.Contains(':', StringComparison.Ordinal) ? options with { EndPoint = address, UnixPath = null }
        : null;
}
