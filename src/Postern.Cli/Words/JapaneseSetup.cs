namespace Postern.Cli.Words;

/// <summary>What <c>setup</c> says, in Japanese.</summary>
internal sealed class JapaneseSetup : ISetupWords
{
    /// <inheritdoc/>
    public string FirstLine => "「postern setup」で作成。各キーの説明は docs/configuration.md。変更後は postern reload";

    /// <inheritdoc/>
    public string Found => "このホストの状況:";

    /// <inheritdoc/>
    public string Log => "ログ";

    /// <inheritdoc/>
    public string Notices => "通知メール";

    /// <inheritdoc/>
    public string NeverBanned => "遮断しない相手";

    /// <inheritdoc/>
    public string Firewall => "パケットフィルター";

    /// <inheritdoc/>
    public string Resolver => "DNS";

    /// <inheritdoc/>
    public string Journal => "systemd のジャーナル";

    /// <inheritdoc/>
    public string NoLog => "見つかりません。Postfix は syslog に出力していますが、メールログを書き出す syslog デーモンがありません。maillog_file = /var/log/mail.log（Postfix 3.4 以降）を設定するか、rsyslog を導入してください";

    /// <inheritdoc/>
    public string Mailbox(string path, bool canRead) => $"{path}{(canRead ? "" : "（存在しないか、Postern から読めません）")}";

    /// <inheritdoc/>
    public string HandedOver(string program) => $"{program} で Postern に渡しています";

    /// <inheritdoc/>
    public string Elsewhere(string place) => $"宛先は {place} です。Postern からは読めません";

    /// <inheritdoc/>
    public string Networks(string own, string mynetworks) => $"このホスト（{own}）と mynetworks（{mynetworks}）";

    /// <inheritdoc/>
    public string NoFail2Ban => "未導入";

    /// <inheritdoc/>
    public string Fail2BanJails(bool runs, IEnumerable<string> jails) => $"{(runs ? "動作中" : "停止中")}、有効な jail: {(jails.Any() ? string.Join("、", jails) : "なし")}";

    /// <inheritdoc/>
    public string Beside(IEnumerable<string> programs) => $"{string.Join("、", programs)}。Postern は独自の nftables テーブルを併用します";

    /// <inheritdoc/>
    public string OwnTable => "firewalld も ufw もありません。Postern は独自の nftables テーブルを使います";

    /// <inheritdoc/>
    public string Servers(string addresses, bool isPublic, bool isLocal) => $"{addresses}（{(isLocal ? "このホスト上" : isPublic ? "公開リゾルバー" : "プライベートネットワーク内")}）";

    /// <inheritdoc/>
    public string NoServers => "/etc/resolv.conf に指定なし";

    /// <inheritdoc/>
    public string ListAnswers(string zone) => $"{zone} は正常に応答";

    /// <inheritdoc/>
    public string ListsNotAsked => "DNS リストは未確認";

    /// <inheritdoc/>
    public string NewFile(string file) => $"{file}（新規作成）:";

    /// <inheritdoc/>
    public string Additions(string file) => $"{file}（次の行を追加し、ほかは変更しません）:";

    /// <inheritdoc/>
    public string SameFile(string file) => $"{file}: 追加する設定はありません";

    /// <inheritdoc/>
    public string PostfixChanges => "Postfix:";

    /// <inheritdoc/>
    public string PostfixSame => "Postfix: 変更はありません";

    /// <inheritdoc/>
    public string Undo => "Postfix の変更を元に戻すには:";

    /// <inheritdoc/>
    public string Notes => "補足:";

    /// <inheritdoc/>
    public string Nothing => "設定は済んでいます。何も変更していません。";

    /// <inheritdoc/>
    public string NotWritten(string command) => $"まだ何も書き込んでいません。書き込むには: {command}";

    /// <inheritdoc/>
    public string Written(string file) => $"書き込みました: {file}";

    /// <inheritdoc/>
    public string KeptAs(string file) => $"元のファイルは {file} に残してあります";

    /// <inheritdoc/>
    public string Next => "次の手順:";

    /// <inheritdoc/>
    public string StepReload => "Postfix に設定を読み込ませる";

    /// <inheritdoc/>
    public string StepStart => "新しい設定で Postern を起動する";

    /// <inheritdoc/>
    public string StepDoctor => "結果を点検する";

    /// <inheritdoc/>
    public string StepEnforce => "遮断の内容が妥当なら mode = \"enforce\" にする";

    /// <inheritdoc/>
    public string DryRun => "これまでの設定ファイルには mode がなく、遮断が有効でした。mode = \"dry-run\" では、遮断対象を記録するだけになります。";

    /// <inheritdoc/>
    public string LogKept(string asked) => $"設定ファイルに既にログの指定があるため、{asked} は追加しません。同じ行を二重に数えることになります。";

    /// <inheritdoc/>
    public string HandOver => "通知メールはエイリアスで渡せます。例: postmaster: root, \"|/usr/bin/postern notice\"";

    /// <inheritdoc/>
    public string TwoFail2Bans => "fail2ban も動作しています。まず両者を比べ、その後「postern import fail2ban」で遮断を引き継いでください（docs/moving-from-fail2ban.md）。";

    /// <inheritdoc/>
    public string PostfixFailed(string command, string why) => $"{command} が失敗しました: {why}";

    /// <inheritdoc/>
    public string Unsound(string file) => $"{file} は既存の記述を変えずに追記できません。不足している設定を手作業で追加してください";

    /// <inheritdoc/>
    public string BadListen(string option, string text) => $"{option} には 127.0.0.1:10040、[::1]:10040、unix:/path のいずれかを指定してください（'{text}' は不可）";

    /// <inheritdoc/>
    public string BadPath(string option, string text) => $"{option} には絶対パスを指定してください（'{text}' は不可）";

    /// <inheritdoc/>
    public string Ask(SetupQuestion kind, string detail) =>
        kind switch
        {
            SetupQuestion.Policy => $"ポリシーサーバー（{detail}）を使いますか？ [policy] の mode を変えるまでは記録のみです。[y/N] ",
            SetupQuestion.Fail2Ban => $"fail2ban の jail（{detail}）を Postern で動かしますか？ その場合は fail2ban を停止してください。[y/N] ",
            SetupQuestion.Harden => $"Postfix の推奨設定（{detail}）を適用しますか？ [y/N] ",
            _ => "以上を書き込みますか？ [y/N] ",
        };
}
