namespace Postern.Cli.Configuration;

/// <summary>Addresses of webhooks.</summary>
internal static class WebAddress
{
    /// <summary>Reads an http or https address; null where the text is none.</summary>
    public static Uri? TryParse(string text) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https" } && uri.Host.Length > 0 ? uri : null;
}
