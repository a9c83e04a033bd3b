using Postern.Facts;

namespace Postern.Reports.Languages;

internal sealed partial class Japanese
{
    /// <inheritdoc/>
    public string Name(Behaviour behaviour) => behaviour switch
    {
        Behaviour.LoneDot => "ドットのみの行",
        Behaviour.BlankLine => "空行",
        Behaviour.GarbageCommand => "不明なコマンド",
        Behaviour.HttpRequest => "HTTP リクエスト",
        Behaviour.TlsOnPlaintext => "平文ポートへの TLS",
        Behaviour.OtherProtocol => "別のプロトコル",
        Behaviour.TlsScan => "TLS スキャン",
        Behaviour.TlsHandshakeFailure => "TLS ハンドシェイク失敗",
        Behaviour.AuthBruteForce => "パスワード総当たり",
        Behaviour.AuthFailure => "ログイン失敗",
        Behaviour.AuthNotOffered => "未提供の認証の試行",
        Behaviour.EarlyTalker => "挨拶前の送信",
        Behaviour.PipeliningAbuse => "不正なパイプライン",
        Behaviour.UserEnumeration => "宛先の探索",
        Behaviour.RelayProbe => "中継の試行",
        Behaviour.HeloForgery => "HELO の詐称",
        Behaviour.DnsblListed => "DNSBL 登録による拒否",
        Behaviour.SmugglingAttempt => "LF のみの改行",
        Behaviour.TooManyErrors => "エラー過多",
        Behaviour.RejectedMail => "メールの拒否",
        Behaviour.Hangup => "突然の切断",
        Behaviour.ProbeAndQuit => "様子見のみで終了",
        Behaviour.OutOfStep => "拒否後の送信続行",
        Behaviour.ServerTrouble => "サーバー側の障害",
        Behaviour.AccountTakeover => "アカウントの乗っ取り",
        Behaviour.Delivered => "配送済み",
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
        Behaviour.OtherProtocol => "SSH、RDP、SMB など、別のプロトコルの冒頭を送りました。",
        Behaviour.TlsScan => "TLS ハンドシェイクを多数行い、結果が毎回変わりました。TLS のバージョンや暗号スイートを調べるスキャンの特徴です。",
        Behaviour.TlsHandshakeFailure => "TLS ハンドシェイクに失敗しました。これだけではスキャンとは言えません。",
        Behaviour.AuthBruteForce => "ログインの失敗が多く、パスワードを次々に試していると考えられます。",
        Behaviour.AuthFailure => "ログインに失敗しました。総当たりと言えるほどの回数ではありません。",
        Behaviour.AuthNotOffered => "認証を提供していない所で、ログインを試みました。",
        Behaviour.EarlyTalker => "サーバーの挨拶を待たずに、最初のコマンドを送りました。",
        Behaviour.PipeliningAbuse => "応答を待つべき所で、コマンドを先送りしました。",
        Behaviour.UserEnumeration => "存在しない宛先を次々に指定し、実在するアドレスを探しました。",
        Behaviour.RelayProbe => "このサーバーを経由して、他のドメインへメールを送ろうとしました。",
        Behaviour.HeloForgery => "このサーバー自身の名前など、自分のものではあり得ない名前を HELO で名乗りました。",
        Behaviour.DnsblListed => "アドレスが DNSBL に登録されているため、拒否されました。",
        Behaviour.SmugglingAttempt => "CR を伴わない LF を送りました。SMTP スマグリングに使われる手口です。",
        Behaviour.TooManyErrors => "エラーが多すぎるため、Postfix がセッションを打ち切りました。",
        Behaviour.RejectedMail => "その他の理由で、メールが拒否されました。",
        Behaviour.Hangup => "接続した後、終了の手続きをせずに切断したか、何も送らなくなりました。",
        Behaviour.ProbeAndQuit => "挨拶（場合により STARTTLS）だけを行い、メールを送らずに終了しました。",
        Behaviour.ServerTrouble => "このサーバー側の障害のために拒否または切断されました。接続元に問題はありません。",
        Behaviour.AccountTakeover => "互いに無関係な多数のネットワークから同時にログインされているアカウントへのログインです。",
        Behaviour.OutOfStep => "拒否された後もメッセージを送り続けました。送信側の不具合であり、攻撃ではありません。",
        Behaviour.Delivered => "メールが受理されました。",
        _ => throw new ArgumentOutOfRangeException(nameof(behaviour), behaviour, "No sentence for this behaviour."),
    };
}
