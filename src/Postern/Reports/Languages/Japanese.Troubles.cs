using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class Japanese
{
    /// <inheritdoc/>
    public string Name(TroubleKind trouble) => trouble switch
    {
        TroubleKind.OpenRelay => "不正中継（オープンリレー）の疑い",
        TroubleKind.Configuration => "サーバーの設定エラー",
        TroubleKind.LookupFailure => "テーブルまたはデータベースの応答なし",
        TroubleKind.PolicyServer => "ポリシーサーバーの応答なし",
        TroubleKind.Milter => "milter またはコンテンツフィルターの応答なし",
        TroubleKind.LoginService => "認証サービス（SASL）の応答なし",
        TroubleKind.Tls => "TLS の動作不良",
        TroubleKind.DnsList => "DNSBL のエラー応答（登録ではない）",
        TroubleKind.Resolver => "DNS リゾルバーの応答なし",
        TroubleKind.DiskFull => "ディスクの空き不足",
        TroubleKind.PortsBusy => "SMTP サーバーのプロセス不足",
        TroubleKind.RateLimit => "正規の送信元に対する接続数制限の超過",
        TroubleKind.Other => "サーバーの一時的な障害",
        _ => throw new ArgumentOutOfRangeException(nameof(trouble), trouble, "No name for this trouble."),
    };

    /// <inheritdoc/>
    public string Advise(TroubleKind trouble) => trouble switch
    {
        TroubleKind.OpenRelay => "ドメインも接続元も自分のものでなければ（「postconf mynetworks relay_domains」で確認できます）、ただちに塞いでください。smtpd_relay_restrictions に reject_unauth_destination を加え、mynetworks とキュー（postqueue -p）を確認します。",
        TroubleKind.Configuration => "「postfix check」を実行し、前後に記録された Postfix の警告を確認してください。",
        TroubleKind.LookupFailure => "前後の警告が示すデータベースを起動するか、テーブルを直し、「postmap -q」で確認してください。",
        TroubleKind.PolicyServer => "ポリシーサーバーを起動してください。check_policy_service に default_action=DUNNO を指定すると、停止中もメールを受け取れます。",
        TroubleKind.Milter => "milter またはコンテンツフィルターを起動してください。milter_default_action=accept にすると、停止中もメールを受け取れます。",
        TroubleKind.LoginService => "認証サービス（dovecot または saslauthd）を起動し、smtpd_sasl_path を確認してください。それまで利用者は送信できません。",
        TroubleKind.Tls => "smtpd_tls_chain_files（または smtpd_tls_cert_file と smtpd_tls_key_file）のファイルが存在し、対になっていて、読み取れることを確認してください。",
        TroubleKind.DnsList => "公開リゾルバーではなく自前の再帰リゾルバーを使い、正しい応答だけを受け入れてください（reject_rbl_client zen.spamhaus.org=127.0.0.[2..11]）。それまで正規のメールも拒否されます。",
        TroubleKind.Resolver => "/etc/resolv.conf とリゾルバーを確認してください。chroot を使う場合は、その中にも resolv.conf が必要です。DNS が使えない間は正規のメールも一時拒否されます。",
        TroubleKind.DiskFull => "キューのディレクトリーの空きを増やすか、message_size_limit を下げてください。Postfix はその 1.5 倍の空きを必要とします。",
        TroubleKind.PortsBusy => "default_process_limit または master.cf の smtpd の maxproc を増やし、プロセスを占有している原因を確認してください。",
        TroubleKind.RateLimit => "超過した smtpd_client_*_limit を緩めるか、これらの接続元を smtpd_client_event_limit_exceptions に加えてください。",
        TroubleKind.Other => "前後に Postfix が記録した警告やエラーで原因を確認してください。",
        _ => throw new ArgumentOutOfRangeException(nameof(trouble), trouble, "No advice for this trouble."),
    };

    /// <inheritdoc/>
    public string Say(Trouble trouble)
    {
        var text = string.IsNullOrEmpty(trouble.Text) ? "" : $"（{SafeText.Short(trouble.Text, QuotedCells)}）";
        var cost = trouble.Sessions == 0 ? $"{Number(trouble.Lines)} 行" : $"敵対的でない接続元の {Sessions(trouble.Sessions)}に影響";
        var when = trouble.FirstSeen.IsKnown ? $"、{Range(trouble.FirstSeen, trouble.LastSeen)}" : "";
        return trouble.Kind == TroubleKind.OpenRelay
            ? $"{Name(trouble.Kind)}: 認証なしで他ドメイン宛ての宛先{text}が受け付けられています{when}。{Advise(trouble.Kind)}"
            : $"{Name(trouble.Kind)}{text}: {cost}{when}。{Advise(trouble.Kind)}";
    }
}
