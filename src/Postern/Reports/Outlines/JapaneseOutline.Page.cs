namespace Postern.Reports.Outlines;

/// <content>What only the page says.</content>
internal sealed partial class JapaneseOutline
{
    /// <inheritdoc/>
    public PageWords Page { get; } = new("遮断", "遮断しない", "様子見", "無害", "判定ごとに接続元を表示", "すべて表示", "クリックするとコマンド全体を選択できます",
        "セッション数の推移", "よくある疑問", "その他のグラフ");

    /// <inheritdoc/>
    public VerdictWords Title { get; } = new("SMTP セッションなし", "実害なし", "不審な点なし", "遮断対象なし", "SMTP セッション記録", "、", " ～ ");

    /// <inheritdoc/>
    public string FormatStolenAccounts(int accounts) => accounts == 1 ? "アカウント乗っ取り" : $"アカウント乗っ取り {Number(accounts)} 件";

    /// <inheritdoc/>
    public string FormatServerProblems(int problems) => problems == 1 ? "サーバーに問題" : $"サーバーの問題 {Number(problems)} 件";

    /// <inheritdoc/>
    public string FormatBotnet(int clients) => $"ボットネット {Number(clients)} IP";

    /// <inheritdoc/>
    public string FormatToBan(int clients) => $"遮断対象 {Number(clients)} IP";

    /// <inheritdoc/>
    public string FormatTimelineNote(TimeSpan column) => $"棒 1 本は {language.Duration(column)}です。メールを送ってきただけのセッションは含みません。";

    /// <inheritdoc/>
    public string FormatFurther(int clients) => $"ほか {Number(clients)} 件";

    /// <inheritdoc/>
    public string FormatUnlisted(int clients) => $"ほか {Number(clients)} 件はここには表示していません。すべての一覧は --format json で出力できます。";
}
