using System.Globalization;
using Postern.Fail2Ban.Lint;

namespace Postern.Cli.Words;

/// <summary>What <c>filter</c> says in Japanese.</summary>
internal sealed class JapaneseFilter : IFilterWords
{
    private const string Class = "<HOST> の前では .* を使わず、デーモンがアドレスを書く位置で終わる文字クラス（「[^[]*\\[<HOST>\\]」など）を使ってください。";

    /// <inheritdoc/>
    public string Dates => "使用した日時パターン:";

    /// <inheritdoc/>
    public string NoAddressYet => "（アドレス未確定）";

    /// <inheritdoc/>
    public string FaultsBelow => "警告（postern filter lint）:";

    /// <inheritdoc/>
    public string FixLabel => "対処: ";

    /// <inheritdoc/>
    public string ExampleLabel => "例: ";

    /// <inheritdoc/>
    public string Hits(long hits) => $"failregex: {Counts.Number(hits)} 件一致";

    /// <inheritdoc/>
    public string Lines(long total, long ignored, long matched, long missed) =>
        $"全 {Counts.Number(total)} 行: 一致 {Counts.Number(matched)} 行、除外 {Counts.Number(ignored)} 行、不一致 {Counts.Number(missed)} 行";

    /// <inheritdoc/>
    public string NamesOnly(long lines) => $"不一致のうち {Counts.Number(lines)} 行はホスト名だけで、名前解決をしていません（--usedns raw で名前のまま扱います）。";

    /// <inheritdoc/>
    public string GaveUp(long lines) => $"{Counts.Number(lines)} 行は、照合に時間がかかりすぎるため判定していません。";

    /// <inheritdoc/>
    public string Faults(long faults) => faults == 0 ? "問題は見つかりませんでした。" : $"問題 {Counts.Number(faults)} 件";

    /// <inheritdoc/>
    public string Problem(LintWarning warning) => warning.Reason switch
    {
        LintReason.DaemonLogsClient => $"接続元が任意のアドレスを遮断させることができます。{warning.Detail} は、接続元が書いた文字列をその位置に記録します。",
        LintReason.UserName => "接続元が任意のアドレスを遮断させることができます。ユーザー名は接続元が自由に指定できます。",
        LintReason.AnyTextBefore => "接続元が任意のアドレスを遮断させることができます。アドレスの前の部分に、接続元の書いた文字列が入ります。",
        LintReason.TextAfter => "接続元が任意のアドレスを遮断させることができます。行の後半にある接続元の文字列にも一致します。",
        LintReason.CommandReply => "Postfix がこの行を記録することはありません。未知のコマンドには 500 または 502 を返すだけで、reject の行は残しません。"
            + "「.」だけの行などの未知のコマンドは、Postfix 3.7 以降では例の行として、3.0 ～ 3.6 では「disconnect from unknown[192.0.2.1] unknown=0/1 commands=0/1」としてのみ記録されます。空行は管理者宛ての通知メールにしか残りません。",
        LintReason.NoSuchForm => "この形のメッセージは Postfix（2.3 ～ 3.10 の標準の応答）にありません。最も近いのは例の行ですが、この式には一致しません。",
        LintReason.Time => $"1 行で fail2ban を止めることができます。処理時間が{Growth(warning)}ためです（{string.Join("、", warning.Costs.Select(Cost))}）。"
            + "2 つの繰り返しが同じ文字列を何通りにも分け合えることが原因です。Postern は一定のステップ数で打ち切りますが、fail2ban は例の行で停止します。",
        LintReason.Unusable => $"使用できません: {warning.Detail}",
        LintReason.Empty => "failregex がないため、何も検出しません。",
        _ => throw new ArgumentOutOfRangeException(nameof(warning), warning.Reason, "No sentence for this reason."),
    };

    /// <inheritdoc/>
    public string Fix(LintWarning warning) => warning.Code switch
    {
        LintWarning.Injectable => (warning.IsOpen ? "式を「^%(__prefix_line)s」で始めてください。" : "") + Class,
        LintWarning.Backtracking => "同じ文字に一致する繰り返しを、入れ子にしたり隣り合わせたりしないでください。",
        _ => "",
    };

    /// <inheritdoc/>
    public string Blamed(string sender, string named) => $"送信元は {sender} ですが、{named} の失敗として数えられます。";

    private static string Growth(LintWarning warning) => warning.Power is { } power
        ? string.Create(CultureInfo.InvariantCulture, $"行の長さの {power:0.#} 乗で増える")
        : "数文字ごとに 2 倍以上になる";

    private static string Cost((long Steps, int Length) cost) => $"{Counts.Number(cost.Length)} 文字で {Counts.Number(cost.Steps)} ステップ";
}
