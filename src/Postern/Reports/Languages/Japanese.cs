using System.Globalization;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Languages;

/// <summary>The reports in Japanese.</summary>
internal sealed partial class Japanese : IReportLanguage
{
    private const int QuotedCells = 60;

    /// <inheritdoc/>
    public string Tag => "ja";

    /// <inheritdoc/>
    public ReportWords Words { get; } = new()
    {
        Title = "このメールサーバーへの不審な接続とその原因",
        Period = "期間",
        NoTimes = "不明（入力に時刻がありません）",
        Input = "入力",
        Summary = "まとめ",
        Troubles = "このサーバーに問題があります",
        Clients = "接続元（重要な順）",
        MoreClients = "その他の接続元",
        Campaigns = "同じ時期に同じことをしている接続元",
        Ordinary = "通常のメール",
        Warnings = "注意",
        UnknownForms = "未対応の形式の行",
        Glossary = "挙動の説明",
        UnknownAddress = "アドレス不明",
        PtrName = "逆引き（PTR）",
        NotConfirmed = "（正引きと一致しません）",
        NoName = "逆引きを確認できません",
        HeloNames = "HELO",
        Sessions = "セッション数",
        Seen = "時期",
        Bursts = "集中",
        Behaviours = "挙動",
        Why = "原因",
        Advice = "対処",
        Payload = "送信内容",
        Tests = "検査",
        Verdict = "判定",
        Client = "接続元",
        PlotTimeline = "挙動別セッション数の推移",
        PlotTimelineNote = "複数の挙動を示したセッションは、それぞれの挙動で 1 回ずつ数えています。受信済みのメールは含みません。",
        PlotClients = "接続元ごとのセッション数",
        PlotClientsNote = "色は、その接続元で最も多かった挙動を表します。",
        PlotBursts = "接続元ごとの接続時期",
        PlotBurstsNote = "1 行が 1 つの接続元です。帯は、長い間隔を空けずに続いたセッションのまとまりです。",
        OtherBehaviours = "その他",
        TimeAxis = "時刻",
        Hint = "次の手順: お手元のログと通知メールで `postern explain /var/log/mail.log` を、個々の接続元については `postern check ADDRESS` を実行してください。実際には何も遮断せずに遮断の対象を確認するには `postern run --dry-run` を実行してください。",
        OpenQuote = "「",
        CloseQuote = "」",
        AllHint = "（すべて表示するには --all）",
        EmptyLine = "（空行）",
        NotAsked = "未実施",
    };

    /// <inheritdoc/>
    public string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string Sessions(long number) => $"{Number(number)} セッション";

    /// <inheritdoc/>
    public string Clients(long number) => $"接続元 {Number(number)} 件";

    /// <inheritdoc/>
    public string PerCent(double share) => $"{Certainties.PerCent(share)}%";

    /// <inheritdoc/>
    public string Duration(TimeSpan time) => Durations.Say(time, " 日", " 時間", " 分", " 秒", " ");

    /// <inheritdoc/>
    public string Range(LogTime from, LogTime to)
    {
        var (start, end) = (Moments.Stamp(from), Moments.EndStamp(from, to));
        return string.Equals(start, Moments.Stamp(to), StringComparison.Ordinal) ? start : $"{start} ～ {end}";
    }

    /// <inheritdoc/>
    public string Join(IEnumerable<string> sentences) => string.Concat(sentences);

    /// <inheritdoc/>
    public string Labelled(string label, string value) => $"{label}: {value}";

    /// <inheritdoc/>
    public string List(IEnumerable<string> things) => string.Join("、", things);

    /// <inheritdoc/>
    public string Name(Verdict verdict) => verdict switch
    {
        Verdict.Ban => "遮断",
        Verdict.Watch => "様子見",
        Verdict.Ignore => "無視",
        Verdict.Protect => "保護",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "No word for this verdict."),
    };

    /// <inheritdoc/>
    public string Name(TestResult result) => result switch
    {
        TestResult.Skipped => "未実施",
        TestResult.Pass => "pass",
        TestResult.Fail => "fail",
        TestResult.SoftFail => "softfail",
        TestResult.Neutral => "neutral",
        TestResult.None => "レコードなし",
        TestResult.TempError => "DNS 応答なし",
        TestResult.PermError => "書式エラー",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "No word for this result."),
    };

    /// <inheritdoc/>
    public string Say(Evidence evidence)
    {
        var points = evidence.Points == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"（{evidence.Points:+0.##;-0.##} 点）");
        var detail = SafeText.Short(EvidenceDetails.Japanese(evidence.Detail) ?? evidence.Detail, 200);
        return Name(evidence.Result) + points + (detail.Length == 0 ? "" : $": {detail}");
    }

    /// <inheritdoc/>
    public string SayBurst(int sessions, TimeSpan length) =>
        length < TimeSpan.FromSeconds(1) ? $"1 秒以内に {Number(sessions)} 回" : $"{Duration(length)}間に {Number(sessions)} 回";

    /// <inheritdoc/>
    public string SayInput(Explanation explanation)
    {
        var parts = new List<string>();
        if (explanation.LinesRead > 0)
        {
            parts.Add($"{Number(explanation.LinesRead)} 行を読み込み（うち Postfix {Number(explanation.LinesPostfix)} 行、解釈できなかったもの {Number(explanation.LinesUnparsed)} 行）");
        }

        if (explanation.Notices > 0)
        {
            parts.Add(explanation.LinesRead == 0 && explanation.Notices == 1 ? "セッション記録 1 件" : $"通知メール {Number(explanation.Notices)} 通");
        }

        parts.Add(Sessions(explanation.Sessions));
        return List(parts);
    }

    /// <inheritdoc/>
    public string SayOrdinary(int clients, int sessions) => clients == 0 ? ""
        : $"メールを送ってきただけの接続元は {Number(clients)} 件です（{Sessions(sessions)}）。";

    /// <inheritdoc/>
    public string SayMore(int shown, int all) => $"{Number(all)} 件中 {Number(shown)} 件を表示しています。";

    /// <inheritdoc/>
    public string SayColumn(TimeSpan width) => $"1 本の棒は {Duration(width)}を表します。";

    private static string Quote(string? text) => $"「{SafeText.Short(text, 2 * QuotedCells)}」";
}
