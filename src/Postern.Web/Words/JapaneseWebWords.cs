using Postern.Web.Settings;

namespace Postern.Web.Words;

/// <summary>The sentences in Japanese.</summary>
internal sealed class JapaneseWebWords : IWebWords
{
    /// <inheritdoc/>
    public string Tag => "ja";

    /// <inheritdoc/>
    public string DaemonDown(string socket) => $"デーモンが {socket} で応答しません。起動するには: systemctl start postern";

    /// <inheritdoc/>
    public string NoPermission(string socket) => $"postern-web には {socket} を開く権限がありません。実行ユーザーをグループ postern に加えてください。";

    /// <inheritdoc/>
    public string NoAnswer => "デーモンが時間内に応答しなかったか、終了しました。もう一度お試しください。";

    /// <inheritdoc/>
    public string ReadOnly(TokenTrouble trouble, string? file, string config) => trouble switch
    {
        TokenTrouble.NotNamed => $"このページは表示専用です。変更を許可するには、トークンを作り、そのファイルを {config} の [web] に token_file として書き、postern-web を再起動してください: {Make("/etc/postern/web.token")}",
        TokenTrouble.Unreadable => $"このページは表示専用です。{file} がないか、postern-web に読む権限がありません。作るには: {Make(file)}",
        TokenTrouble.ReadableByAll => $"このページは表示専用です。{file} をこのホストの誰でも読めます。chmod 0640 {file} を実行し、トークンを作り直してください。",
        _ => $"このページは表示専用です。{file} に {TokenFile.ShortestToken} 文字以上のトークンがありません。作るには: {Make(file)}",
    };

    /// <inheritdoc/>
    public string TokenNeeded => "トークンが必要です: Authorization: Bearer TOKEN";

    /// <inheritdoc/>
    public string TokenWrong => "このトークンは登録されていません。";

    /// <inheritdoc/>
    public string ForeignHost => "この名前ではページを提供していません。[web] の hosts に加えてください。";

    /// <inheritdoc/>
    public string ForeignOrigin => "別のページからの要求のため拒否しました。";

    /// <inheritdoc/>
    public string TooMany => "要求が多すぎます。しばらくお待ちください。";

    /// <inheritdoc/>
    public string NotJson => "要求は JSON でなければなりません（Content-Type: application/json）。";

    /// <inheritdoc/>
    public string TooLarge => "要求が大きすぎます。";

    /// <inheritdoc/>
    public string NotFound => "この名前のものはありません。";

    /// <inheritdoc/>
    public string WrongMethod(string allowed) => $"ここでは {allowed} だけを使えます。";

    /// <inheritdoc/>
    public string BadValue(string name) => $"'{name}' がないか、値が正しくありません。";

    /// <inheritdoc/>
    public string Busy => "同じ種類の処理が実行中です。しばらくしてからお試しください。";

    /// <inheritdoc/>
    public string Fault => "postern-web がこの要求の処理に失敗しました。理由はログにあります。";

    /// <inheritdoc/>
    public string TookTooLong => "時間がかかりすぎたため中止しました。";

    /// <inheritdoc/>
    public string BadArgument(string argument) => $"'{argument}' を解釈できません。postern web で起動してください";

    /// <inheritdoc/>
    public string Refused(ListenRefusal refusal, string place, string config) => refusal switch
    {
        ListenRefusal.NeedsProxy => $"他のホストが TLS なしで {place} に接続できてしまいます。前段にプロキシを置いて {config} の [web] に behind_proxy = true を書くか、127.0.0.1 または Unix ソケットで待ち受けてください",
        ListenRefusal.NeedsHosts => $"他のホストが {place} に接続できてしまいます。ブラウザーで開くときの名前を {config} の [web] の hosts に書いてください",
        _ => $"他のホストが {place} に接続できてしまいますが、トークンがありません。{config} の [web] に token_file を書いてください",
    };

    /// <inheritdoc/>
    public string CannotListen(string place, string why) => $"{place} で待ち受けられません: {why}";

    /// <inheritdoc/>
    public string Ready(string place, bool isReadOnly) => $"準備完了: {place}{(isReadOnly ? "（表示専用、トークンなし）" : "")}";

    private static string Make(string? file) => $"install -m 0640 -g postern /dev/null {file} && openssl rand -base64 24 >{file}";
}
