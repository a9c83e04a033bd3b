using System.Globalization;
using Postern.Engine.Replay;

namespace Postern.Cli.Commands;

/// <summary>The sentences of <c>replay</c> in one language.</summary>
internal abstract class ReplayWords
{
    /// <summary>The words of a language code; English for one that is not known.</summary>
    public static ReplayWords Of(string tag) => tag is "ja" ? new JapaneseWords() : new EnglishWords();

    /// <summary>What was replayed.</summary>
    public abstract string Title(string? from, string? to, long sessions);

    /// <summary>How many bans.</summary>
    public abstract string Bans(int bans, int clients, int spared);

    /// <summary>The columns of the bans: address, from, for, genuine, reason.</summary>
    public abstract string[] Columns { get; }

    /// <summary>The columns of the bans that were not made: address, from, reason.</summary>
    public abstract string[] SparedColumns { get; }

    /// <summary>What speaks for a client; empty for nothing.</summary>
    public abstract string Name(GenuineSign sign);

    /// <summary>The estimate of error.</summary>
    public abstract string Estimate(int banned, int genuine, int missed);

    /// <summary>What other settings would change.</summary>
    public abstract string Against(int added, int removed);

    /// <summary>That more rows are not shown.</summary>
    public abstract string More(int rows);

    /// <summary>That nothing was touched.</summary>
    public abstract string Nothing { get; }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Count(long number, string noun) => $"{Number(number)} {noun}{(number == 1 ? "" : "s")}";

    private sealed class EnglishWords : ReplayWords
    {
        public override string[] Columns => ["address", "from", "for", "genuine?", "reason"];

        public override string[] SparedColumns => ["address", "from", "why not banned"];

        public override string Nothing => "Nothing was touched; nobody is banned.";

        public override string Title(string? from, string? to, long sessions) => $"Replay of {(from is null ? "an empty period" : $"{from} to {to}")}: {Count(sessions, "session")}";

        public override string Bans(int bans, int clients, int spared) => bans + spared == 0 ? "No bans." :
            $"{Count(bans, "ban")} of {(clients == 1 ? "1 address" : $"{Number(clients)} addresses")}{(spared == 0 ? "" : $"; {Count(spared, "ban")} withheld (protected senders)")}.";

        public override string Name(GenuineSign sign) => sign switch
        {
            GenuineSign.None => "",
            GenuineSign.Delivered => "delivered mail",
            GenuineSign.Proven => "proven sender",
            GenuineSign.LoggedIn => "logged in",
            _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, "No words for this sign."),
        };

        public override string Estimate(int banned, int genuine, int missed) =>
            $"Estimate of error: {Number(genuine)} of {Number(banned)} banned addresses delivered mail or logged in before or after; {(missed == 1 ? "1 abusive address was" : $"{Number(missed)} abusive addresses were")} not banned.";

        public override string Against(int added, int removed) => $"The other settings add {Count(added, "address").Replace("addresss", "addresses", StringComparison.Ordinal)} and remove {Number(removed)}.";

        public override string More(int rows) => $"and {Number(rows)} more (--format json shows all)";
    }

    private sealed class JapaneseWords : ReplayWords
    {
        public override string[] Columns => ["アドレス", "開始", "期間", "正規?", "理由"];

        public override string[] SparedColumns => ["アドレス", "時刻", "遮断しなかった理由"];

        public override string Nothing => "実際には何も変更せず、誰も遮断していません。";

        public override string Title(string? from, string? to, long sessions) => $"リプレイ {(from is null ? "（期間なし）" : $"{from} ～ {to}")}: {Number(sessions)} セッション";

        public override string Bans(int bans, int clients, int spared) => bans + spared == 0 ? "遮断はありません。" :
            $"遮断 {Number(bans)} 回（{Number(clients)} IP）{(spared == 0 ? "" : $"、保護により見送り {Number(spared)} 回")}。";

        public override string Name(GenuineSign sign) => sign switch
        {
            GenuineSign.None => "",
            GenuineSign.Delivered => "受信実績あり",
            GenuineSign.Proven => "継続的な送信元",
            GenuineSign.LoggedIn => "ログイン成功",
            _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, "No words for this sign."),
        };

        public override string Estimate(int banned, int genuine, int missed) =>
            $"誤りの推定: 遮断した {Number(banned)} IP のうち {Number(genuine)} 件は、前後にメールの受信かログインがあります。遮断されなかった攻撃的な IP は {Number(missed)} 件です。";

        public override string Against(int added, int removed) => $"もう一方の設定では、追加 {Number(added)} 件、削除 {Number(removed)} 件です。";

        public override string More(int rows) => $"ほか {Number(rows)} 件（--format json で全件）";
    }
}
