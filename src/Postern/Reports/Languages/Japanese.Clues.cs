using Postern.Facts;

namespace Postern.Reports.Languages;

internal sealed partial class Japanese
{
    /// <inheritdoc/>
    public string Say(Clue clue) => clue.Kind switch
    {
        ClueKind.LoneDots => $"{Sessions(clue.Number)}で、最初にドットだけの行を送っています。",
        ClueKind.BlankLines => $"{Sessions(clue.Number)}で、コマンドの代わりに空行を送っています。",
        ClueKind.BlankLinePairs => $"{Sessions(clue.Number)}で、ポートスキャナーが汎用的に使う 2 行の空行を送っています。",
        ClueKind.RepliesIgnored => $"{Sessions(clue.Number)}で、エラーの応答を無視して送信を続けています。",
        ClueKind.ErrorTextsDrawn => $"{Sessions(clue.Number)}で、種類の異なる誤った入力だけを送り、さまざまなエラー文を引き出しています。",
        ClueKind.IdenticalSessions => $"{Sessions(clue.Number)}の内容がすべて同じです。",
        ClueKind.Burst => $"最大の集中では、{BurstLength(clue.Text)}{Sessions(clue.Number)}がありました。",
        ClueKind.Campaign => $"{Clients(clue.Number)}が、ほぼ同じ時期に同じことをしています。",
        ClueKind.HttpRequests => $"HTTP リクエストを {Times(clue.Number)}送っています{Such(clue.Text, "最初は")}。",
        ClueKind.TlsHellos => $"平文のポートに TLS ハンドシェイクを {Times(clue.Number)}送っています。",
        ClueKind.ForeignProtocol => $"別のプロトコル{In(clue.Text)}の通信を {Times(clue.Number)}試みています。",
        ClueKind.ServiceProbes => $"スキャナーのよく知られたプローブ{In(clue.Text)}を {Times(clue.Number)}送っています。",
        ClueKind.ManyProtocols => $"{Number(clue.Number)} 種類のプロトコルを試しています。",
        ClueKind.Handshakes => $"TLS ハンドシェイクを {Times(clue.Number)}行っています。",
        ClueKind.ChangingOutcomes => $"TLS ハンドシェイクの結果が {Number(clue.Number)} 通りに分かれています。",
        ClueKind.SameOutcome => $"TLS ハンドシェイクが {Times(clue.Number)}、同じ理由{In(clue.Text)}で失敗しています。",
        ClueKind.FailedLogins => $"ログインに {Times(clue.Number)}失敗しています。",
        ClueKind.UserNames => $"{Number(clue.Number)} 個のユーザー名を試しています。",
        ClueKind.AccountShared => $"アカウント「{SafeText.Short(clue.Text ?? "", 60)}」を使っています。このアカウントは短時間に {Number(clue.Number)} のネットワークからログインしています。",
        ClueKind.LoginNotOffered => $"認証を提供していない所で、ログインを {Times(clue.Number)}試みています。",
        ClueKind.UnknownRecipients => $"存在しない宛先を {Number(clue.Number)} 件指定しています。",
        ClueKind.RelayDenied => $"他のドメインへの中継を {Times(clue.Number)}求め、拒否されています。",
        ClueKind.Listed => $"DNSBL{In(clue.Text)}に登録されているため、{Times(clue.Number)}拒否されています。",
        ClueKind.ForgedHelo => $"自分のものではあり得ない HELO 名を {Number(clue.Number)} 個名乗っています{Such(clue.Text, "例: ")}。",
        ClueKind.TalksEarly => $"{Sessions(clue.Number)}で、サーバーの挨拶を待たずに送信しています。",
        ClueKind.Pipelines => $"{Sessions(clue.Number)}で、応答を待たずにコマンドを先送りしています。",
        ClueKind.BareNewlines => $"{Sessions(clue.Number)}で、CR を伴わない LF を改行として送っています。",
        ClueKind.ErrorLimit => $"エラーが多すぎるため、Postfix が {Sessions(clue.Number)}を打ち切っています。",
        ClueKind.Garbage => $"どのプロトコルとも判別できないコマンドを {Times(clue.Number)}送っています{Such(clue.Text, "例: ")}。",
        ClueKind.TextNotLogged => $"コマンド {Number(clue.Number)} 件の内容は、ログにも通知メールにも残っていません。",
        ClueKind.SteadyInterval => $"{Duration(TimeSpan.FromSeconds(clue.Number))}おきに、一定の間隔で接続しています。",
        ClueKind.CleanSessions => $"{Sessions(clue.Number)}は、メールを送らずに正常に終了しています。",
        ClueKind.EmptySessions => $"{Sessions(clue.Number)}は、コマンドを 1 つも送らずに終了しています。",
        ClueKind.MailAccepted => $"{Number(clue.Number)} 通のメールが受理されています。",
        ClueKind.LoggedIn => $"{Sessions(clue.Number)}で、ログインに成功しています。",
        ClueKind.OutOfStep => $"{Sessions(clue.Number)}で、拒否された後もメッセージを送り続けています。",
        ClueKind.MailRefused => $"メールが {Times(clue.Number)}拒否されています{Such(clue.Text, "主な理由: ")}。",
        ClueKind.NoName => string.IsNullOrEmpty(clue.Text)
            ? "正引きで元のアドレスに戻る PTR 名がありません。"
            : $"PTR 名{Quote(clue.Text)}は、正引きしても元のアドレスに戻りません。",
        ClueKind.GenericName => $"PTR 名{In(clue.Text)}は、プロバイダーの一般利用者向け回線のものと見られます。",
        ClueKind.ProperName => $"固有の PTR 名{In(clue.Text)}を持っています。",
        ClueKind.FewSessions => $"全部で {Sessions(clue.Number)}しかなく、判断の材料が限られています。",
        ClueKind.HighRate => $"最も多い 1 分間に {Sessions(clue.Number)}がありました。",
        ClueKind.LimitExceeded => $"Postfix の制限を {Times(clue.Number)}超えています。",
        _ => throw new ArgumentOutOfRangeException(nameof(clue), clue.Kind, "No sentence for this clue."),
    };

    private string Times(long number) => $"{Number(number)} 回";

    private static string In(string? text) => string.IsNullOrEmpty(text) ? "" : Quote(text);

    private static string Such(string? text, string lead) => string.IsNullOrEmpty(text) ? "" : $"（{lead}{Quote(text)}）";

    private string BurstLength(string? text)
    {
        if (Durations.Read(text) is { } length)
        {
            return $"{Duration(length)}の間に ";
        }

        return string.IsNullOrEmpty(text) ? "" : $"{SafeText.Short(text, 20)} の間に ";
    }
}
