using Postern.Web.Settings;

namespace Postern.Web.Words;

/// <summary>The sentences in English.</summary>
internal sealed class EnglishWebWords : IWebWords
{
    /// <inheritdoc/>
    public string Tag => "en";

    /// <inheritdoc/>
    public string DaemonDown(string socket) => $"The daemon does not answer at {socket}. Start it: systemctl start postern";

    /// <inheritdoc/>
    public string NoPermission(string socket) => $"postern-web may not open {socket}. Its user must be in the group postern.";

    /// <inheritdoc/>
    public string NoAnswer => "The daemon did not answer in time, or ended. Try again.";

    /// <inheritdoc/>
    public string ReadOnly(TokenTrouble trouble, string? file, string config) => trouble switch
    {
        TokenTrouble.NotNamed => $"The page only shows. To allow changes, make a token and name its file in {config} as token_file under [web], then restart postern-web: {Make("/etc/postern/web.token")}",
        TokenTrouble.Unreadable => $"The page only shows: {file} does not exist, or postern-web may not read it. To make it: {Make(file)}",
        TokenTrouble.ReadableByAll => $"The page only shows: everybody on this host may read {file}. Then: chmod 0640 {file}, and make a new token.",
        _ => $"The page only shows: {file} holds no token of at least {TokenFile.ShortestToken} characters. To make one: {Make(file)}",
    };

    /// <inheritdoc/>
    public string TokenNeeded => "A token is needed: Authorization: Bearer TOKEN";

    /// <inheritdoc/>
    public string TokenWrong => "The token is not known.";

    /// <inheritdoc/>
    public string ForeignHost => "The page is not served under this name. Add it to hosts under [web].";

    /// <inheritdoc/>
    public string ForeignOrigin => "Another page asked for this, and is refused.";

    /// <inheritdoc/>
    public string TooMany => "Too many requests. Wait a moment.";

    /// <inheritdoc/>
    public string NotJson => "The request must be JSON (Content-Type: application/json).";

    /// <inheritdoc/>
    public string TooLarge => "The request is too large.";

    /// <inheritdoc/>
    public string NotFound => "There is nothing of this name.";

    /// <inheritdoc/>
    public string WrongMethod(string allowed) => $"Only {allowed} is possible here.";

    /// <inheritdoc/>
    public string BadValue(string name) => $"'{name}' is missing or has no valid value.";

    /// <inheritdoc/>
    public string Busy => "Too much of this kind is under way. Try again in a moment.";

    /// <inheritdoc/>
    public string Fault => "postern-web failed at this request; its log says why.";

    /// <inheritdoc/>
    public string TookTooLong => "It took too long and was stopped.";

    /// <inheritdoc/>
    public string BadArgument(string argument) => $"'{argument}' is not understood. Start it with: postern web";

    /// <inheritdoc/>
    public string Refused(ListenRefusal refusal, string place, string config) => refusal switch
    {
        ListenRefusal.NeedsProxy => $"other hosts could reach {place} without TLS: put a proxy before it and set behind_proxy = true under [web] in {config}, or listen on 127.0.0.1 or a Unix socket",
        ListenRefusal.NeedsHosts => $"other hosts could reach {place}: set hosts under [web] in {config} to the names in their address bar",
        _ => $"other hosts could reach {place}, and there is no token: set token_file under [web] in {config}",
    };

    /// <inheritdoc/>
    public string CannotListen(string place, string why) => $"it cannot listen on {place}: {why}";

    /// <inheritdoc/>
    public string Ready(string place, bool isReadOnly) => $"ready: {place}{(isReadOnly ? ", read-only (no token)" : "")}";

    private static string Make(string? file) => $"install -m 0640 -g postern /dev/null {file} && openssl rand -base64 24 >{file}";
}
