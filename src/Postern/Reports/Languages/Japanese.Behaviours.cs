using Postern.Facts;

namespace Postern.Reports.Languages;

internal sealed partial class Japanese
{
    /// <inheritdoc/>
    public string Name(Behaviour behaviour) => behaviour switch
    {
        Behaviour.LoneDot => "「.」だけの行",
        Behaviour.BlankLine => "空行",
        Behaviour.GarbageCommand => "不明なコマンド",
        Behaviour.HttpRequest => "HTTP リクエスト",
        Behaviour.TlsOnPlaintext => "平文ポートへの TLS",
        Behaviour.OtherProtocol => "SMTP 以外のプロトコル",
        Behaviour.TlsScan => "TLS スキャン",
        Behaviour.TlsHandshakeFailure => "TLS ハンドシェイク失敗",
        Behaviour.AuthBruteForce => "パスワード総当たり攻撃",
        Behaviour.AuthFailure => "ログイン失敗",
        Behaviour.AuthNotOffered => "認証を提供していないポートでの AUTH",
        Behaviour.EarlyTalker => "220 応答を待たない送信",
        Behaviour.PipeliningAbuse => "不正なパイプライン処理",
        Behaviour.UserEnumeration => "宛先の総当たり",
        Behaviour.RelayProbe => "不正中継の試み",
        Behaviour.HeloForgery => "HELO の詐称",
        Behaviour.DnsblListed => "DNSBL 登録による拒否",
        Behaviour.SmugglingAttempt => "LF だけの改行（bare LF）",
        Behaviour.TooManyErrors => "エラー回数の上限超過",
        Behaviour.RejectedMail => "その他の受信拒否",
        Behaviour.Hangup => "QUIT なしの切断",
        Behaviour.ProbeAndQuit => "EHLO だけで終了",
        Behaviour.OutOfStep => "拒否後の送信続行",
        Behaviour.ServerTrouble => "サーバー側の障害",
        Behaviour.AccountTakeover => "アカウントの乗っ取り",
        Behaviour.Delivered => "受信済み",
        _ => throw new ArgumentOutOfRangeException(nameof(behaviour), behaviour, "No name for this behaviour."),
    };

    /// <inheritdoc/>
    public string Describe(Behaviour behaviour) => behaviour switch
    {
        Behaviour.LoneDot => "コマンドを送るべき所で、ドット 1 文字だけの行を送りました。",
        Behaviour.BlankLine => "コマンドを送るべき所で、空行を送りました。",
        Behaviour.GarbageCommand => "SMTP に存在せず、どのプロトコルとも判別できないコマンドを送りました。",
        Behaviour.HttpRequest => "Web サーバー宛てのリクエストをメールのポートに送りました。",
        Behaviour.TlsOnPlaintext => "平文で始まるポートに、いきなり TLS ハンドシェイクを送りました。",
        Behaviour.OtherProtocol => "SSH、RDP、SMB など、SMTP 以外のプロトコルの通信を始めました。",
        Behaviour.TlsScan => "TLS ハンドシェイクを多数行い、結果が毎回変わりました。TLS のバージョンや暗号スイートを調べるスキャンの特徴です。",
        Behaviour.TlsHandshakeFailure => "TLS ハンドシェイクに失敗しました。これだけではスキャンとは言えません。",
        Behaviour.AuthBruteForce => "ログインの失敗が多く、パスワードを次々に試していると考えられます（辞書攻撃を含む）。",
        Behaviour.AuthFailure => "ログインに失敗しました。総当たりと言えるほどの回数ではありません。",
        Behaviour.AuthNotOffered => "認証を提供していないポートで、AUTH を試みました。",
        Behaviour.EarlyTalker => "サーバーの 220 応答を待たずに、最初のコマンドを送りました（early talker）。",
        Behaviour.PipeliningAbuse => "応答を待つべき所で、続きのコマンドを送りました（postscreen の PIPELINING）。",
        Behaviour.UserEnumeration => "存在しない宛先を次々に指定し、実在するアドレスを探しました（ディレクトリーハーベスト攻撃）。",
        Behaviour.RelayProbe => "このサーバーを経由して、他のドメインへメールを送ろうとしました。",
        Behaviour.HeloForgery => "このサーバー自身の名前など、自分のものではあり得ない名前を HELO で名乗りました。",
        Behaviour.DnsblListed => "アドレスが DNSBL に登録されているため、拒否されました。",
        Behaviour.SmugglingAttempt => "CR を伴わない LF を送りました。SMTP スマグリングにも使われますが、古いソフトでも起こります。",
        Behaviour.TooManyErrors => "エラーが smtpd_hard_error_limit に達したため、Postfix がセッションを打ち切りました。",
        Behaviour.RejectedMail => "その他の理由で、メールが拒否されました。",
        Behaviour.Hangup => "接続した後、QUIT を送らずに切断したか、何も送らなくなりました。",
        Behaviour.ProbeAndQuit => "EHLO（場合により STARTTLS）だけを送り、メールを送らずに終了しました。",
        Behaviour.ServerTrouble => "このサーバー側の障害のために拒否または切断されました。接続元に問題はありません。",
        Behaviour.AccountTakeover => "互いに無関係な多数のネットワークから同時にログインされているアカウントへのログインです。",
        Behaviour.OutOfStep => "拒否された後もメッセージを送り続けました。送信側のソフトの不備であり、攻撃ではありません。",
        Behaviour.Delivered => "メールが受理されました。",
        _ => throw new ArgumentOutOfRangeException(nameof(behaviour), behaviour, "No sentence for this behaviour."),
    };
}
