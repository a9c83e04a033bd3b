namespace Postern.Web.Settings;

/// <summary>Why the page is not served as the options ask.</summary>
internal enum ListenRefusal : byte
{
    /// <summary>It is.</summary>
    None,
    /// <summary>Other hosts could reach it without TLS.</summary>
    NeedsProxy,
    /// <summary>Other hosts could reach it, and there is no token.</summary>
    NeedsToken,
    /// <summary>Other hosts could reach it, and it is not known by which name.</summary>
    NeedsHosts,
}

/// <summary>Other hosts reach the page only by a proxy with TLS, and change or read nothing without a token.</summary>
internal static class ListenRules
{
    /// <summary>Why not; <see cref="ListenRefusal.None"/> where nothing speaks against it.</summary>
    public static ListenRefusal Check(WebOptions options, TokenTrouble tokens) =>
        options.IsLocal ? ListenRefusal.None
        : !options.BehindProxy ? ListenRefusal.NeedsProxy
        : options.Hosts.Count == 0 ? ListenRefusal.NeedsHosts
        : tokens != TokenTrouble.None ? ListenRefusal.NeedsToken
        : ListenRefusal.None;
}
