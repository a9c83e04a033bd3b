using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Outlines;

/// <content>The operator's questions.</content>
internal sealed partial class JapaneseOutline
{
    /// <inheritdoc/>
    public IReadOnlyList<OutlineAnswer> AnswerQuestions(Outline outline, string program)
    {
        var overview = outline.Overview;
        if (overview.Count(Verdict.Ban) + overview.Count(Verdict.Watch) == 0)
        {
            return [];
        }

        return [.. new[] { Origin(outline), Again(outline), Dot(outline), Load(outline), Genuine(outline, program), Filter(overview, program) }.OfType<OutlineAnswer>()];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> PointOn(Outline outline, string program)
    {
        if (outline.IsTranscript)
        {
            return
            [
                $"1. ログと通知メールを一緒に読み込ませる（接続元 IP と回数が分かります）: {program} explain /var/log/mail.log /var/mail/postmaster",
                $"2. {program} run --dry-run   遮断の対象を表示（実際には遮断しません）",
            ];
        }

        List<string> lines = [];
        if (outline.Explanation is { Warnings.Count: > 0, Sessions: > 0 })
        {
            lines.Add(language.Warning(outline.Explanation.Warnings[0]));
        }

        lines.Add("詳細: --details  全 IP: --all  HTML: --format html -o x.html");
        return lines;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> DescribeTranscript(Outline outline)
    {
        if (outline.Course is not { } course)
        {
            return [];
        }

        var steps = course.Steps.Select(static step => step.Said.Length == 0 ? step.Reply.Length == 0 ? "" : $"{step.Reply} バナー"
            : $"{(step.IsBlank ? "空行" : step.IsDot ? "「.」" : step.Said)}{(step.Reply.Length == 0 ? "" : $" → {step.Reply}")}").Where(static text => text.Length > 0).ToList();
        steps.Add(course.Ending switch
        {
            SessionEnd.LostConnection => "相手が切断",
            SessionEnd.Timeout => "相手が無応答",
            _ => "終了",
        });
        List<string> lines = [string.Join(" → ", steps).Replace(" → 相手", "、相手", StringComparison.Ordinal)];
        if (!course.HasGreeted)
        {
            lines.Add("EHLO・認証・MAIL はなく、メールは 1 通も送られていません。");
        }

        return lines;
    }

    private List<string> ConcludeTranscript(Outline outline)
    {
        var client = outline.Explanation.Clients[0];
        var cause = client.Cause;
        List<string> sentences = [];
        if (outline.IsHarmlessTranscript)
        {
            sentences.Add("実害はなく、サーバーの応答も正しいものです。");
        }

        if (outline.Course is { HasGreeted: false } course)
        {
            sentences.Add($"相手はメールサーバーではなく、EHLO を送{(course.BeginsWithDot ? "らずに「.」だけの行を最初に送っています" : course.BeginsWithBlank ? "らずに空行を最初に送っています" : "っていません")}。");
        }
        else
        {
            sentences.AddRange(cause.Clues.Take(2).Select(language.Say));
        }

        var other = client.Others.FirstOrDefault(static other => other.Cause != Cause.Unclear);
        sentences.Add(cause.Cause == Cause.Unclear ? "原因は特定できません。"
            : $"{Sure(cause)}{Noun(cause.Cause)}です{(other is null ? "" : $"（{Noun(other.Cause)}の可能性もあります）")}。");
        sentences.Add("1 件だけなので確度は低めです。");
        return sentences;
    }

    private static string Sure(CauseFinding cause) => Certainties.Of(cause.Confidence) switch
    {
        Certainty.AlmostCertain => "ほぼ確実に",
        Certainty.Probably => "おそらく",
        Certainty.Perhaps => "可能性があるのは",
        _ => "最も近いのは",
    };

    private OutlineAnswer? Origin(Outline outline)
    {
        const string Question = "ウイルス、ワーム、ボットネットのどれか";
        if (outline.IsTranscript)
        {
            return new(Question, "人ではなくプログラムです。マルウェアに感染した端末（ボットネット）でも、スキャンツールでも同じ動きになり、1 件の記録では区別できません。多数の IP が同じ時間帯に同じことをしていれば、ボットネットの可能性が高くなります。");
        }

        if (outline.Botnet is { } botnet)
        {
            return new(Question, $"ボットネットです。{Number(botnet.DistinctNetworks)} のネットワークの {Number(botnet.Clients.Count)} IP が同じ HELO 名を使っており、1 つのプログラムが多数の感染端末で動いていると考えられます。"
                + $"1 IP あたり {Number(botnet.FewestSessions)}～{Number(botnet.MostSessions)} 回（中央値 {Number(botnet.MedianSessions)}）です。");
        }

        if (outline.Explanation.Campaigns.FirstOrDefault(static campaign => campaign.Clients.Count >= 10) is { } campaign)
        {
            return new(Question, $"ボットネットの可能性が高いです。{Number(campaign.Clients.Count)} IP が同じ時間帯に同じこと（{language.Name(campaign.Behaviour)}）をしています（{Number(campaign.Sessions)} セッション）。");
        }

        var bots = outline.Overview.Causes.Where(static total => total.Cause is Cause.ScriptedBot or Cause.SpamBot or Cause.PasswordGuesser or Cause.AddressHarvester or Cause.RelayScanner).ToList();
        return bots.Count == 0 ? null : new(Question, $"人ではなくプログラムです（{Number(bots.Sum(static total => total.Sessions))} セッション）。感染した端末でもレンタルサーバーでも同じ動きになります。多数の IP が連携している様子はありません。");
    }

    private OutlineAnswer? Again(Outline outline)
    {
        var overview = outline.Overview;
        if (overview.MostSessions <= 1 && !outline.IsTranscript)
        {
            return null;
        }

        var causes = overview.Causes.Where(static total => total.Cause is not (Cause.Unclear or Cause.GenuineSender or Cause.FaultySender or Cause.Monitor or Cause.OwnFault)).DistinctBy(static total => total.Cause).Take(2).ToList();
        var answer = outline.IsTranscript && causes.Count == 0 ? "1 件の記録では分かりません。何回来たかはログで分かります。"
            : string.Concat(causes.Select(total => language.WhyAgain(total.Cause)));
        return answer.Length == 0 ? null : new("なぜ 1 つの IP から何十回、何百回も来るのか", answer);
    }

    private static OutlineAnswer? Dot(Outline outline)
    {
        var overview = outline.Overview;
        var dot = overview.Find(Behaviour.LoneDot) is not null;
        var blank = overview.Find(Behaviour.BlankLine) is not null;
        if (!dot && !blank)
        {
            return overview.LacksText ? new("不明なコマンドの内容は", "ログには残っていません。Postfix 3.6 以前では「.」だけの行もここに含まれます。notify_classes に protocol を加え、通知メールも一緒に読み込ませると分かります。") : null;
        }

        var what = dot && blank ? "「.」や空行" : dot ? "「.」" : "空行";
        var answer = !dot ? "いいえ。空行はコマンドではなく、500 5.5.2 が正しい応答です。"
            : outline.IsTranscript ? "いいえ。「.」だけの行が意味を持つのは DATA の後（本文の終わり）だけで、コマンドとしては存在しません。502（Postfix 3.3 以前）、500（3.4～3.6）、221 を返して切断（3.7 以降）はいずれも正しい応答です。空行には 500 を返します。"
            : "いいえ。「.」は DATA の後で本文の終わりを示すだけで、コマンドとしては存在しません。拒否は正しい動作で、設定を変える必要はありません。";
        return new($"{what}は機能テストで、サーバーが誤って応答しているのか", answer);
    }

    private OutlineAnswer Load(Outline outline)
    {
        var load = outline.Explanation.Load;
        var answer = load.IsDenialOfService ? $"その可能性があります。最多で 1 分間に {Number(load.PeakSessionsPerMinute)} セッション（{Minute(load)}）あり、正規の送信元が待たされる量です。"
            : load.PeakAt.IsKnown ? $"いいえ。最多でも 1 分間に {Number(load.PeakSessionsPerMinute)} セッション（{Minute(load)}）です。"
            : "その兆候はありません。1 日に数百回程度では Postfix に影響は出ません。";
        return new("DoS 攻撃か", answer + (load.LimitsExceeded > 0 ? $"anvil の接続数制限の超過が {Number(load.LimitsExceeded)} 回あります。" : ""));
    }

    private OutlineAnswer? Genuine(Outline outline, string program)
    {
        var bans = outline.Overview.Count(Verdict.Ban);
        if (outline.IsTranscript)
        {
            return new("正規の送信元ではないか", $"メールサーバーなら EHLO から始めるため、考えにくいです。調べるには {program} check IP アドレス --helo 名前 を実行します。正規の送信元は、たいてい逆引き（PTR）が正引きと一致して一般回線の名前ではなく、HELO が FQDN でその IP に正引きでき、"
                + "zen.spamhaus.org に載っておらず、HELO 名の SPF が fail になりません（DKIM は本文がないと調べられません）。確認できない送信者は接続中に拒否し、エラーメールは返さないでください（バックスキャッターの防止）。");
        }

        if (bans == 0)
        {
            return outline.Botnet is not { Helo: { } helo } botnet ? null
                : new("正規の送信元が含まれていないか", $"その形跡はありません。受信実績がなく、{(outline.BotnetNamed == 0 ? "逆引きも確認できません" : $"逆引きを確認できるのは {Number(botnet.Clients.Count)} 件中 {Number(outline.BotnetNamed)} 件です")}。{(helo.Contains('.', StringComparison.Ordinal) ? "" : "HELO は FQDN ではありません。")}");
        }

        var (confirmed, generic, listed) = outline.BanNames;
        var (messages, clients) = outline.BanAccepted;
        List<string> facts = [clients > 0 ? $"{Number(clients)} 件からメール {Number(messages)} 通を受信しています。遮断の前に確認してください。" : "その形跡はなく、受信実績もありません。"];
        facts.Add(generic > 0 && confirmed < bans ? $"逆引きは一般回線の名前が {Number(generic)}、確認できないものが {Number(bans - confirmed)} です。"
            : generic > 0 ? $"逆引きは一般回線の名前が {Number(generic)} です。" : confirmed < bans ? $"逆引きを確認できないものが {Number(bans - confirmed)} です。" : "逆引きはすべて確認できます。");
        facts.Add(listed > 0 ? $"{Number(listed)} 件は DNSBL に登録されています。" : "");
        facts.Add(outline.HasTests ? "検査の結果: --details" : $"DNSBL、HELO、SPF は未確認です。確認: {program} explain --resolver 127.0.0.1 ファイル...");
        return new("遮断の対象に正規の送信元はないか", string.Concat(facts));
    }

    private static OutlineAnswer? Filter(Overview overview, string program) =>
        overview.Find(Behaviour.LoneDot) is null && overview.Find(Behaviour.BlankLine) is null ? null
            : new("fail2ban をお使いの場合", $"「reject: RCPT ... 502 5.5.2」のフィルターはこれらに一致せず、他人の IP を遮断させる悪用も可能です: {program} filter lint 名前");

    private static string Minute(Load load) => load.PeakAt.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
