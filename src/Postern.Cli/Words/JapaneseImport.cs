namespace Postern.Cli.Words;

/// <summary>What <c>import</c> says, in Japanese.</summary>
internal sealed class JapaneseImport : IImportWords
{
    /// <inheritdoc/>
    public string Bans(long active, long past, bool isDryRun) => $"{(isDryRun ? "引き継ぐ" : "引き継いだ")}遮断: 継続中 {Counts.Number(active)} 件、終了済み {Counts.Number(past)} 件（次の遮断時間の計算用）";

    /// <inheritdoc/>
    public string Target(bool isDaemon) => isDaemon ? "動作中の Postern に渡しました。" : "データベースに書き込みました。次の起動時に読み込まれます。";

    /// <inheritdoc/>
    public string InDryRun => "Postern はドライランモードです。引き継いだ遮断は記録だけで、mode = \"enforce\" に切り替えても引き継がれません。切り替え後にもう一度実行してください。";

    /// <inheritdoc/>
    public string Known(long count) => $"すでにある遮断: {Counts.Number(count)} 件";

    /// <inheritdoc/>
    public string Settings(string file) => $"{file} に追加する設定:";

    /// <inheritdoc/>
    public string NoSettings => "追加する設定はありません。";

    /// <inheritdoc/>
    public string Left => "引き継がないもの:";

    /// <inheritdoc/>
    public string WasLocked(string file) => $"{file} はほかのプログラムがロックしていたため、ロックを待たずに読み取りました。直近の遮断が欠けている場合があります。";

    /// <inheritdoc/>
    public string NoDatabase(string file, string why) => $"fail2ban のデータベース {file} を読み取れません: {why}";

    /// <inheritdoc/>
    public string NoFolder(string folder) => $"{folder} に fail2ban の jail がありません（--fail2ban で別のディレクトリーを指定できます）";

    /// <inheritdoc/>
    public string Protected(string networks) => $"{networks}: Postern では遮断しません（このホスト、mynetworks、allow）";

    /// <inheritdoc/>
    public string WhyBan(LeftBanReason reason, long count, string jail, string example) =>
        reason switch
        {
            LeftBanReason.NotAnAddress => $"jail {jail} の遮断 {Counts.Number(count)} 件: IP アドレス以外が対象（例: {example}）",
            LeftBanReason.TooLarge => $"jail {jail} の遮断 {Counts.Number(count)} 件: ネットワークの範囲が広すぎます（例: {example}）",
            LeftBanReason.JailNotHere => $"jail {jail} の遮断 {Counts.Number(count)} 件: Postern で動いていない jail です。[fail2ban] config を設定し、もう一度実行してください",
            _ => $"jail {jail} の遮断 {Counts.Number(count)} 件: データベースに遮断時間がなく、jail も有効ではありません",
        };

    /// <inheritdoc/>
    public string WhySetting(LeftSettingReason reason, string jail, string detail) =>
        reason switch
        {
            LeftSettingReason.Actions => "action: Postern は nftables か [command] のプログラムで遮断します",
            LeftSettingReason.CannotRun => detail,
            LeftSettingReason.IgnoreCommand => $"jail {jail} の ignorecommand: [fail2ban] config で jail を動かす間だけ有効です（{detail}）",
            LeftSettingReason.NotAnEntry => $"jail {jail} の ignoreip: '{detail}' は IP アドレス、ネットワーク、DNS 名のいずれでもありません",
            LeftSettingReason.IgnoresEverybody => $"jail {jail} の ignoreip: {detail} では全員が許可されます",
            LeftSettingReason.Formula => $"jail {jail} の bantime.increment: 一定の倍率ではありません（{detail}）。bantime_factor を手作業で設定してください",
            LeftSettingReason.RandomTime => $"jail {jail} の bantime.rndtime: [jail] に対応する設定はありません",
            LeftSettingReason.AllJails => $"jail {jail} の {detail}: [jail] に対応する設定はありません",
            _ => $"jail {jail}: 組み込みの jail には {detail} の設定を使います",
        };
}
