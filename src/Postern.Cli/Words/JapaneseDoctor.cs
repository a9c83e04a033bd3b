namespace Postern.Cli.Words;

/// <summary>The findings of <c>doctor</c> in Japanese.</summary>
internal sealed class JapaneseDoctor : IDoctorWords
{
    private const string Backscatter = "このサーバーがバックスキャッターの送信元になります";

    /// <inheritdoc/>
    public string Error => "エラー";

    /// <inheritdoc/>
    public string Recommendation => "推奨";

    /// <inheritdoc/>
    public string Fix => "対処";

    /// <inheritdoc/>
    public string Afterwards => "変更後は、Postfix なら postfix reload、Postern なら postern reload を実行してください。";

    /// <inheritdoc/>
    public string Notices => "Postfix がプロトコルエラーを通知していません。空行や大半のセッション記録は、通知メールにしか残りません（notify_classes）。";

    /// <inheritdoc/>
    public string PolicyDefaultAction => "Postern が停止すると、Postfix はすべてのメールを一時拒否します。エントリーに default_action=DUNNO がありません。";

    /// <inheritdoc/>
    public string PolicyTimeout => "Postern が応答しないと各セッションが長く待たされるか、Postern の処理時間が足りません。エントリーの timeout は 8s が適切です。";

    /// <inheritdoc/>
    public string MilterDefaultAction => "Postern が停止すると、Postfix はすべてのメールを拒否します。エントリーに default_action=accept がありません。";

    /// <inheritdoc/>
    public string MilterTimeout => "Postern が応答しないと各メールが長く待たされるか、Postern の処理時間が足りません。エントリーの content_timeout は 20s が適切です。";

    /// <inheritdoc/>
    public string UnlistedRecipient => $"存在しない宛先のメールを受け取ってからエラーメールを返すため、{Backscatter}（smtpd_reject_unlisted_recipient）。";

    /// <inheritdoc/>
    public string UnlistedVirtual => $"virtual_mailbox_domains の任意の宛先を受け取ってからエラーメールを返すため、{Backscatter}（virtual_mailbox_maps が空）。";

    /// <inheritdoc/>
    public string SoftBounce => "拒否がすべて一時拒否になります。迷惑メールの送信元は何日も再送を続け、拒否すべきメールが相手のキューに残ります（soft_bounce）。";

    /// <inheritdoc/>
    public string OpenRelay => "不正中継（オープンリレー）の状態です。誰でもこのサーバーから任意の宛先に送信できます（reject_unauth_destination なし）。";

    /// <inheritdoc/>
    public string MyNetworks => "mynetworks がすべてのアドレスを含むため、誰でもこのサーバーから任意の宛先に送信でき、検査も行われません。";

    /// <inheritdoc/>
    public string TlsOff => "TLS が無効で、メールが平文で届きます（smtpd_tls_security_level）。";

    /// <inheritdoc/>
    public string AuthInClear => "TLS なしでパスワードを送信でき、総当たりも可能です（smtpd_tls_auth_only）。";

    /// <inheritdoc/>
    public string HeloNotRequired => "HELO が必須でないため、検査する名前が得られないことがあります（smtpd_helo_required）。";

    /// <inheritdoc/>
    public string Vrfy => "VRFY コマンドで、実在するアドレスを誰でも確認できます（disable_vrfy_command）。";

    /// <inheritdoc/>
    public string ConnectionRate => "接続元ごとの接続数に制限がありません（smtpd_client_connection_rate_limit）。";

    /// <inheritdoc/>
    public string AuthRate => "接続元ごとのパスワード試行回数に制限がありません（smtpd_client_auth_rate_limit）。";

    /// <inheritdoc/>
    public string ErrorLimit => "1 セッションで 20 回を超えるエラーを許しています（smtpd_hard_error_limit）。";

    /// <inheritdoc/>
    public string Smuggling => "SMTP スマグリングが可能です。LF だけの改行で、別のメールを紛れ込ませることができます（smtpd_forbid_bare_newline）。";

    /// <inheritdoc/>
    public string NoDelayReject => "MAIL FROM と RCPT TO の前に拒否するため、どのメールが失われたのかログに残りません（smtpd_delay_reject）。";

    /// <inheritdoc/>
    public string Summary(int errors, int recommendations) => errors + recommendations == 0
        ? "問題は見つかりませんでした。"
        : $"問題 {Counts.Number(errors + recommendations)} 件（エラー {Counts.Number(errors)} 件、推奨 {Counts.Number(recommendations)} 件）";

    /// <inheritdoc/>
    public string NoPostfix(string why) => $"Postfix の設定を読み取れません: {why}";

    /// <inheritdoc/>
    public string MilterTrust(string listen) => $"ローカルのどのユーザーも milter（{listen}）に接続できるため、milter が報告するセッションは遮断にも保護にも数えません。";

    /// <inheritdoc/>
    public string PolicyNotWired(string listen) => $"ポリシーサーバーが {listen} で待ち受けていますが、Postfix から使われていません。";

    /// <inheritdoc/>
    public string MilterNotWired(string listen) => $"milter が {listen} で待ち受けていますが、Postfix から使われていません。";

    /// <inheritdoc/>
    public string MilterKeepResults(string other, string name) => $"{other} が同じ名前（{name}）で Postern より後に動作し、Postern の検査結果を削除しています。";

    /// <inheritdoc/>
    public string MilterOrder(string other, string name) =>
        $"Postern が同じ名前（{name}）で {other} より後に動作し、その検査結果を削除しています（Postern は、この名前を名乗る以前の結果をすべて削除します）。";

    /// <inheritdoc/>
    public string MessageSize(long postfixLimit, long postern) =>
        $"Postfix は{(postfixLimit == 0 ? "任意の大きさの" : $" {Counts.Number(postfixLimit)} バイトまでの")}メールを受け取りますが、{Counts.Number(postern)} バイトを超えるメールは検査されません（[milter] の max_message）。";

    /// <inheritdoc/>
    public string UnlistedLocal(string? table) =>
        $"ローカルドメインの任意の宛先を受け取ってからエラーメールを返すため、{Backscatter}（{(table is null ? "local_recipient_maps が空" : $"local_recipient_maps の {table} がすべての名前に一致")}）。";

    /// <inheritdoc/>
    public string BackupMx(string? table, string? key) =>
        $"relay_domains の任意の宛先を受け取り、次のサーバーに拒否されるとエラーメールを返します（{(table is null ? "relay_recipient_maps が空" : $"relay_recipient_maps の {table} が {key} に一致")}）。";

    /// <inheritdoc/>
    public string LuserRelay(string to) => $"luser_relay により、存在しないユーザー宛てのメールを受け取って {to} に送ります。そこでエラーになる可能性があります。";

    /// <inheritdoc/>
    public string ContentFilter(string filter) => $"フィルター {filter} は受信後のメールを検査するため、拒否するにはエラーメールを返すか破棄するしかありません（content_filter）。";

    /// <inheritdoc/>
    public string SenderVerification(string list) => $"詐称された送信者のサーバーにアドレスの有無を問い合わせるため、第三者に負荷をかけます（{list} の reject_unverified_sender）。";

    /// <inheritdoc/>
    public string CatchAll(string key, string value, string table, string parameter) =>
        $"{key} が任意の宛先を受け取り、{value} に転送しています。推測された宛先のメールが転送先でエラーになる可能性があります（{parameter} の {table}）。";

    /// <inheritdoc/>
    public string Vacation(string? alias, string where) => $"{(alias is null ? "ユーザーの転送ファイル" : $"エイリアス {alias} ")}が、詐称された送信者にも自動応答を返します（{where}）。";

    /// <inheritdoc/>
    public string Forwarding(string? key, string elsewhere, string where) =>
        $"{(key is null ? "ユーザーの転送ファイル" : $"{key} ")}がすべてのメールを {elsewhere} に転送し、転送先で拒否されるとこのサーバーがエラーメールを返します（{where}）。";

    /// <inheritdoc/>
    public string LogMissing(string path) => $"ログ {path} がありません。";

    /// <inheritdoc/>
    public string LogStale(string path, int days) => $"{path} に {Counts.Number(days)} 日間書き込みがありません。";

    /// <inheritdoc/>
    public string DnsList(string zone, DnsListProblem problem, string? detail) => $"{zone} を使っていません。" + problem switch
    {
        DnsListProblem.NoAnswer => $"DNS の応答がありません（{detail}）。",
        DnsListProblem.Refused => "このリゾルバーからの問い合わせが拒否されています（公開リゾルバーか、問い合わせが多すぎます）。",
        DnsListProblem.NothingListed => "テスト用の 127.0.0.2 が登録なしと応答します。リゾルバーまたはファイアウォールが DNS 応答を書き換えています。",
        _ => "すべてのアドレスが登録済みと応答します。リゾルバーまたはファイアウォールが DNS 応答を書き換えています。",
    };

    /// <inheritdoc/>
    public string SharingServer(string url, string why) => $"ホスト間の共有サーバー {url} を利用できません（{why}）。利用できるまで、このホストは何も共有しません。";

    /// <inheritdoc/>
    public string SharingKey(string path) => $"サイトの鍵 {path} を所有者とグループ以外も読み取れます。鍵があれば、全ホストで誰でも遮断できます。";

    /// <inheritdoc/>
    public string SharingHost(string host) => $"2 台のホストが同じ名前 {host} で共有しているため、ログや postern hosts で区別できません。";

    /// <inheritdoc/>
    public string SharingClock(long seconds) => $"このホストの時計と共有サーバーの時計が {Counts.Number(seconds)} 秒ずれています。遮断の終了時刻は正しく保たれますが、ログやレポートの時刻が不正確になります。";

    /// <inheritdoc/>
    public string PublicSuffixes(string date) => $"Public Suffix List が {date} のもので 1 年以上前です。所有者の異なるドメインを同じものと見なすおそれがあります。";

    /// <inheritdoc/>
    public string Fail2BanTwice(IEnumerable<string> jails, bool runs) =>
        $"{string.Join("、", jails)} は fail2ban 側でも{(runs ? "動いています" : "、次にホストを起動すると動きます（現在は停止中）")}。失敗の集計と遮断が二重になります（[fail2ban] config）。";

    /// <inheritdoc/>
    public string Edit(string setting, string table, string file) => $"{file} の {table} テーブルに {setting} を設定";
}
