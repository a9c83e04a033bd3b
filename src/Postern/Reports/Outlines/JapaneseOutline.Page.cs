using System.Globalization;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Outlines;

/// <content>What only the page says.</content>
internal sealed partial class JapaneseOutline
{
    /// <inheritdoc/>
    public PageWords Page { get; } = new("遮断", "遮断しない", "様子見", "無害", "判定ごとに接続元を表示", "すべて表示", "クリックするとコマンド全体を選択できます",
        "セッション数の推移", "よくある疑問", "その他のグラフ");

    /// <inheritdoc/>
    public string FormatVerdict(Outline outline)
    {
        if (outline.Explanation.Sessions == 0)
        {
            return "SMTP セッションなし";
        }

        List<string> parts = [];
        if (outline.Explanation.Takeovers.Count is > 0 and var accounts)
        {
            parts.Add(accounts == 1 ? "アカウント乗っ取り" : $"アカウント乗っ取り {Number(accounts)} 件");
        }

        if (outline.Explanation.Troubles.Count is > 0 and var troubles)
        {
            parts.Add(troubles == 1 ? "サーバーに問題" : $"サーバーの問題 {Number(troubles)} 件");
        }

        var bans = outline.Overview.Count(Verdict.Ban);
        if (outline.Botnet is { } botnet && botnet.Clients.Count > bans)
        {
            parts.Add($"ボットネット {Number(botnet.Clients.Count)} IP");
        }

        if (bans > 0)
        {
            parts.Add($"遮断対象 {Number(bans)} IP");
        }

        if (outline.IsHarmlessTranscript)
        {
            parts.Add("実害なし");
        }

        if (parts.Count == 0)
        {
            parts.Add(outline.Overview.Clients == 0 ? "不審な点なし" : "遮断対象なし");
        }

        return string.Join('、', parts);
    }

    /// <inheritdoc/>
    public string FormatPageTitle(Outline outline)
    {
        var explanation = outline.Explanation;
        List<string> parts = [FormatVerdict(outline)];
        if (explanation.Host is { } host)
        {
            parts.Add(SafeText.Short(host, 40));
        }

        if (outline.IsTranscript)
        {
            parts.Add("SMTP セッション記録");
        }

        if (explanation.From.IsKnown)
        {
            var (from, to) = (Day(explanation.From), Day(explanation.To));
            parts.Add(from.Equals(to, StringComparison.Ordinal) ? from : $"{from} ～ {to}");
        }

        return string.Join(" - ", parts);
    }

    /// <inheritdoc/>
    public string FormatTimelineNote(TimeSpan column) => $"棒 1 本は {language.Duration(column)}です。メールを送ってきただけのセッションは含みません。";

    /// <inheritdoc/>
    public string FormatFurther(int clients) => $"ほか {Number(clients)} 件";

    /// <inheritdoc/>
    public string FormatUnlisted(int clients) => $"ほか {Number(clients)} 件はここには表示していません。すべての一覧は --format json で出力できます。";

    private static string Day(LogTime time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
