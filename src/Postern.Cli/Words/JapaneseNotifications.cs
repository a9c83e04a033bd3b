using Postern.Cli.Configuration;

namespace Postern.Cli.Words;

/// <summary>What alerts, summaries and webhooks say, in Japanese.</summary>
internal sealed class JapaneseNotifications : INotificationWords
{
    /// <inheritdoc/>
    public string Title(string host, string topics, long count, bool isDryRun) => $"Postern（{host}）: {topics}{(count > 1 ? $"（{Counts.Number(count)} 件）" : "")}{DryRun(isDryRun)}";

    /// <inheritdoc/>
    public string Topic(NotificationTopic topic) => topic switch
    {
        NotificationTopic.BanWave => "遮断の急増",
        NotificationTopic.Brake => "安全装置",
        NotificationTopic.Source => "ログの読み取り",
        NotificationTopic.DnsList => "DNSBL",
        NotificationTopic.AccountTakeover => "アカウントの乗っ取り",
        NotificationTopic.OpenRelay => "不正中継（オープンリレー）",
        NotificationTopic.ServerTrouble => "サーバーの障害",
        NotificationTopic.PosternTrouble => "Postern の障害",
        NotificationTopic.Ban => "遮断",
        NotificationTopic.Unban => "遮断の終了",
        NotificationTopic.Spared => "遮断の見送り",
        NotificationTopic.Digest => "1 日のまとめ",
        _ => throw new ArgumentOutOfRangeException(nameof(topic), topic, "No name for this topic."),
    };

    /// <inheritdoc/>
    public string TestTitle => "テスト";

    /// <inheritdoc/>
    public string Comma => "、";

    /// <inheritdoc/>
    public string More(long count) => $"ほかに {Counts.Number(count)} 件あります。すべてログに記録されています。";

    /// <inheritdoc/>
    public string Footer => "詳しくは「postern status」と「postern explain ADDR」で確認してください。メールの設定は postern.toml の [notify] にあります。";

    /// <inheritdoc/>
    public string Ban(string network, string until, string jail, string reason, bool isDryRun) => $"{(isDryRun ? "遮断する予定" : "遮断")}: {network}（{until} まで、jail {jail}、{JapaneseDecisions.Of(reason)}）";

    /// <inheritdoc/>
    public string Lifted(string network, string jail, bool isDryRun) => $"遮断を解除{(isDryRun ? "する予定" : "")}: {network}（jail {jail}）";

    /// <inheritdoc/>
    public string Ended(string network, string jail, bool isDryRun) => $"遮断が終了{(isDryRun ? "する予定" : "")}: {network}（jail {jail}）";

    /// <inheritdoc/>
    public string Spared(string client, string jail, string detail) => $"遮断を見送り: {client}（jail {jail}）: {JapaneseDecisions.Of(detail)}";

    /// <inheritdoc/>
    public string Wave(long bans, bool isDryRun) => $"遮断の急増: 10 分間に {Counts.Number(bans)} 件を遮断{(isDryRun ? "する予定でした" : "しました")}。攻撃でなければ、サーバーを確認してください。";

    /// <inheritdoc/>
    public string BrakePulled(string reason, string why, long bans) =>
        $"安全装置が作動し、{reason} による遮断をすべて止めています: {JapaneseDecisions.Of(why)}。攻撃ではなくサーバーの障害と思われます。直前の遮断 {Counts.Number(bans)} 件を解除しました。攻撃であれば「postern brake release {reason}」を実行してください。";

    /// <inheritdoc/>
    public string BrakeReleased(string reason, bool inFull, long bans) =>
        $"{reason} の安全装置を解除しました。{(inFull ? "止めていた遮断をもう一度判定します" : "障害は終わり、その間の記録は数えません")}（止めていた遮断: {Counts.Number(bans)} 件）。";

    /// <inheritdoc/>
    public string Takeover(string user, long addresses, long networks, string from) =>
        $"アカウントの乗っ取り: {from} 以降、「{user}」に初めての {Counts.Number(networks)} ネットワーク（{Counts.Number(addresses)} アドレス）からログインがありました。パスワードを変更し、セッションを終了してください。";

    /// <inheritdoc/>
    public string Unreadable(string source, string why) => $"{source} を読み取れません: {why}。このログによる遮断は止まっています。";

    /// <inheritdoc/>
    public string Silent(string source, string since) => $"{source} に {since} から新しい行がありません。Postfix がここに記録しているか確認してください。";

    /// <inheritdoc/>
    public string Readable(string source) => $"{source} をふたたび読み取れるようになりました。";

    /// <inheritdoc/>
    public string ListBroken(string list, string why) => $"DNSBL {list} の利用を停止しました: {why}。1 時間ごとに確認します。Postfix の reject_rbl_client でも使っていないか確認してください。";

    /// <inheritdoc/>
    public string ListRecovered(string list) => $"DNSBL {list} の利用を再開しました。";

    /// <inheritdoc/>
    public string Relay(string client, string domains, string advice) => $"不正中継: {client} が認証なしで、このサーバーから {domains} 宛てに送信しました。{advice}";

    /// <inheritdoc/>
    public string Trouble(string name, long lines, string detail, string advice) => $"{name}（{Counts.Number(lines)} 行、最初の行: {detail}）。{advice}";

    /// <inheritdoc/>
    public string DatabaseTrouble(string why) => $"データベースに書き込めません: {why}。書き込めるようになるまで、遮断はメモリー上で続きます。";

    /// <inheritdoc/>
    public string DatabaseRecovered => "データベースにふたたび書き込めるようになりました。";

    /// <inheritdoc/>
    public string DatabaseDamaged(string path) => $"データベースが壊れていたため {path} に移し、ファイアウォールの遮断から作り直しました。";

    /// <inheritdoc/>
    public string Fault(string part, string why) => $"内部エラー: {part} が異常終了しました（{why}）。不具合として報告してください。";

    /// <inheritdoc/>
    public string EventsLost(long count) => $"イベント {Counts.Number(count)} 件を書き込めませんでした。";

    /// <inheritdoc/>
    public string Started => "Postern を起動しました。";

    /// <inheritdoc/>
    public string Stopped => "Postern を停止しました。";

    /// <inheritdoc/>
    public string Test => "「postern notify test」によるテストです。何も起きていません。";

    /// <inheritdoc/>
    public string DigestTitle(string host, string day, bool isDryRun) => $"Postern（{host}）: {day} のまとめ{DryRun(isDryRun)}";

    /// <inheritdoc/>
    public string DigestPeriod(string from, string to) => $"期間: {from} から {to} まで";

    /// <inheritdoc/>
    public string DigestBans(long bans, long active, bool isDryRun) => $"{(isDryRun ? "遮断する予定だった件数" : "遮断した件数")}: {Counts.Number(bans)} 件（現在有効: {Counts.Number(active)} 件）";

    /// <inheritdoc/>
    public string DigestEnded(long count) => $"終了または解除した遮断: {Counts.Number(count)} 件";

    /// <inheritdoc/>
    public string DigestSpared(long count) => $"保護により見送った遮断: {Counts.Number(count)} 件";

    /// <inheritdoc/>
    public string DigestReasons => "遮断の主な理由:";

    /// <inheritdoc/>
    public string DigestAlerts => "警告:";

    /// <inheritdoc/>
    public string DigestProblems => "現在の問題:";

    /// <inheritdoc/>
    public string WayWorks(string way) => $"{way}: 成功しました";

    /// <inheritdoc/>
    public string WayFails(string way, string why) => $"{way}: 失敗しました: {why}";

    /// <inheritdoc/>
    public string NoWay(string file) => $"通知先がありません。{file} に [events]、[notify]、[[webhook]] のいずれかを設定してください";

    private static string DryRun(bool isDryRun) => isDryRun ? "（ドライラン）" : "";
}
