using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class Japanese
{
    /// <summary>How many clues an explanation tells: enough to be believed, few enough to be read.</summary>
    private const int CluesTold = 4;

    /// <inheritdoc/>
    public string Name(Cause cause) => cause switch
    {
        Cause.Unclear => "原因不明",
        Cause.ScriptedBot => "応答を無視して決まったコマンドを送るボット（マルウェア感染端末など）",
        Cause.Fingerprinting => "エラー文からサーバーの種類を調べるための探査",
        Cause.PortScanner => "ポートスキャナーまたは脆弱性スキャナー",
        Cause.TlsScanner => "TLS のバージョンと暗号スイートを調べるスキャン",
        Cause.PasswordGuesser => "パスワード総当たり攻撃（辞書攻撃を含む）",
        Cause.AddressHarvester => "宛先の総当たり（ディレクトリーハーベスト攻撃）",
        Cause.RelayScanner => "不正中継（オープンリレー）できるサーバーの探索",
        Cause.SpamBot => "迷惑メールの送信元",
        Cause.Smuggler => "SMTP スマグリングの試み",
        Cause.Monitor => "サーバーの稼働を確認する監視システム",
        Cause.FaultySender => "設定などに不備のある正規のメールサーバー",
        Cause.MisconfiguredClient => "設定を誤ったメールソフト",
        Cause.GenuineSender => "正規の送信元",
        Cause.OwnFault => "このサーバー側の障害",
        Cause.AccountThief => "盗んだアカウントの悪用",
        Cause.DenialOfService => "大量接続によるサービス妨害（DoS）",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "No name for this cause."),
    };

    /// <inheritdoc/>
    public string WhyAgain(Cause cause) => cause switch
    {
        Cause.Unclear => "1 回の接続では目的を達していないため、繰り返していると考えられます。",
        Cause.ScriptedBot => "応答を無視するボットは失敗に気付かないため、エラーが返っても止まらず、決まったコマンドを最後まで送ります。",
        Cause.Fingerprinting => "エラーからサーバーの種類を調べるには多くの誤った入力が必要で、通常は 1 つ試すたびに接続し直します。",
        Cause.PortScanner => "スキャナーは多くのサービス用のプローブを順番に試し、そのたびに接続し直します。",
        Cause.TlsScanner => "TLS のバージョンと暗号スイートごとにハンドシェイクが必要で、そのたびに接続し直します。",
        Cause.PasswordGuesser => "総当たりには多くの試行が必要ですが、1 回の接続では数回しか試せません。",
        Cause.AddressHarvester => "宛先の一覧を順に試しますが、エラーが多いと Postfix がセッションを打ち切るため、何度も接続し直します。",
        Cause.RelayScanner => "どれかが通ることを期待して、アドレスの書き方を変えながら順に試します。",
        Cause.SpamBot => "宛先の一覧を順に処理しており、拒否されても損をしません。",
        Cause.Smuggler => "どれかが通ることを期待して、改行の形を変えながら順に試します。",
        Cause.Monitor => "監視システムは、動いている間、決まった間隔で接続します。",
        Cause.FaultySender => "正規の送信元はメッセージをキューに残し、通常は数日間再送を続けます。",
        Cause.MisconfiguredClient => "メールソフトは、設定が直されるまで自動的に試行を繰り返します。",
        Cause.GenuineSender => "正規の送信元は送るメールがあるたびに接続し、一時的に拒否されると再送します。",
        Cause.OwnFault => "正規の送信元は、このサーバーの障害が直るまで再送を続けます。",
        Cause.AccountThief => "アドレスごとの制限を避けるため、盗んだアカウントは多数のアドレスから使われます。",
        Cause.DenialOfService => "接続の数そのものが目的です。",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "No reason for this cause."),
    };

    /// <inheritdoc/>
    public string Say(CauseFinding cause)
    {
        if (cause.Cause == Cause.Unclear)
        {
            return "このログだけでは原因を特定できません。";
        }

        var sure = PerCent(cause.Confidence);
        return Certainties.Of(cause.Confidence) switch
        {
            Certainty.AlmostCertain => $"ほぼ確実に、{Name(cause.Cause)}です（確度 {sure}）。",
            Certainty.Probably => $"おそらく、{Name(cause.Cause)}です（確度 {sure}）。",
            Certainty.Perhaps => $"{Name(cause.Cause)}の可能性があります（確度 {sure}）。",
            _ => $"原因を特定できません。最も近いのは、{Name(cause.Cause)}です（確度 {sure}）。",
        };
    }

    /// <inheritdoc/>
    public string Explain(ClientFinding client)
    {
        var sentences = new List<string> { Say(client.Cause) };
        sentences.AddRange(client.Cause.Clues.Take(CluesTold).Select(Say));
        if (client.IsOwnHost && !client.Cause.Clues.Take(CluesTold).Any(static clue => clue.Kind == ClueKind.OwnHost))
        {
            sentences.Insert(1, Say(new Clue(ClueKind.OwnHost, 1)));
        }

        if (client.Limits is { } limits && !client.Cause.Clues.Take(CluesTold).Contains(limits))
        {
            sentences.Add(Say(limits));
        }

        if (client.Others.FirstOrDefault(other => other.Cause != Cause.Unclear) is { } next)
        {
            sentences.Add($"{Name(next.Cause)}の可能性もあります（確度 {PerCent(next.Confidence)}）。");
        }

        return Join(sentences);
    }

    /// <inheritdoc/>
    public string Advise(ClientFinding client) => Join([What(client), Hint(client)]);

    // By the verdict and the cause together: neither may say what the other denies.
    private static string What(ClientFinding client) => client.Verdict switch
    {
        Verdict.Ban when !client.Address.IsKnown =>
            "通知メールの件名またはメールログでアドレスを確認し、一定時間遮断してください。",
        Verdict.Watch when client.ReachesLimit =>
            "標準の設定の上限に達していますが、プライベートネットワークのアドレスです。自分の機器か、実際の接続元を隠すゲートウェイ（Docker やプロキシー）で、遮断すると全員が接続できなくなるおそれがあります。そこから何が接続しているか確認してください。",
        Verdict.Ban when client.IsSlow => "一定時間遮断してください。10 分間に 10 回の失敗には達しませんが、長期の集計（7 日間に 50 回）で遮断の対象になります。",
        Verdict.Ban when IsDoubtful(client.Cause) => "標準の設定の上限（10 分間に 10 回の失敗）に達しています。内容は上記のとおりです。",
        Verdict.Ban => "一定時間遮断してください。",
        _ when client.IsOwnHost => "このサーバー自身なので、遮断してはいけません。このマシン上のどのプログラムが接続しているか確認してください。",
        Verdict.Watch when !client.Address.IsKnown =>
            "アドレスが分からないため、まだ遮断はできません。同じ時刻のメールログも読み込ませると、接続元と接続の回数が分かります。",
        Verdict.Watch or Verdict.Ignore when client.Cause.Cause == Cause.OwnFault && !IsDoubtful(client.Cause, Cause.OwnFault) => "接続元に問題はないので、遮断しないでください。",
        Verdict.Watch when client.MayForward => "このログだけでは遮断できません。利用者のメールを転送するサーバーも、同じように迷惑メールの受信を拒否されます。postern check アドレス --helo 名前 で確かめられます。デーモンも遮断の前に同じ検査をします。",
        Verdict.Watch => "様子を見てください。遮断するには根拠が足りません。",
        Verdict.Ignore => "無害なので、無視して構いません。",
        Verdict.Protect => "これだけを根拠に遮断してはいけません。",
        _ => throw new ArgumentOutOfRangeException(nameof(client), client.Verdict, "No advice for this verdict."),
    };

    private static bool IsDoubtful(CauseFinding cause, Cause except = Cause.Unclear) =>
        Certainties.Of(cause.Confidence) == Certainty.CannotTell
        || (cause.Cause != except && cause.Cause is Cause.GenuineSender or Cause.OwnFault or Cause.Monitor) || cause.Cause == Cause.Unclear;

    private static string Hint(ClientFinding client)
    {
        var clues = client.Cause.Clues;
        return client.IsOwnHost ? ""
            : clues.Any(clue => clue.Kind == ClueKind.BrokenTransfers)
                ? "途中のファイアウォール、SMTP を検査するプロキシー、MTU の不一致を調べ（1400 バイトのパケットで確認できます）、message_size_limit とメールの大きさも比べてください。"
            : clues.Any(clue => clue.Kind == ClueKind.ForeignAccepted) ? "自分のドメインでなければ、冒頭に示した方法でただちに中継を塞いでください。"
            : client is { Cause.Cause: Cause.SpamBot, Accepted: > 0 } ? ""
            : clues.Any(clue => clue.Kind == ClueKind.LogInjection)
                ? "ログのフィルターが、Postfix の書いた位置からだけアドレスを取り出しているか確認してください。fail2ban のフィルターは「postern filter lint」で検査できます。"
            : Certainties.Of(client.Cause.Confidence) == Certainty.CannotTell ? Hint(client.Cause with { Cause = Cause.Unclear }, client.Verdict)
            : Hint(client.Cause, client.Verdict);
    }

    private static string Hint(CauseFinding cause, Verdict verdict) => cause.Cause switch
    {
        Cause.Unclear => cause.Clues.Any(clue => clue.Kind == ClueKind.TextNotLogged)
            ? "送信内容を知るには、notify_classes に protocol を加えて Postfix から通知メールを受け取り、それも読み込ませてください。"
            : "",
        Cause.ScriptedBot => "サーバーの応答は正しく、相手に渡る情報も実害もありません。設定を変える必要はありません。",
        Cause.Fingerprinting => "設定を変える必要はありません。製品名やバージョンは隠しきれないため、Postfix を最新の状態に保ってください。",
        Cause.PortScanner => "不要なポートが開いていないか確認してください。",
        Cause.TlsScanner => "自社（自分）の検査であれば問題ありません。そうでなければ、smtpd_tls_protocols が古いバージョンを許可していないか確認してください。",
        Cause.PasswordGuesser => "ログインに成功したものがないか確認し、認証は submission 用のポートだけで提供してください。",
        Cause.AddressHarvester => "disable_vrfy_command = yes を設定し、smtpd_hard_error_limit を小さく保ってください。",
        Cause.RelayScanner => "サーバーは正しく拒否しています。smtpd_relay_restrictions の reject_unauth_destination を外さないでください。",
        Cause.SpamBot => verdict == Verdict.Ban ? "メールはすでに拒否できています。遮断すると、その手間も省けます。" : "メールはすでに拒否できています。",
        Cause.Smuggler => "smtpd_forbid_bare_newline が normalize（古い版では yes）になっているか確認してください。",
        Cause.Monitor => "自社（自分）の監視であれば、許可リストに加えてください。",
        Cause.FaultySender => cause.Clues.Any(clue => clue.Kind == ClueKind.LocalHelo) ? "自分のソフトであれば、ホスト名（HELO）を設定してください。"
            : cause.Clues.Any(clue => clue.Kind == ClueKind.BareNewlinesInMail) ? "自分のソフトであれば、改行を CR LF にしてください。smtpd_forbid_bare_newline = normalize にすると、このようなメールも受け取れます。"
            : "そのサーバーの管理者に、ログの内容を知らせてください。",
        Cause.MisconfiguredClient => cause.Clues.Any(clue => clue.Kind is ClueKind.SubmissionRelay or ClueKind.LocalRelay)
            ? "そのソフトまたは機器にログインを設定してください。できない場合は、そのアドレスを mynetworks に加えてください。"
            : "利用者に設定の確認を依頼してください。ポート 465 なら TLS、587 なら STARTTLS を使い、現在のパスワードを設定します。",
        Cause.GenuineSender => "",
        Cause.OwnFault => "レポートに示したこのサーバーの障害を直してください。",
        Cause.AccountThief => "そのアカウントのパスワードを変更し、セッションを終了させ、その名義で送られたメールを確認してください。",
        Cause.DenialOfService => "smtpd_client_connection_rate_limit と smtpd_client_connection_count_limit で制限し、前段に postscreen を置いてください。",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause.Cause, "No hint for this cause."),
    };
}
