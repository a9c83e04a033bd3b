using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Outlines;

/// <content>The rows of the tables.</content>
internal sealed partial class JapaneseOutline
{
    private const int CluesTold = 3;

    /// <inheritdoc/>
    public string FormatName(ClientFinding client, int cells)
    {
        if (string.IsNullOrEmpty(client.HostName) || !client.NameIsConfirmed)
        {
            return "確認できず";
        }

        return Outline.IsGeneric(client) ? $"{Deed.NameStart(client.HostName)}: 一般回線" : SafeText.Short(client.HostName, cells);
    }

    /// <inheritdoc/>
    public string FormatMerit(ClientFinding client)
    {
        List<string> merits = [];
        if (Deed.Number(client, ClueKind.LoggedIn) > 0)
        {
            merits.Add("ログインした利用者");
        }

        if (client.Accepted > 0)
        {
            merits.Add($"{Number(client.Accepted)} 通を受信");
        }

        merits.AddRange(Faults(client));
        return merits.Count == 0 ? language.Name(Deed.Main(client)) : string.Join('、', merits.Take(2));
    }

    /// <inheritdoc/>
    public string FormatReason(ClientFinding client) => language.Join(
    [
        client.Cause.Cause == Cause.Unclear ? "原因は特定できません。" : $"{Sure(client.Cause)}{Noun(client.Cause.Cause)}です。",
        .. client.Cause.Clues.Take(CluesTold).Select(language.Say),
        language.Advise(client),
    ]);

    private IEnumerable<string> Faults(ClientFinding client)
    {
        if (Deed.Number(client, ClueKind.FailedLogins) is > 0 and var failed)
        {
            yield return $"ログイン失敗 {Number(failed)} 回";
        }

        if (Deed.Number(client, ClueKind.UnknownRecipients) is > 0 and var unknown)
        {
            yield return $"存在しない宛先 {Number(unknown)} 件";
        }

        if (Deed.Number(client, ClueKind.MailDeferred) is > 0 and var deferred)
        {
            yield return $"一時拒否（4xx）{Number(deferred)} 回";
        }

        if (Deed.Number(client, ClueKind.MailRefused) is > 0 and var refused)
        {
            yield return $"拒否 {Number(refused)} 回";
        }
    }

    /// <inheritdoc/>
    public string FormatDeed(ClientFinding client, int cells)
    {
        var text = Deed.Number(client, ClueKind.LogInjection) > 0 ? "ログインジェクション" : Deed.Main(client) switch
        {
            Behaviour.LoneDot => "「.」だけの行",
            Behaviour.BlankLine => "空行",
            Behaviour.GarbageCommand => "不明なコマンド",
            Behaviour.HttpRequest => "HTTP リクエスト",
            Behaviour.TlsOnPlaintext => "平文ポートへの TLS",
            Behaviour.OtherProtocol => $"{SafeText.Short(Deed.Text(client, ClueKind.ForeignProtocol) ?? "他のプロトコル", 18)}（SMTP 以外）",
            Behaviour.TlsScan => $"TLS スキャン（{Number(Deed.Number(client, ClueKind.Handshakes))} 回）",
            Behaviour.TlsHandshakeFailure => "TLS ハンドシェイク失敗",
            Behaviour.AuthBruteForce or Behaviour.AuthFailure => Logins(client),
            Behaviour.AuthNotOffered => "認証のないポートでの AUTH",
            Behaviour.EarlyTalker => "220 応答を待たない送信",
            Behaviour.PipeliningAbuse => "不正なパイプライン処理",
            Behaviour.UserEnumeration => Deed.Number(client, ClueKind.UnknownRecipients) is > 0 and var unknown ? $"存在しない宛先 {Number(unknown)} 件" : "宛先の総当たり",
            Behaviour.RelayProbe => Deed.Number(client, ClueKind.RelayDenied) is > 0 and var relays ? $"不正中継の試み {Number(relays)} 回" : "不正中継の試み",
            Behaviour.HeloForgery => $"HELO の詐称 {SafeText.Short(Deed.Text(client, ClueKind.ForgedHelo) ?? "", 18)}",
            Behaviour.DnsblListed => $"{SafeText.Short(Deed.Text(client, ClueKind.Listed) is { Length: > 0 } list ? list : "DNSBL", 22)} に登録",
            Behaviour.SmugglingAttempt => "LF だけの改行（bare LF）",
            Behaviour.TooManyErrors => "エラー回数の上限超過",
            Behaviour.RejectedMail => "受信拒否",
            Behaviour.Hangup => "QUIT なしの切断",
            Behaviour.ProbeAndQuit => "EHLO だけで終了",
            Behaviour.OutOfStep => "拒否後の送信続行",
            Behaviour.ServerTrouble => "このサーバーの障害の影響",
            Behaviour.AccountTakeover => "乗っ取られたアカウント",
            Behaviour.Delivered => "メールを送信",
            _ => throw new ArgumentOutOfRangeException(nameof(client), Deed.Main(client), "No words for this behaviour."),
        };
        text += Deed.Tool(client);
        var burst = Deed.Burst(client) is { } time ? time < TimeSpan.FromSeconds(1) ? "、1 秒以内" : $"、{language.Duration(time)}間に集中" : "";
        return Cells.Of(text) + Cells.Of(burst) <= cells ? text + burst : text;
    }

    private string Logins(ClientFinding client)
    {
        var failed = Deed.Number(client, ClueKind.FailedLogins);
        var names = Deed.Number(client, ClueKind.UserNames);
        return failed == 0 ? "ログイン失敗" : $"ログイン失敗 {Number(failed)} 回{(names > 1 ? $"、{Number(names)} ユーザー" : "")}";
    }
}
