namespace Postern.Cli.Words;

/// <summary>The daemon's state in Japanese.</summary>
internal sealed class JapaneseDaemon : IDaemonWords
{
    /// <inheritdoc/>
    public string DryRun => "ドライラン: 実際には誰も遮断していません";

    /// <inheritdoc/>
    public string Over => "終了";

    /// <inheritdoc/>
    public string OwnHost => "このサーバー自身なので、遮断しません。このマシン上のどのプログラムが接続しているか確認してください。";

    /// <inheritdoc/>
    public string NoFailures => "このアドレスの記録はありません。";

    /// <inheritdoc/>
    public string[] SourceColumns => ["ログ", ">行数", ">遅延", "問題"];

    /// <inheritdoc/>
    public string[] FirewallColumns => ["ファイアウォール", "状態", "問題"];

    /// <inheritdoc/>
    public string[] TopColumns => ["アドレス", ">点数", ">上限", ">セッション", "状態", "最終", "挙動"];

    /// <inheritdoc/>
    public string[] ScoreColumns => ["jail", ">点数", ">上限"];

    /// <inheritdoc/>
    public string[] JailColumns(bool isDryRun) => ["jail", ">失敗（findtime 内）", isDryRun ? ">遮断対象" : ">遮断中"];

    /// <inheritdoc/>
    public string[] BanColumns(bool isDryRun) => [isDryRun ? "遮断対象" : "アドレス", ">残り", ">回数", "理由"];

    /// <inheritdoc/>
    public string[] WideBanColumns(bool isDryRun) => [isDryRun ? "遮断対象" : "ネットワーク", "アドレス", "jail", "開始", "終了", ">残り", ">回数", ">失敗", "理由"];

    /// <inheritdoc/>
    public string[] HistoryColumns(bool isDryRun) => [isDryRun ? "遮断対象の開始" : "遮断の開始", "終了", "jail", "理由"];

    /// <inheritdoc/>
    public string[] WithheldColumns(bool isDryRun) => ["遮断の見送り", "jail", "理由", "詳細"];

    /// <inheritdoc/>
    public string Mode(string id) => id switch
    {
        "dry-run" => "ドライラン",
        "enforcing" => "遮断を実行中",
        "firewall-failed" => "ファイアウォールのエラー（遮断は記録のみ）",
        "no-firewall" => "ファイアウォール未設定（遮断は記録のみ）",
        _ => id,
    };

    /// <inheritdoc/>
    public string SharingNamesake(string host) => $"別のホストも同じ名前 {host} で共有しています。[sharing] の host でホストごとに異なる名前を指定してください。";

    /// <inheritdoc/>
    public string Sharing(string state, string host, long others, long waiting) =>
        $"共有（{host}）: {(state is "connected" ? "接続中" : "未接続")}、他のホスト {Counts.Number(others)} 台{(waiting > 0 ? $"、送信待ちの変更 {Counts.Number(waiting)} 件" : "")}。";

    /// <inheritdoc/>
    public string NotShared => "他のホストとは何も共有していません。[sharing] url を設定してください。";

    /// <inheritdoc/>
    public string[] HostColumns => ["ホスト", "最終確認", ">遮断", ">遅延", "バージョン"];

    /// <inheritdoc/>
    public string DecidedBy(string reason, string host) => $"{reason}（{host} による）";

    /// <inheritdoc/>
    public string Decision(string told) => JapaneseDecisions.Of(told);

    /// <inheritdoc/>
    public string[] ListenerColumns => ["サーバー", "アドレス", "動作"];

    /// <inheritdoc/>
    public string[] AllowedColumns => ["許可", "登録元", "期限", "アドレス"];

    /// <inheritdoc/>
    public string AllowedBy(string source) => source is "command" ? "コマンド" : "設定ファイル";

    /// <inheritdoc/>
    public string Unresolved => "名前解決できません";

    /// <inheritdoc/>
    public string NobodyAllowed => "許可リストは空です。";

    /// <inheritdoc/>
    public string SmtpMode(string id) => id is "enforce" ? "拒否を実行" : "記録のみ";

    /// <inheritdoc/>
    public string[] BlockListColumns => ["ブロックリスト", "状態", ">ネットワーク", ">保護", ">破棄パケット", "問題"];

    /// <inheritdoc/>
    public string BlockListState(string id) => id switch
    {
        "active" => "有効",
        "dry-run" => "ドライラン（変更なし）",
        "empty" => "未読み込み",
        "failed" => "ファイアウォールに未設定",
        _ => id,
    };

    /// <inheritdoc/>
    public string FirewallState(string id) => id switch
    {
        "standing" => "有効",
        "failed" => "エラー",
        "closed" => "停止",
        "dry-run" => "ドライラン（変更なし）",
        _ => id,
    };

    /// <inheritdoc/>
    public string ClientState(string id) => id switch
    {
        "banned" => "遮断中",
        "would be banned" => "遮断対象",
        "protected" => "保護",
        "watched" => "様子見",
        _ => id,
    };

    /// <inheritdoc/>
    public string Head(string version, string mode, string since) => $"postern {version}、{mode}、起動 {since}";

    /// <inheritdoc/>
    public string Tracked(long clients, long withheld) => $"追跡中の接続元 {Counts.Number(clients)} 件、保護による遮断の見送り {Counts.Number(withheld)} 件";

    /// <inheritdoc/>
    public string Brake(string reasons, string since, long held) =>
        $"安全装置（brake）が {since} から遮断 {Counts.Number(held)} 件を保留しています: {reasons}。攻撃であれば postern brake release で解除してください。";

    /// <inheritdoc/>
    public string Takeover(string user, long logins, long networks, string from, string to, string names, bool isMore) =>
        $"アカウントの乗っ取り: {user} に、これまで使われていなかった {Counts.Number(networks)} のネットワークから {Counts.Number(logins)} 回のログイン（{from} ～ {to}）: {names}{(isMore ? " など" : "")}。パスワードを変更し、セッションを切断してください。";

    /// <inheritdoc/>
    public string Problem(string text) => $"問題: {text}";

    /// <inheritdoc/>
    public string Bans(long count, bool isDryRun) => (count, isDryRun) switch
    {
        (0, true) => "遮断対象はありません。",
        (0, false) => "遮断中のアドレスはありません。",
        (_, true) => $"遮断対象 {Counts.Number(count)} 件",
        _ => $"遮断中 {Counts.Number(count)} 件",
    };

    /// <inheritdoc/>
    public string Rates(string linesPerSecond, long failures, long banned, long clients, bool isDryRun) =>
        $"{linesPerSecond} 行/秒、直近 1 分の失敗 {Counts.Number(failures)} 回、{(isDryRun ? "遮断対象" : "遮断中")} {Counts.Number(banned)} 件、接続元 {Counts.Number(clients)} 件";

    /// <inheritdoc/>
    public string Standing(string address, bool isBanned, bool isDryRun, string? until, string? reason)
    {
        var state = (isBanned, isDryRun) switch
        {
            (true, false) => "は遮断中です",
            (true, true) => "は遮断対象です（ドライランのため遮断していません）",
            (false, true) => "は遮断対象ではありません",
            _ => "は遮断していません",
        };
        return $"{address} {state}{(isBanned && until is not null ? $"。期限 {until}" : "")}{(isBanned && reason is not null ? $"、理由: {reason}" : "")}";
    }

    /// <inheritdoc/>
    public string Failures(long shown, long all) => shown < all ? $"失敗 {Counts.Number(all)} 件中、最新の {Counts.Number(shown)} 件（すべて表示するには --wide）:" : $"失敗 {Counts.Number(all)} 件:";

    /// <inheritdoc/>
    public string Failure(string time, string address, string what, string score, string source) => $"{time}  {address}  {what}（{score} 点、{source}）";

    /// <inheritdoc/>
    public string[] StandingColumns => ["保護", "有効", "理由"];

    /// <inheritdoc/>
    public string[] DayColumns => ["日（UTC）", "メール受信", "攻撃的", "ログイン"];

    /// <inheritdoc/>
    public string[] MailColumns => ["メール", "判定元", "処置", "送信者", "宛先", "理由"];

    /// <inheritdoc/>
    public string[] CheckColumns => ["DNS 検査", "結果", ">点数", "詳細"];

    /// <inheritdoc/>
    public string Yes => "はい";

    /// <inheritdoc/>
    public string No => "いいえ";

    /// <inheritdoc/>
    public string NoChecks => "DNS から時間内に応答がありませんでした。";
}
