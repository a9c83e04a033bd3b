using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

internal sealed partial class Japanese
{
    private const int BehavioursTold = 6;
    private const int CausesTold = 5;

    /// <inheritdoc/>
    public IReadOnlyList<Answer> Summarise(Overview overview)
    {
        if (overview.Clients == 0)
        {
            return [new("何が来ているのか", overview.Explanation.Sessions == 0
                ? "この入力には SMTP セッションが見つかりませんでした。"
                : "不審なものはありません。どの接続元も、メールを送ってきただけです。", [])];
        }

        var answers = new List<Answer> { What(overview), Causes(overview) };
        if (Again(overview) is { } again)
        {
            answers.Add(again);
        }

        if (Takeovers(overview) is { } takeovers)
        {
            answers.Insert(0, takeovers);
        }

        if (Feature(overview) is { } feature)
        {
            answers.Add(feature);
        }

        answers.Add(new("DoS 攻撃か", Say(overview.Explanation.Load, overview.HasTimes), []));
        answers.Add(ToDo(overview));
        return answers;
    }

    /// <inheritdoc/>
    public string Say(Load load, bool hasTimes)
    {
        var limits = load.LimitsExceeded == 0 ? "" : $"anvil の接続数制限の超過が {Times(load.LimitsExceeded)}記録されています。";
        if (load.IsDenialOfService)
        {
            return Join([$"その可能性があります。最も多い 1 分間（{Moments.Stamp(load.PeakAt)}）に {Sessions(load.PeakSessionsPerMinute)}があり、正規の送信元が待たされるおそれのある量です。", limits]);
        }

        if (!hasTimes || !load.PeakAt.IsKnown)
        {
            return Join(["入力に時刻がないため、量を測ることはできません。ただし、サービス妨害を示すものは見当たりません。", limits]);
        }

        return Join([$"いいえ。最多でも 1 分間に {Sessions(load.PeakSessionsPerMinute)}です（{Moments.Stamp(load.PeakAt)}）。", limits]);
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

        return new("何が来ているのか", $"{Clients(overview.Clients)}に、通常の送信以外の挙動があります（{Sessions(overview.Sessions)}）。"
            + (overview.HasUnnamed ? "接続元の分からないセッション記録があり、それらは 1 件の接続元として数えています。" : ""), items);
    }

    private Answer Causes(Overview overview)
    {
        const string Question = "原因は何か";
        if (overview.Causes.All(total => total.Cause == Cause.Unclear))
        {
            return new(Question, "このログだけでは原因を特定できません。", []);
        }

        return overview.Causes is [{ Clients: 1 } only]
            ? new(Question, $"{SayCause(only)}です。", [])
            : new(Question, $"{Sessions(overview.Sessions)}の内訳は次のとおりです。", [.. CauseLines(overview)]);
    }

    private IEnumerable<string> CauseLines(Overview overview)
    {
        var all = overview.ByCause;
        return all.Take(CausesTold).Select(total => $"{SayCause(total)}（{Sessions(total.Sessions)}、{Clients(total.Clients)}）")
            .Concat(all.Count > CausesTold ? [$"ほか {Number(all.Count - CausesTold)} 種類"] : []);
    }

    private string SayCause(CauseTotal total) => total.Certainty switch
    {
        Certainty.AlmostCertain => $"ほぼ確実に、{Name(total.Cause)}",
        Certainty.Probably => $"おそらく、{Name(total.Cause)}",
        Certainty.Perhaps => $"{Name(total.Cause)}の可能性",
        _ => "原因を特定できないもの",
    };

    private Answer? Again(Overview overview)
    {
        const string Question = "なぜ 1 つの IP から何十回、何百回も来るのか";
        if (overview.MostSessions <= 1)
        {
            return overview.HasTimes ? null : new(Question, "この入力には 1 セッションしかないため、何回来たのかは分かりません。同じ時刻のメールログを読み込ませると分かります。", [.. Reasons(overview)]);
        }

        var text = $"最も多い接続元は {Times(overview.MostSessions)}接続しています。";
        if (overview.LargestBurst is { } burst && ClientLines.IsBurst(burst))
        {
            text += $"最も集中したときは {SayBurst(burst.Sessions, Moments.Between(burst.From, burst.To))}です。";
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
            text.Add("「.」だけの行（CR LF . CR LF）がメッセージの終わりを表すのは、DATA の後だけです。ここではコマンドを送るべき所に現れているため、何かの終わりではなく、SMTP に存在しないコマンドとして扱われます。");
            text.Add("サーバーが拒否するのは正しい動作です。応答は 502 5.5.2 または 500 5.5.2（コマンドを認識できない）で、Postfix 3.7 以降では 221 2.7.0 を返して切断します。");
        }

        if (blank)
        {
            text.Add("空行もコマンドではないため、500 5.5.2（構文の誤り）が正しい応答です。");
        }

        text.Add("この方法で試せる SMTP の機能はなく、設定を変える必要はありません。");
        var what = dot && blank ? "「.」だけの行や空行" : dot ? "「.」だけの行" : "空行";
        return new($"{what}は機能のテストで、サーバーの応答が誤っているのか", string.Concat(text), []);
    }

    private Answer ToDo(Overview overview)
    {
        var items = new List<string>();
        Add(Verdict.Ban, "一定時間の遮断（標準の設定: 10 分間に 10 回の失敗で 1 時間）");
        Add(Verdict.Watch, "様子見（遮断するには根拠が不足）");
        Add(Verdict.Protect, "メールを送ってきており、敵対的な挙動なし（遮断しない）");
        Add(Verdict.Ignore, "無害なので無視");
        var text = overview.Count(Verdict.Ban) > 0
            ? "一定時間の遮断で十分です。誤って遮断しても、正規の送信元は後で再送します。「postern run --dry-run」で対象を確認し、「postern run」で遮断します。"
            : overview.HasForwarders ? "このログだけで遮断すべき接続元はありません。" : "上限（10 分間に 10 回の失敗）に達した接続元はありません。";
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
