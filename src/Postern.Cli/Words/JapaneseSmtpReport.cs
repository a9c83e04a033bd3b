using System.Globalization;

namespace Postern.Cli.Words;

/// <summary>The report on the checks at SMTP time in Japanese.</summary>
internal sealed class JapaneseSmtpReport : ISmtpReportWords
{
    /// <inheritdoc/>
    public string[] CountColumns => ["検査", "判定", ">総数", ">拒否対象", ">一時拒否対象", ">保留対象", ">拒否", ">一時拒否", ">保留"];

    /// <inheritdoc/>
    public string[] SenderColumns => ["動作", ">点数", ">回数", "アドレス", "送信者のドメイン", "根拠"];

    /// <inheritdoc/>
    public string[] WideSenderColumns => ["動作", ">点数", ">回数", "アドレス", "送信者のドメイン", "根拠", "最終", "HELO"];

    /// <inheritdoc/>
    public string Next => "先頭の送信元から確認してください。理由は postern check で分かり、postern allow で恒久的に許可できます。問題がなければ mode = \"enforce\" にします。";

    /// <inheritdoc/>
    public string Banned => "遮断中";

    /// <inheritdoc/>
    public string Server(string service) => service is "policy" ? "ポリシーサーバー" : "milter";

    /// <inheritdoc/>
    public string Title(string from, string to) => $"SMTP 時の検査（{from} ～ {to}）";

    /// <inheritdoc/>
    public string Nothing(int days) => $"直近 {Counts.Number(days)} 日間の拒否はありません。";

    /// <inheritdoc/>
    public string Share(string server, bool isWould, IReadOnlyList<(string Action, long Count)> actions, long seen, bool isWhole)
    {
        var parts = actions.Count == 0 ? Action("reject", isWould) + " 0 通" : string.Join("、", actions.Select(one => $"{Action(one.Action, isWould)} {Counts.Number(one.Count)} 通"));
        var share = seen == 0 ? 0 : 100.0 * actions.Sum(static one => one.Count) / seen;
        return string.Create(CultureInfo.InvariantCulture, $"{server}: 外部からのメール {Counts.Number(seen)} 通のうち、{parts}（{share:0.##}%）{(isWhole ? "" : "。一部は集計前のものです")}。");
    }

    /// <inheritdoc/>
    public string Total(bool isWould, IReadOnlyList<(string Action, long Count)> actions) =>
        $"合計: {string.Join("、", actions.Select(one => $"{Action(one.Action, isWould)} {Counts.Number(one.Count)} 通"))}。";

    /// <inheritdoc/>
    public string Action(string action, bool isWould) => action switch
    {
        "quarantine" => "保留",
        "reject" => "拒否",
        "defer" => "一時拒否",
        _ => action,
    } + (isWould ? "対象" : "");

    /// <inheritdoc/>
    public string More(long count) => $"ほか {Counts.Number(count)} 件（正規らしさの低いもの）";
}
