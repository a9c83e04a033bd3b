using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class Japanese
{
    /// <inheritdoc/>
    public string Say(Clue clue) => clue.Kind switch
    {
        ClueKind.LoneDots => $"{InSessions(clue)}最初に「.」だけの行を送っています。",
        ClueKind.BlankLines => $"{InSessions(clue)}コマンドの代わりに空行を送っています。",
        ClueKind.BlankLinePairs => $"{InSessions(clue)}ポートスキャナーが汎用的に使う 2 行の空行を送っています。",
        ClueKind.RepliesIgnored => $"{InSessions(clue)}エラーの応答を無視して送信を続けています。",
        ClueKind.ErrorTextsDrawn => $"{InSessions(clue)}種類の異なる誤った入力だけを送り、さまざまなエラー文を引き出しています。",
        ClueKind.IdenticalSessions => $"{Sessions(clue.Number)}の内容がすべて同じです。",
        ClueKind.Burst => $"最も集中したときは{BurstLength(clue.Text)}{Sessions(clue.Number)}です。",
        ClueKind.Campaign => $"{Clients(clue.Number)}が、ほぼ同じ時期に同じことをしています。",
        ClueKind.HttpRequests => $"{InSessions(clue)}HTTP リクエストを送っています{Such(clue.Text, "最初は")}。",
        ClueKind.TlsHellos => $"{InSessions(clue)}平文のポートに TLS ハンドシェイクを送っています。",
        ClueKind.ForeignProtocol => $"{InSessions(clue)}SMTP 以外のプロトコル{In(clue.Text)}の通信を試みています。",
        ClueKind.ServiceProbes => $"{InSessions(clue)}スキャナーのよく知られたプローブ{In(clue.Text)}を送っています。",
        ClueKind.ManyProtocols => $"{Number(clue.Number)} 種類{More(clue)}のプロトコルを試しています。",
        ClueKind.Handshakes => $"TLS ハンドシェイクを {Times(clue.Number)}行っています。",
        ClueKind.ChangingOutcomes => $"TLS ハンドシェイクの結果が {Number(clue.Number)} 通り{More(clue)}に分かれています。",
        ClueKind.SameOutcome => $"TLS ハンドシェイクが {Times(clue.Number)}失敗しています{Such(clue.Text, "理由: ")}。",
        ClueKind.FailedLogins => $"ログインに {Times(clue.Number)}失敗しています{(string.IsNullOrEmpty(clue.Text) ? "" : $"（うち {SafeText.Short(clue.Text, 20)} 回は途中で終わっています）")}。",
        ClueKind.UnfinishedLogins => $"ログインを {Times(clue.Number)}始め、ログで見るかぎり、いずれも完了していません。",
        ClueKind.LocalRelay => $"{InSessions(clue)}プライベートネットワークから、ログインせずに他のドメイン宛ての送信を求めています。自分のソフトや機器か、実際の接続元を隠すゲートウェイと考えられます。",
        ClueKind.GuessingCampaign => $"これを含む {Clients(clue.Number)}が、同じ時期にログインに失敗しています。分担した総当たりと見られます。",
        ClueKind.UserNames => $"ユーザー名を {Number(clue.Number)} 件{More(clue)}試しています。",
        ClueKind.AccountShared => $"アカウント「{SafeText.Short(clue.Text ?? "", 60)}」を使っています。このアカウントは短時間に {Number(clue.Number)} のネットワークからログインしています。",
        ClueKind.LoginNotOffered => $"{InSessions(clue)}認証を提供していないポートで AUTH を試みています。",
        ClueKind.UnknownRecipients => $"存在しない宛先を {Number(clue.Number)} 件{More(clue)}指定しています。",
        ClueKind.RelayDenied => $"他のドメインへの不正中継を {Times(clue.Number)}試み、拒否されています。",
        ClueKind.Listed => $"DNSBL{In(clue.Text)}に登録されているため、{InSessions(clue)}拒否されています。",
        ClueKind.ForgedHelo => $"HELO で自分のものではない名前{Paren(clue.Text)}を{Within(clue)}名乗っています。",
        ClueKind.TalksEarly => $"{InSessions(clue)}サーバーの 220 応答を待たずに送信しています。",
        ClueKind.Pipelines => $"{InSessions(clue)}応答を待たずに続きのコマンドを送っています。",
        ClueKind.BareNewlines => $"{InSessions(clue)}CR を伴わない LF を改行として送っています。",
        ClueKind.ErrorLimit => $"エラーが多すぎるため、Postfix が {Sessions(clue.Number)}を打ち切っています。",
        ClueKind.Garbage => $"どのプロトコルとも判別できないコマンドを {Times(clue.Number)}送っています{Such(clue.Text, "例: ")}。",
        ClueKind.TextNotLogged => $"コマンド {Number(clue.Number)} 件の内容は、ログにも通知メールにも残っていません。",
        ClueKind.SteadyInterval => $"{Duration(TimeSpan.FromSeconds(clue.Number))}おきに、一定の間隔で接続しています。",
        ClueKind.CleanSessions => $"{Sessions(clue.Number)}は、メールを送らずに正常に終了しています。",
        ClueKind.EmptySessions => $"{Sessions(clue.Number)}は、コマンドを 1 つも送らずに終了しています。",
        ClueKind.MailAccepted => $"{Number(clue.Number)} 通のメールが受理されています。",
        ClueKind.LoggedIn => $"{InSessions(clue)}ログインに成功しています。",
        ClueKind.OutOfStep => $"{InSessions(clue)}拒否された後もメッセージを送り続けています。",
        ClueKind.ForeignAccepted => $"{InSessions(clue)}認証なしで他ドメイン宛ての宛先{Paren(clue.Text)}が受け付けられています。自分のドメインでなければ、このサーバーは不正中継（オープンリレー）の状態です。",
        ClueKind.SubmissionRelay => $"{InSessions(clue)}submission サービスで、ログインせずに他のドメイン宛ての送信を求めています。自分の利用者のソフトや機器と考えられます。",
        ClueKind.SubmissionRefused => $"{InSessions(clue)}submission サービスで、ログインせずに送ろうとしたメールが拒否されています。自分の利用者のソフトや機器と考えられます。",
        ClueKind.OneUserName => $"失敗したログインはすべて同じユーザー名{Paren(clue.Text)}によるもので、総当たりにしては回数が少なめです。",
        ClueKind.LocalHelo => $"HELO で自分のものではない名前{Paren(clue.Text)}を{Within(clue)}名乗っています。ホスト名を設定していないソフトによくあることです。",
        ClueKind.LogInjection => $"{InSessions(clue)}ログを調べるフィルターに別のアドレス{Paren(clue.Text)}を遮断させようとしています（ログインジェクション）。",
        ClueKind.BareNewlinesInMail => $"{InSessions(clue)}メール本文の改行に LF だけを使っています。それ以外は正常で、古いソフトや自作のソフトによくあることです。",
        ClueKind.AbruptSessions => $"{InSessions(clue)}QUIT を送らずに切断したか、応答しなくなっています。",
        ClueKind.BrokenTransfers => $"{InSessions(clue)}メールの送信中に接続が切れています。メールが通信経路で失われています。",
        ClueKind.LeftAfterHandshake => $"{InSessions(clue)}TLS ハンドシェイクの成功直後に切断しています。このサーバーの証明書を信頼していない可能性があります。",
        ClueKind.UnknownOnSubmission => $"{InSessions(clue)}submission サービスで、不明なコマンドを 1 つだけ送っています。多くは、平文で始まるポートに最初から TLS で接続するメールソフトです（Postfix 3.6 以前では内容が記録されません）。",
        ClueKind.UntoldRefusals => $"順序や書式の誤ったコマンド {Number(clue.Number)} 件が拒否されています。詳細はログに残っていません。",
        ClueKind.OwnTrouble => $"{InSessions(clue)}このサーバー側の原因で拒否または切断されています（{OwnTrouble(clue.Text)}）。",
        ClueKind.OwnHost => "接続元はこのサーバー自身のアドレスです。このマシン上、または同じアドレスを共有するプログラムが接続しています。",
        ClueKind.MailDeferred => $"メールが {Times(clue.Number)}一時拒否（4xx）されています{Such(clue.Text, "理由: ")}。",
        ClueKind.MailRefused => $"メールが {Times(clue.Number)}拒否されています{Such(clue.Text, "理由: ")}。",
        ClueKind.NoName => string.IsNullOrEmpty(clue.Text)
            ? "逆引きを確認できません。"
            : $"逆引き（PTR）{Quote(clue.Text)}が正引きと一致しません。",
        ClueKind.GenericName => $"PTR 名{In(clue.Text)}は、プロバイダーの一般利用者向け回線のものと見られます。",
        ClueKind.ProperName => $"PTR 名{In(clue.Text)}はメールサーバーらしい名前です。",
        ClueKind.FewSessions => $"全部で {Sessions(clue.Number)}しかなく、判断の根拠が限られています。",
        ClueKind.HighRate => $"最も多い 1 分間に {Sessions(clue.Number)}がありました。",
        ClueKind.LimitExceeded => $"anvil の制限{Paren(clue.Text)}を {Times(clue.Number)}超過しています。",
        _ => throw new ArgumentOutOfRangeException(nameof(clue), clue.Kind, "No sentence for this clue."),
    };

    private string OwnTrouble(string? id) => Name(TroubleNames.TryParse(id, out var trouble) ? trouble : TroubleKind.Other);

    // One session needs no count.
    private string InSessions(Clue clue) => clue.Number == 1 ? "" : $"{Sessions(clue.Number)}で、";

    private string Within(Clue clue) => clue.Number == 1 ? "" : $" {Sessions(clue.Number)}で";

    private static string More(Clue clue) => clue.IsMore ? "を超える数" : "";

    private static string Paren(string? text) => string.IsNullOrEmpty(text) ? "" : $"（{Quote(text)}）";

    private string Times(long number) => $"{Number(number)} 回";

    private static string In(string? text) => string.IsNullOrEmpty(text) ? "" : Quote(text);

    private static string Such(string? text, string lead) => string.IsNullOrEmpty(text) ? "" : $"（{lead}{Quote(text)}）";

    private string BurstLength(string? text)
    {
        if (Durations.Read(text) is { } length)
        {
            return $" {Duration(length)}間に ";
        }

        return string.IsNullOrEmpty(text) ? "" : $" {SafeText.Short(text, 20)} 間に ";
    }
}
