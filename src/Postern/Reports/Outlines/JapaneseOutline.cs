using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;

namespace Postern.Reports.Outlines;

/// <summary>The first screen in Japanese.</summary>
internal sealed partial class JapaneseOutline(Japanese language) : IOutlineLanguage
{
    /// <inheritdoc/>
    public OutlineWords Words { get; } = new("結論", "対処", "このサーバーに問題があります", "経過", "遮断", "最多", "遮断しない", "様子見", "無害", "回数", "内容", "逆引き（PTR）", "理由", "次の手順");

    /// <inheritdoc/>
    public string FormatTitle(Outline outline)
    {
        var explanation = outline.Explanation;
        if (!explanation.From.IsKnown)
        {
            return outline.IsTranscript ? "Postern レポート ― SMTP セッション記録 1 件（時刻・接続元 IP の記載なし）" : "Postern レポート ― 入力に時刻がありません";
        }

        var days = Moments.Between(explanation.From, explanation.To).TotalDays;
        return $"Postern レポート ― {language.Range(explanation.From, explanation.To)} ({Moments.Offset(explanation.From)}){(days >= 2 ? $"、{Math.Ceiling(days):0} 日間" : "")}";
    }

    /// <inheritdoc/>
    public string FormatInput(Outline outline)
    {
        var explanation = outline.Explanation;
        List<string> parts = [];
        if (explanation.LinesRead > 0)
        {
            var of = explanation.LinesPostfix < explanation.LinesRead ? $"うち Postfix {Number(explanation.LinesPostfix)} 行、" : "";
            parts.Add($"ログ {Number(explanation.LinesRead)} 行（{of}{(explanation.LinesUnparsed == 0 ? "すべて解釈" : $"解釈できない行 {Number(explanation.LinesUnparsed)}")}）");
        }

        if (explanation.Notices > 0)
        {
            parts.Add($"通知メール {Number(explanation.Notices)} 通");
        }

        return $"{string.Join('、', parts)}: {Number(explanation.Sessions)} セッション、{Number(outline.Overview.Clients + explanation.OrdinaryClients)} IP";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Conclude(Outline outline)
    {
        var overview = outline.Overview;
        if (outline.Explanation.Sessions == 0)
        {
            return ["この入力に SMTP セッションは見つかりませんでした。", .. outline.Explanation.Warnings.Take(2).Select(language.Warning)];
        }

        List<string> sentences = [.. outline.Explanation.Takeovers.Take(2).Select(takeover => "アカウントが乗っ取られています。" + language.Say(takeover))];
        if (overview.Clients == 0)
        {
            return [.. sentences, "不審な点はありません。すべての接続元は、メールを送ってきただけです。"];
        }

        if (outline.IsTranscript)
        {
            return [.. sentences, .. ConcludeTranscript(outline)];
        }

        var bans = overview.Count(Verdict.Ban);
        if (outline.Botnet is { } botnet && botnet.Clients.Count > bans)
        {
            var kind = (botnet.Clients.Count >= 1000 ? "大規模" : "") + (botnet.Clients.Count >= 1000 && botnet.Pause > TimeSpan.FromHours(1) ? "で" : "") + (botnet.Pause > TimeSpan.FromHours(1) ? "低頻度" : "");
            sentences.Add($"{(kind.Length == 0 ? "" : kind + "の")}ボットネットです。{Number(botnet.Clients.Count)} IP から {Number(botnet.Sessions)} セッション（全体の {language.PerCent((double)botnet.Sessions / outline.Explanation.Sessions)}）があり、すべて同じ HELO 名「{SafeText.Short(botnet.Helo, 40)}」を名乗っています。{Deeds(overview)}");
        }

        sentences.Add(bans > 0 ? $"{Number(bans)} 個の IP は遮断が妥当です（{Number(outline.Explanation.Sessions)} セッション中 {Number(outline.BanSessions)}）。"
            : overview.HasForwarders ? "このログだけで遮断すべき接続元はありません。" : "遮断の条件（10 分間に 10 回の失敗）に達した接続元はありません。");
        if (outline.Botnet is { } together && together.Clients.Count <= bans)
        {
            sentences.Add($"{Number(together.Clients.Count)} 個の IP が同じ HELO 名「{SafeText.Short(together.Helo, 40)}」を名乗っており、1 つのボットネットと考えられます。");
        }

        sentences.AddRange(outline.Guessing.Select(campaign => $"{Number(campaign.Clients.Count)} IP が分担してパスワードを試しています{Networks(campaign)}。"));
        if (bans > 0 || overview.Count(Verdict.Watch) > 0)
        {
            sentences.Add(Gains(outline));
        }

        sentences.Add(outline.Explanation.Load.IsDenialOfService ? "DoS 攻撃の可能性があります。" : overview.HasTimes ? "DoS 攻撃ではありません。" : "");
        var good = overview.Count(Verdict.Protect);
        sentences.Add(good == 0 ? "" : $"{Number(good)} 個の IP は正規のメールを送っているので、遮断しないでください。");
        return sentences;
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutlineAction> Act(Outline outline, string program)
    {
        var overview = outline.Overview;
        List<OutlineAction> actions = [.. outline.Explanation.Takeovers.Take(1).Select(takeover => new OutlineAction(language.Advise(takeover)))];
        if (outline.Explanation.Troubles.Count > 0)
        {
            actions.Add(new("まず上の問題を直してください。その影響だけを受けた接続元に落ち度はありません。"));
        }

        if (outline.IsTranscript)
        {
            actions.Add(new(overview.Find(Behaviour.ServerTrouble) is not null ? "この接続元は遮断しないでください。"
                : "Postfix の設定変更は不要です。接続元 IP を調べ（「次の手順」）、10 分間に 10 回以上来るようなら、1 時間ほど遮断してください。"));
            return actions;
        }

        var bans = overview.Count(Verdict.Ban);
        if (outline.Botnet is { } botnet && botnet.Clients.Count > bans)
        {
            actions.AddRange(ActAgainst(botnet, outline, program));
        }
        else if (outline.Guessing.Count > 0)
        {
            actions.Add(new(language.Advise(outline.Guessing[0])));
        }

        if (bans > 0)
        {
            actions.Add(new("遮断の対象を確認（実際には遮断しません）", $"{program} run --dry-run"));
            actions.Add(new("遮断（初回 1 時間、繰り返すほど長く）", $"{program} run"));
        }
        else if (actions.Count == 0)
        {
            actions.Add(new(outline.Explanation.Sessions == 0 ? "smtpd か postscreen のログ、または通知メールを指定してください。" : overview.Clients == 0 ? "必要ありません。" : "このログだけでは、どの IP も遮断しないでください。"));
        }

        return actions;
    }

    /// <inheritdoc/>
    public string FormatHeading(string heading, int clients) => $"{heading}（{Number(clients)}）";

    /// <inheritdoc/>
    public string FormatBehaviours(Outline outline) => "内容  " + string.Join('、', outline.Overview.Behaviours.Take(4)
        .Select(total => $"{language.Name(total.Behaviour)}: {Number(total.Sessions)} セッション（{Number(total.Clients)} IP）"));

    /// <inheritdoc/>
    public string FormatOrdinary(Outline outline) => $"通常のメール: {Number(outline.Explanation.OrdinaryClients)} IP、{Number(outline.Explanation.OrdinarySessions)} セッション。";

    /// <inheritdoc/>
    public string FormatRest(int clients) => $"ほか {Number(clients)} 件（--all）";

    /// <inheritdoc/>
    public string FormatCauses(IReadOnlyList<CauseGroup> causes)
    {
        List<string> parts = [];
        foreach (var group in causes)
        {
            var names = group.Cause is Cause.Monitor or Cause.FaultySender && group.Names.Count > 0 ? $"（{string.Join('、', group.Names.Select(static name => SafeText.Short(name, 44)))}）" : "";
            parts.Add($"{Noun(group.Cause)} {Number(group.Clients)}{names}");
        }

        return string.Join('、', parts);
    }

    private string Networks(Campaign campaign) => campaign.Networks.Count == 0 ? ""
        : $"（{string.Join('、', campaign.Networks.Take(3).Select(network => $"{network.Network} に {Number(network.Clients)} IP"))}）";

    private IEnumerable<OutlineAction> ActAgainst(Campaign botnet, Outline outline, string program)
    {
        List<string> steps = [];
        steps.Add(outline.Listed > 0 ? $"接続時に拒否する: postscreen で {SafeText.Short(outline.List ?? "zen.spamhaus.org", 40)} を参照（拒否済みの {Number(outline.Listed)} セッションは、RCPT まで進んでから拒否されています）"
            : "接続時に拒否する: postscreen で zen.spamhaus.org を参照");
        steps.Add($"HELO 名「{SafeText.Short(botnet.Helo, 40)}」を拒否する（check_helo_access）");
        if (outline.FailedLogins > 0)
        {
            steps.Add("認証（SMTP AUTH）は 465 と 587 番だけで提供し、25 番では提供しない");
        }

        if (botnet.Pause is { } pause && pause > TimeSpan.FromMinutes(10) && botnet.MedianSessions >= 3)
        {
            yield return new($"標準の条件（10 分間に 10 回）ではほとんど遮断されません。各 IP は約 {language.Duration(pause)}に 1 回しか来ないためです。次の対策が有効です。");
            var limit = Math.Clamp(botnet.MedianSessions / 2, 3, 10);
            steps.Add($"低頻度用の条件で遮断: [jail] findtime = \"7d\"、maxretry = {limit}、bantime = \"7d\"。先に確認: {program} replay --config ファイル ログ");
        }
        else
        {
            yield return new("遮断より前に拒否する対策が有効です。");
        }

        for (var i = 0; i < steps.Count; i++)
        {
            yield return new($"{i + 1}. {steps[i]}");
        }
    }

    private string Gains(Outline outline)
    {
        List<string> gains = [];
        if (outline.LoggedIn > 0)
        {
            gains.Add($"パスワード総当たりの接続元のうち {Number(outline.LoggedIn)} 件がログインに成功しています。ただちにパスワードを変更してください。");
        }

        if (outline.Relayed > 0)
        {
            gains.Add($"{Number(outline.Relayed)} セッションで、認証なしで他ドメイン宛ての宛先が受け付けられています。不正中継の状態でないか確認してください。");
        }

        if (outline.BanAccepted.Clients > 0)
        {
            gains.Add($"このうち {Number(outline.BanAccepted.Clients)} 件からメール {Number(outline.BanAccepted.Messages)} 通を受信しています。");
        }

        return gains.Count > 0 ? string.Concat(gains) : "中継もログインもメールの受信もなく、実害は見当たりません。";
    }

    private static string Deeds(Overview overview)
    {
        List<string> deeds = [];
        foreach (var total in overview.Behaviours)
        {
            var deed = total.Behaviour switch
            {
                Behaviour.LoneDot => "「.」だけの行の送信",
                Behaviour.BlankLine => "空行の送信",
                Behaviour.AuthBruteForce or Behaviour.AuthFailure => "ログイン試行",
                Behaviour.DnsblListed => "迷惑メールの送信",
                Behaviour.UserEnumeration => "宛先の総当たり",
                Behaviour.RelayProbe => "不正中継の試み",
                Behaviour.GarbageCommand => "不明なコマンドの送信",
                Behaviour.HttpRequest => "HTTP リクエストの送信",
                _ => null,
            };
            if (deed is not null && !deeds.Contains(deed) && deeds.Count < 3)
            {
                deeds.Add(deed);
            }
        }

        return deeds.Count == 0 ? "" : $"{string.Join("と", deeds)}を繰り返しています。";
    }

    private static string Noun(Cause cause) => cause switch
    {
        Cause.Unclear => "原因不明",
        Cause.ScriptedBot => "ボット",
        Cause.Fingerprinting => "サーバーの種類の調査",
        Cause.PortScanner => "ポートスキャン",
        Cause.TlsScanner => "TLS スキャン",
        Cause.PasswordGuesser => "パスワード総当たり",
        Cause.AddressHarvester => "宛先の総当たり",
        Cause.RelayScanner => "不正中継の試み",
        Cause.SpamBot => "迷惑メール",
        Cause.Smuggler => "SMTP スマグリングの試み",
        Cause.Monitor => "監視",
        Cause.FaultySender => "不備のあるメールサーバー",
        Cause.MisconfiguredClient => "設定を誤ったメールソフト",
        Cause.GenuineSender => "正規の送信元",
        Cause.OwnFault => "このサーバーの障害の影響",
        Cause.AccountThief => "乗っ取られたアカウントの利用",
        Cause.DenialOfService => "大量接続",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "No noun for this cause."),
    };

    private string Number(long number) => language.Number(number);
}
