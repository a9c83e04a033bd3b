namespace Postern.Cli.Words;

/// <summary>The help in Japanese.</summary>
internal sealed class JapaneseHelp : IHelpWords
{
    private static readonly (string Name, string Meaning) s_config = ("--config", "設定ファイル（標準: /etc/postern/postern.toml）");
    private static readonly (string Name, string Meaning) s_format = ("--format", "text（標準）または json");
    private static readonly (string Name, string Meaning) s_lang = ("--lang", "en または ja（標準: LC_ALL、LC_MESSAGES、LANG の順で決定。JSON は en）");
    private static readonly (string Name, string Meaning) s_help = ("--help", "このヘルプを表示");
    private static readonly (string Name, string Meaning) s_wide = ("--wide", "すべての列と行を、幅を制限せずに表示");
    private static readonly (string Name, string Meaning) s_filter = ("FILTER", "フィルターのファイル、または filter.d での名前。jail と同じくオプションも指定可能: postfix[mode=aggressive]");
    private static readonly (string Name, string Meaning) s_fail2ban = ("--fail2ban", "fail2ban の設定ディレクトリー（標準: /etc/fail2ban）");
    private static readonly (string Name, string Meaning) s_logs = ("INPUT", "メールログ、Postfix の通知メールを含む mbox や Maildir。gzip、xz、zstd 圧縮も可。- は標準入力");

    /// <inheritdoc/>
    public string Program => "Postfix への不審な接続を分析し、攻撃的な接続元を一時的に遮断";

    /// <inheritdoc/>
    public string Uses => "主な使い方:";

    /// <inheritdoc/>
    public string Syntax => "書式:";

    /// <inheritdoc/>
    public string Options => "オプション";

    /// <inheritdoc/>
    public string Commands => "コマンド:";

    /// <inheritdoc/>
    public string Details => "引数とオプション:";

    /// <inheritdoc/>
    public string More(string command) => $"各コマンドのヘルプ: {command}";

    /// <inheritdoc/>
    public CommandHelp Of(string command) => command switch
    {
        "" => new(Program,
            [
                new("postern explain /var/log/mail.log", "接続元、原因、対処を表示"),
                new("postern run --dry-run", "遮断の対象を確認"),
                new("postern check ADDRESS --helo NAME", "正規の送信元かどうかを検査"),
            ],
            s_help, s_lang, ("--version", "バージョンを表示")),
        "explain" => new("ログと通知メールを分析し、接続元、原因、対処を表示",
            [
                new("postern explain /var/log/mail.log", "結論を 1 画面で"),
                new("postern explain notice.eml", "1 通の通知メールの意味"),
                new("postern explain --details --since 24h LOG", "直近 1 日の接続元ごとの詳細"),
            ],
            ("INPUT", "メールログ、Postfix の通知メールを含む mbox や Maildir、貼り付けたセッション記録。gzip、xz、zstd 圧縮も可。- は標準入力。アドレスを指定するとデーモンに問い合わせ"),
            ("--format", "text（標準）、json、html"),
            ("--output", "レポートをこのファイルに出力"),
            ("--resolver", "遮断や様子見の対象となる接続元を、この DNS サーバーで検査"),
            ("--offline", "ネットワークに問い合わせない（標準）"),
            ("--since", "この時刻以降のセッションだけを対象とする: 2026-11-25T01:00、直近 1 日なら 24h"),
            ("--until", "この時刻以前のセッションだけを対象とする"),
            ("--year", "日時に年がない場合の、各ログの最初の行の年"),
            ("--details", "長いレポート: すべての質問と、接続元ごとの根拠"),
            ("--all", "メールを送ってきただけの接続元も含む、すべての接続元の長いレポート"),
            s_wide, s_config, s_lang, s_help),
        "check" => new("サーバーとエンベロープ送信者が正規のものかを検査し、理由とともに表示",
            [
                new("postern check 192.0.2.1", "アドレスだけ（DNSBL、PTR）"),
                new("postern check 192.0.2.1 --helo NAME", "HELO 名も検査"),
                new("postern check 192.0.2.1 --sender ADDR --message FILE", "SPF、DKIM、DMARC も検査"),
            ],
            ("ADDRESS", "接続元の IPv4 または IPv6 アドレス"),
            ("--helo", "HELO または EHLO で名乗った名前"),
            ("--sender", "MAIL FROM のアドレス。エラーメールなら '<>'"),
            ("--message", "受信したままのメールのファイル。- は標準入力"),
            ("--resolver", "システムの設定の代わりに、この DNS サーバーに問い合わせ"),
            s_format, s_config, s_lang, s_help),
        "run" => new("ログを監視し、攻撃的な接続元を一時的に遮断",
            [
                new("postern run --dry-run", "遮断の対象をログに記録するだけ"),
                new("systemctl start postern", "サービスとして起動"),
                new("postern run --config FILE", "フォアグラウンドで起動"),
            ],
            ("--dry-run", "遮断の対象をログに記録し、ファイアウォールは変更しない"), s_config, s_lang, s_help),
        "filter" => new("fail2ban のフィルターをログで試し、問題を検査",
            [
                new("postern filter test FILTER LOG", "一致する行を確認"),
                new("postern filter lint FILTER", "悪用される問題がないか検査"),
            ],
            s_lang, s_help),
        "filter test" => new("fail2ban のフィルターがログのどの行に一致するかを、問題点とともに表示",
            [
                new("postern filter test postfix /var/log/mail.log", "集計を表示"),
                new("postern filter test FILTER LOG --print matched", "一致した行を表示"),
                new("postern filter test FILTER LOG --failregex RE", "別の式で試す"),
            ],
            s_filter,
            ("LOG", "ログ（圧縮も可）。- は標準入力"),
            s_fail2ban,
            ("--failregex", "フィルターの代わりに使う式"),
            ("--ignoreregex", "フィルターの代わりに使う除外の式"),
            ("--datepattern", "フィルターの代わりに使う日時パターン"),
            ("--maxlines", "まとめて照合する行数"),
            ("--usedns", "yes、warn、no、raw（名前のまま扱う）"),
            ("--encoding", "ログの文字コード（標準: utf-8）"),
            ("--now", "年のない日時のための現在時刻"),
            ("--tz", "タイムゾーンのない日時のためのタイムゾーン: Asia/Tokyo、UTC、+0900"),
            ("--print", "表示する行: matched（一致）、ignored（除外）、missed（不一致）"),
            s_format, s_lang, s_help),
        "filter lint" => new("fail2ban のフィルターの問題を、実例の行とともに表示",
            [
                new("postern filter lint postfix", "/etc/fail2ban のフィルター"),
                new("postern filter lint ./my-filter.conf", "ファイルを指定"),
                new("postern filter lint 'postfix[mode=aggressive]'", "jail と同じオプション付き"),
            ],
            s_filter, s_fail2ban, s_format, s_lang, s_help),
        "replay" => new("run が過去のログで誰を遮断したかを再現（実際には遮断しない）",
            [
                new("postern replay /var/log/mail.log", "現在の設定で再現"),
                new("postern replay --against new.toml LOG", "別の設定との違い"),
                new("postern replay --since 7d /var/log/mail.log*", "直近 1 週間"),
            ],
            s_logs,
            ("--against", "このファイルの設定で増える遮断と減る遮断を表示"),
            ("--resolver", "run と同じように、遮断の前にこの DNS サーバーに問い合わせ"),
            ("--offline", "ネットワークに問い合わせない（標準）"),
            ("--since", "この時刻以降だけを対象とする: 2026-11-25T01:00、直近 1 日なら 24h"),
            ("--until", "この時刻以前だけを対象とする"),
            ("--year", "日時に年がない場合の、各ログの最初の行の年"),
            s_wide, s_config, s_format, s_lang, s_help),
        "notice" => new("標準入力の Postfix 通知メールをデーモンに渡す（終了コードは常に 0）",
            [
                new("postmaster: root, \"|/usr/bin/postern notice\"", "/etc/aliases の行"),
                new("postern notice < notice.eml", "手動で渡す"),
            ],
            s_config, s_lang, s_help),
        "doctor" => new("Postfix と Postern の設定を点検し、問題ごとに対処を表示",
            [
                new("postern doctor", "すべて点検"),
                new("postern doctor --offline", "DNS を使わずに点検"),
                new("postern doctor --format json", "スクリプト用"),
            ],
            ("--offline", "DNS に問い合わせない"), s_config, s_format, s_lang, s_help),
        "setup" => new("Postfix、ログ、fail2ban を調べ、設定ファイルを作成",
            [
                new("postern setup", "調査、質問、表示の後、確認して書き込む"),
                new("postern setup --yes", "質問せずに書き込む"),
                new("postern setup --yes --harden false", "Postfix の変更を最小限にする"),
            ],
            ("--yes", "質問せずに、表示した内容を書き込む"),
            ("--log", "メールログ、または journal（標準: Postfix の出力先）"),
            ("--notices", "Postfix の通知メールのメールボックス、または none（標準: postmaster 宛てのもの。読める場合のみ）"),
            ("--policy", "ポリシーサーバーを使う場合のアドレス。例: 127.0.0.1:10040"),
            ("--milter", "milter を使う場合のアドレス。例: 127.0.0.1:10041"),
            ("--fail2ban", "この fail2ban 設定ディレクトリーの有効な jail を Postern で動かす"),
            ("--harden", "false: doctor が推奨する Postfix の設定を適用しない（標準: true、または質問する）"),
            ("--offline", "DNS に問い合わせない"), s_config, s_format, s_lang, s_help),
        "import" => new("ほかのプログラムの遮断と設定を引き継ぐ",
            [new("postern import fail2ban", "fail2ban から引き継ぐ")],
            s_lang, s_help),
        "import fail2ban" => new("fail2ban の遮断を引き継ぎ、対応する Postern の設定を表示",
            [
                new("postern import fail2ban --dry-run", "表示のみ"),
                new("postern import fail2ban", "遮断を引き継ぐ"),
            ],
            ("--dry-run", "引き継ぐ内容を表示するだけ"),
            s_fail2ban,
            ("--database", "fail2ban のデータベース（標準: fail2ban の設定にあるもの）"), s_config, s_format, s_lang, s_help),
        "report" => new("SMTP 時の検査で拒否した（または拒否対象の）メールを表示",
            [
                new("postern report", "直近 7 日間"),
                new("postern report --days 30", "直近 30 日間"),
                new("postern report --wide", "HELO 名も表示"),
            ],
            ("--days", "さかのぼる日数（標準: 7）"), s_wide, s_config, s_format, s_lang, s_help),
        "web" => new("運用者向けのページと JSON API を提供",
            [
                new("postern web", "127.0.0.1:10080、または [web] の設定"),
                new("systemctl enable --now postern-web", "サービスとして起動"),
            ],
            s_config, s_lang, s_help),
        "status" => new("デーモンの状態を表示: jail、ログ、ファイアウォール、問題",
            [
                new("postern status", "現在の状態"),
                new("postern status fail2ban/sshd", "1 つの jail"),
                new("postern status --format json", "監視システム用"),
            ],
            ("JAIL", "表示する jail（標準: すべて）"), s_wide, s_config, s_format, s_lang, s_help),
        "bans" => new("遮断中のアドレスを、残り時間と理由とともに表示",
            [
                new("postern bans", "アドレス、残り時間、理由"),
                new("postern bans 192.0.2.0/24", "このアドレスやネットワークのみ（なければ終了コード 1）"),
                new("postern bans --format json", "スクリプト用"),
            ],
            ("ADDR", "これを含む、またはこれに含まれる遮断のみ"), s_wide, s_config, s_format, s_lang, s_help),
        "ban" => new("アドレスまたはネットワークを一時的に遮断",
            [
                new("postern ban 192.0.2.1 203.0.113.0/24 --for 7d", "1 週間"),
                new("postern ban 192.0.2.1 --reason TEXT", "理由を付けて"),
                new("postern ban - < list.txt", "一覧から（1 行に 1 件、# 以降はコメント）"),
            ],
            ("ADDR", "アドレスまたはネットワーク（複数可、- は標準入力の一覧）"),
            ("--for", "期間: 90s、10m、1h、7d（標準: jail の bantime）"),
            ("--reason", "bans で表示する理由"),
            s_config, s_format, s_lang, s_help),
        "unban" => new("アドレスまたはネットワークの遮断を解除",
            [
                new("postern unban 192.0.2.1", "1 つのアドレス"),
                new("postern unban 192.0.2.0/24", "ネットワーク全体"),
                new("postern unban --all", "すべての遮断"),
            ],
            ("ADDR", "アドレスまたはネットワーク（複数可、- は標準入力の一覧）"), ("--all", "すべての遮断を解除"), s_config, s_format, s_lang, s_help),
        "allow" => new("アドレス、ネットワーク、名前を許可リストに登録し、遮断を解除",
            [
                new("postern allow mx.example.org", "名前を正引きしたアドレス"),
                new("postern allow 192.0.2.1 --for 7d", "1 週間"),
                new("postern allow list", "許可リストを表示"),
            ],
            ("ADDR", "アドレス、ネットワーク、DNS 名、送信者（ann@example.org、@example.org）。複数可、- は標準入力の一覧"), ("--for", "期間: 90s、10m、1h、7d（標準: 無期限）"), s_config, s_format, s_lang, s_help),
        "allow list" => new("許可リスト（設定ファイルとコマンドの両方）を表示",
            [
                new("postern allow list", "登録内容、期限、名前を正引きしたアドレス"),
                new("postern allow list --format json", "スクリプト用"),
            ],
            s_wide, s_config, s_format, s_lang, s_help),
        "allow remove" => new("コマンドで登録した許可を削除",
            [new("postern allow remove 192.0.2.1", "1 つのアドレス")],
            ("ADDR", "allow list に表示されるアドレス、ネットワーク、DNS 名"), s_config, s_format, s_lang, s_help),
        "config" => new("設定ファイルの確認と表示",
            [
                new("postern config check", "再読み込みの前に確認"),
                new("postern config show", "現在の設定を表示"),
            ],
            s_lang, s_help),
        "config show" => new("有効な設定を TOML で表示",
            [
                new("postern config show", "設定ファイルで指定したもの"),
                new("postern config show --defaults", "すべてのキー"),
                new("postern config show --format json", "スクリプト用"),
            ],
            ("--defaults", "標準の値のままのキーも表示"), s_config, s_format, s_lang, s_help),
        "config check" => new("設定ファイルの誤りを、行、キー、直し方とともにすべて表示",
            [
                new("postern config check", "標準の設定ファイル"),
                new("postern config check --config FILE", "別の設定ファイル"),
            ],
            s_config, s_lang, s_help),
        "brake" => new("安全装置（サーバー側の異常時に遮断を保留する機能）を操作",
            [new("postern brake release", "保留した遮断を判定し直す")],
            s_lang, s_help),
        "brake release" => new("安全装置を解除し、保留した遮断を判定し直す",
            [
                new("postern brake release", "すべての理由"),
                new("postern brake release refusals", "1 つの理由"),
            ],
            ("REASON", "解除する理由（status に表示される名前。標準: すべて）"), s_config, s_format, s_lang, s_help),
        "top" => new("活発な接続元を随時更新して表示（q で終了）",
            [
                new("postern top", "随時更新"),
                new("postern top --once", "1 回だけ表示"),
            ],
            ("--once", "1 回だけ表示して終了"), s_wide, s_config, s_format, s_lang, s_help),
        "hosts" => new("遮断を共有しているホストを表示",
            [
                new("postern hosts", "各ホストの状態と遅延"),
                new("postern hosts --format json", "スクリプト用"),
            ],
            s_wide, s_config, s_format, s_lang, s_help),
        "metrics" => new("デーモンの計測値を Prometheus 形式で出力",
            [
                new("postern metrics", "OpenMetrics テキスト"),
                new("postern metrics --format json", "スクリプト用"),
            ],
            s_config, s_format, s_lang, s_help),
        "reload" => new("設定を再読み込み（誤りがあれば以前の設定のまま）",
            [
                new("postern reload", "設定の変更後"),
                new("postern reload --config FILE", "別のデーモン"),
            ],
            s_config, s_format, s_lang, s_help),
        "notify" => new("通知の設定を確認します",
            [new("postern notify test", "各方法で 1 件送信")],
            s_lang, s_help),
        "notify test" => new("設定された各方法でテストを 1 件送信し、届け先ごとに結果を表示します",
            [
                new("postern notify test", "イベントファイル、メール、Webhook、報告"),
                new("postern notify test --format json", "スクリプト用"),
            ],
            s_config, s_format, s_lang, s_help),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "No help for this command."),
    };
}
