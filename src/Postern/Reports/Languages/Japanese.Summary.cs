using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class Japanese
{
    private const int BehavioursTold = 6;

    /// <inheritdoc/>
    public IReadOnlyList<Answer> Summarise(Overview overview)
    {
        if (overview.Clients == 0)
        {
            return [new("何が来ているのか", overview.Explanation.Sessions == 0
                ? "この入力には SMTP セッションが見つかりませんでした。"
                : "不審なものはありません。すべての接続元が、メールの配送だけを行っています。", [])];
        }

        var answers = new List<Answer> { What(overview), Causes(overview), Again(overview) };
        if (Takeovers(overview) is { } takeovers)
        {
            answers.Insert(0, takeovers);
        }

        if (Feature(overview) is { } feature)
        {
            answers.Add(feature);
        }

        answers.Add(new("サービス妨害（DoS）攻撃なのか", Say(overview.Explanation.Load, overview.HasTimes), []));
        answers.Add(ToDo(overview));
        return answers;
    }

    /// <inheritdoc/>
    public string Say(Load load, bool hasTimes)
    {
        var limits = load.LimitsExceeded == 0 ? "" : $"接続元が制限を超えたという Postfix の記録が {Times(load.LimitsExceeded)}あります。";
        if (load.IsDenialOfService)
        {
            return Join([$"その可能性があります。最も多い 1 分間（{Moments.Stamp(load.PeakAt)}）に {Sessions(load.PeakSessionsPerMinute)}があり、正規の送信元が待たされるおそれのある量です。", limits]);
        }

        if (!hasTimes || !load.PeakAt.IsKnown)
        {
            return Join(["入力に時刻がないため、量を測ることはできません。ただし、サービス妨害を示すものは見当たりません。", limits]);
        }

        return Join([$"いいえ。最も多い 1 分間（{Moments.Stamp(load.PeakAt)}）でも、このような接続は {Sessions(load.PeakSessionsPerMinute)}です。ログは増えますが、サービスに支障の出る量ではありません。", limits]);
    }

    /// <inheritdoc/>
    public string Say(Campaign campaign) => Join(
    [
        $"{Clients(campaign.Clients.Count)}が、同じ挙動（{Name(campaign.Behaviour)}）を {Sessions(campaign.Sessions)}で示しています"
        + (campaign.From.IsKnown ? $"（{Range(campaign.From, campaign.To)}）。" : "。"),
        Said(campaign),
    ]);

    private Answer What(Overview overview)
    {
        var items = overview.Behaviours.Take(BehavioursTold)
            .Select(total => $"{Name(total.Behaviour)}: {Sessions(total.Sessions)}（{Clients(total.Clients)}）").ToList();
        if (overview.Behaviours.Count > BehavioursTold)
        {
            items.Add($"その他、より少ない挙動が {Number(overview.Behaviours.Count - BehavioursTold)} 種類");
        }

        return new("何が来ているのか", $"{Clients(overview.Clients)}が、通常の配送以外のことをしています（{Sessions(overview.Sessions)}）。"
            + (overview.HasUnnamed ? "接続元の分からないセッション記録があり、それらは 1 つの接続元として数えています。" : ""), items);
    }

    private Answer Causes(Overview overview)
    {
        const string Question = "原因は何か";
        if (overview.Causes.All(total => total.Cause == Cause.Unclear))
        {
            return new(Question, "この材料からは判断できません。", []);
        }

        return overview.Causes is [{ Clients: 1 } only]
            ? new(Question, $"{SayCause(only)}です。", [])
            : new(Question, $"{Sessions(overview.Sessions)}に占める割合は次のとおりです。",
                [.. overview.Causes.Select(total => $"{PerCent((double)total.Sessions / Math.Max(1, overview.Sessions))}: {SayCause(total)}（{Sessions(total.Sessions)}、{Clients(total.Clients)}）")]);
    }

    private string SayCause(CauseTotal total) => total.Certainty switch
    {
        Certainty.AlmostCertain => $"ほぼ確実に、{Name(total.Cause)}",
        Certainty.Probably => $"おそらく、{Name(total.Cause)}",
        Certainty.Perhaps => $"可能性として考えられるのは、{Name(total.Cause)}",
        _ => "原因を判断できないもの",
    };

    private Answer Again(Overview overview)
    {
        const string Question = "なぜ同じホストに何度も来るのか";
        if (overview.MostSessions <= 1)
        {
            return new(Question, overview.HasTimes
                ? "この入力では、2 回以上来た接続元はありません。"
                : "この入力には 1 セッションしかないため、何回来たのかは分かりません。同じ時刻のメールログを読み込ませると分かります。",
                overview.HasTimes ? [] : [.. Reasons(overview)]);
        }

        var text = $"最も多い接続元は {Times(overview.MostSessions)}接続しています。";
        if (overview.LargestBurst is { Sessions: > 1 } burst)
        {
            text += $"最大の集中では、{Duration(Moments.Between(burst.From, burst.To))}の間に {Sessions(burst.Sessions)}がありました。";
        }

        return new(Question, text, [.. Reasons(overview)]);
    }

    private IEnumerable<string> Reasons(Overview overview) => overview.Causes
        .Where(total => total.Cause != Cause.Unclear)
        .DistinctBy(total => total.Cause).Take(3)
        .Select(total => total.Certainty == Certainty.AlmostCertain
            ? WhyAgain(total.Cause)
            : $"{Name(total.Cause)}であれば、{WhyAgain(total.Cause)}")
        .DefaultIfEmpty(WhyAgain(Cause.Unclear));

    private static Answer? Feature(Overview overview)
    {
        var dot = overview.Find(Behaviour.LoneDot) is not null;
        var blank = overview.Find(Behaviour.BlankLine) is not null;
        if (!dot && !blank)
        {
            return null;
        }

        var text = new List<string> { "いいえ。" };
        if (dot)
        {
            text.Add("ドットだけの行（CR LF . CR LF）がメッセージの終わりを表すのは、DATA の後だけです。ここではコマンドを送るべき所に現れているため、何かの終わりではなく、SMTP に存在しないコマンドとして扱われます。");
            text.Add("サーバーが拒否するのは正しい動作です。応答は 502 5.5.2 または 500 5.5.2（コマンドを認識できない）で、Postfix 3.7 以降では 221 2.7.0 を返して接続を切ります。");
        }

        if (blank)
        {
            text.Add("空行もコマンドではないため、500 5.5.2（構文の誤り）が正しい応答です。");
        }

        text.Add("この方法で試せる SMTP の機能はなく、設定を変えても応答が良くなるわけではありません。");
        var what = dot && blank ? "ドットのみの行や空行" : dot ? "ドットのみの行" : "空行";
        return new($"{what}は機能の探査で、サーバーの応答が誤っているのか", string.Concat(text), []);
    }

    private Answer ToDo(Overview overview)
    {
        var items = new List<string>();
        Add(Verdict.Ban, "一定時間の遮断");
        Add(Verdict.Watch, "監視（遮断するには根拠が不足）");
        Add(Verdict.Protect, "メールを配送しており、敵対的な挙動なし（この材料では遮断しない）");
        Add(Verdict.Ignore, "無害なので無視");
        var text = overview.Count(Verdict.Ban) > 0
            ? "一定時間の遮断で十分です。正規の送信元は後で再送し、ボットは時間を失うだけです。"
            : "この材料から遮断すべき接続元はありません。";
        if (overview.HasUnnamed)
        {
            text += "接続元の分からないセッション記録については、同じ時刻のメールログでアドレスを確認できます。";
        }

        if (overview.Find(Behaviour.LoneDot) is not null || overview.Find(Behaviour.BlankLine) is not null)
        {
            text += "なお、fail2ban で「reject: RCPT from ...: 502 5.5.2」を探すフィルターは役に立ちません。不明なコマンドについて、Postfix はそのような行を記録しないためです。";
        }

        if (overview.LacksText)
        {
            text += "ログには送信内容が残っていないものがあります。notify_classes に protocol を加えると、Postfix がセッションの記録をメールで通知し、Postern はそれも読み込めます。";
        }

        return new("どうすればよいか", text, items);

        void Add(Verdict verdict, string what)
        {
            if (overview.Count(verdict) is > 0 and var count)
            {
                items.Add($"{Clients(count)}: {what}");
            }
        }
    }
}
