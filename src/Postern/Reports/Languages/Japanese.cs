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
        Title = "このメールサーバーに来ている不審な接続とその原因",
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
        UnknownForms = "未知の形式の行",
        Glossary = "挙動の説明",
        UnknownAddress = "アドレス不明",
        PtrName = "ホスト名",
        NotConfirmed = "（正引きしても元のアドレスに戻りません）",
        NoName = "確認できたホスト名なし",
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
        PlotTimelineNote = "複数の挙動を示したセッションは、それぞれの挙動で 1 回ずつ数えています。配送済みのメールは含みません。",
        PlotClients = "接続元ごとのセッション数",
        PlotClientsNote = "色は、その接続元で最も多かった挙動を表します。",
        PlotBursts = "接続元ごとの接続時期",
        PlotBurstsNote = "1 行が 1 つの接続元です。帯は、長い間隔を空けずに続いたセッションのまとまりです。",
        OtherBehaviours = "その他",
        TimeAxis = "時刻",
        Hint = "次の手順: お手元のログと通知メールで `./postern explain /var/log/mail.log` を、個々の接続元については `./postern check ADDRESS` を実行してください。実際には何も遮断せずに遮断の対象を確認するには `./postern run --dry-run` を実行してください。",
        OpenQuote = "「",
        CloseQuote = "」",
    };

    /// <inheritdoc/>
    public string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string Sessions(long number) => $"{Number(number)} セッション";

    /// <inheritdoc/>
    public string Clients(long number) => $"{Number(number)} 個の接続元";

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
        Verdict.Watch => "監視",
        Verdict.Ignore => "無視",
        Verdict.Protect => "保護",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "No word for this verdict."),
    };

    /// <inheritdoc/>
    public string Name(TestResult result) => result switch
    {
        TestResult.Skipped => "対象外",
        TestResult.Pass => "合格",
        TestResult.Fail => "不合格",
        TestResult.SoftFail => "弱い不合格",
        TestResult.Neutral => "中立",
        TestResult.None => "公開情報なし",
        TestResult.TempError => "DNS 応答なし",
        TestResult.PermError => "公開情報が使用不能",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "No word for this result."),
    };

    /// <inheritdoc/>
    public string Say(Evidence evidence) => evidence.Points == 0
        ? Name(evidence.Result)
        : string.Create(CultureInfo.InvariantCulture, $"{Name(evidence.Result)}（{evidence.Points:+0.##;-0.##} 点）");

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
            parts.Add($"通知メールまたはセッション記録 {Number(explanation.Notices)} 通");
        }

        parts.Add(Sessions(explanation.Sessions));
        return List(parts);
    }

    /// <inheritdoc/>
    public string SayOrdinary(int clients, int sessions) => clients == 0
        ? "通常のメールだけの接続元はありません。"
        : $"{Clients(clients)}は、通常のメールだけでした（{Sessions(sessions)}）。";

    /// <inheritdoc/>
    public string SayMore(int shown, int all) => $"{Clients(all)}のうち {Number(shown)} 個を表示しています。";

    /// <inheritdoc/>
    public string SayColumn(TimeSpan width) => $"1 本の棒は {Duration(width)}を表します。";

    private static string Quote(string? text) => $"「{SafeText.Short(text, 2 * QuotedCells)}」";
}
