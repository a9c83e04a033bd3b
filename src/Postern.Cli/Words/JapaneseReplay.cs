using Postern.Engine.Replay;

namespace Postern.Cli.Words;

/// <summary>The sentences of <c>replay</c> in Japanese.</summary>
internal sealed class JapaneseReplay : IReplayWords
{
    /// <inheritdoc/>
    public string Decision(string told) => JapaneseDecisions.Of(told);

    /// <inheritdoc/>
    public string[] Columns => ["アドレス", "開始", "期間", "正規？", "理由"];

    /// <inheritdoc/>
    public string[] WithheldColumns => ["アドレス", "時刻", "遮断しなかった理由"];

    /// <inheritdoc/>
    public string Nothing => "実際には何も変更せず、誰も遮断していません。";

    /// <inheritdoc/>
    public string Title(string? from, string? to, long sessions) => $"リプレイ {(from is null ? "（期間なし）" : $"{from} ～ {to}")}: {Counts.Number(sessions)} セッション";

    /// <inheritdoc/>
    public string Bans(int bans, int clients, int withheld) => bans + withheld == 0 ? "遮断はありません。" :
        $"遮断 {Counts.Number(bans)} 回（{Counts.Number(clients)} IP）{(withheld == 0 ? "" : $"、保護により見送り {Counts.Number(withheld)} 回")}。";

    /// <inheritdoc/>
    public string Name(GenuineSign sign) => sign switch
    {
        GenuineSign.None => "",
        GenuineSign.Delivered => "受信実績あり",
        GenuineSign.Proven => "継続的な送信元",
        GenuineSign.LoggedIn => "ログイン成功",
        _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, "No words for this sign."),
    };

    /// <inheritdoc/>
    public string Estimate(int banned, int genuine, int missed) =>
        $"誤りの推定: 遮断した {Counts.Number(banned)} IP のうち {Counts.Number(genuine)} 件は、前後にメールの受信かログインがあります。遮断されなかった攻撃的な IP は {Counts.Number(missed)} 件です。";

    /// <inheritdoc/>
    public string Against(int added, int removed) => $"もう一方の設定では、追加 {Counts.Number(added)} 件、削除 {Counts.Number(removed)} 件です。";

    /// <inheritdoc/>
    public string More(int rows) => $"ほか {Counts.Number(rows)} 件（すべて表示するには --format json）";
}
