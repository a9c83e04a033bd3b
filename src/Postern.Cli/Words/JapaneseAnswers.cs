using Postern.Decisions.Protection;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Cli.Words;

/// <summary>The daemon's answers in Japanese.</summary>
internal sealed class JapaneseAnswers : IAnswerWords
{
    /// <inheritdoc/>
    public string BadLength => "遮断の期間は 1 秒から 10 年までです";

    /// <inheritdoc/>
    public string AllowsEverybody => "すべてのアドレスを許可することになるため、登録しません";

    /// <inheritdoc/>
    public string Reloaded => "設定を再読み込みしました";

    /// <inheritdoc/>
    public string NotReloaded => "設定に誤りがあるため、以前の設定のまま動作を続けます";

    /// <inheritdoc/>
    public string NoticeRead => "通知メールを読み込みました";

    /// <inheritdoc/>
    public string NotANotice => "Postfix の通知メールではありません";

    /// <inheritdoc/>
    public string Banned(ClientNetwork network, string until, bool isDryRun) => isDryRun
        ? $"ドライランのため遮断しません（実行時は {network} を {until} まで遮断）"
        : $"{network} を {until} まで遮断します";

    /// <inheritdoc/>
    public string Protected(ClientNetwork network) => $"{network} には保護対象のアドレス（このホスト、mynetworks、許可リスト）が含まれています";

    /// <inheritdoc/>
    public string TooLarge(ClientNetwork network) => $"{network} は一度に遮断するには広すぎます";

    /// <inheritdoc/>
    public string Lifted(IEnumerable<(ClientNetwork Network, string Jail)> bans, bool isDryRun) =>
        $"{(isDryRun ? "遮断対象から外しました" : "遮断を解除しました")}: {string.Join("、", bans.Select(static ban => $"{ban.Network}（{ban.Jail}）"))}";

    /// <inheritdoc/>
    public string NotBanned(ClientNetwork network, bool isDryRun) => $"{network} は{(isDryRun ? "遮断対象ではありません" : "遮断していません")}";

    /// <inheritdoc/>
    public string Allowed(string entry) => $"{entry} を許可リストに登録しました。今後は遮断しません";

    /// <inheritdoc/>
    public string AllDefaults => "設定されたキーはありません。すべて標準の値です（--defaults で表示）";

    /// <inheritdoc/>
    public string ConfigSound(string file) => $"{file}: 誤りはありません";

    /// <inheritdoc/>
    public string ConfigAbsent(string file) => $"{file} はありません。標準の設定で動作します";

    /// <inheritdoc/>
    public string TookEffect(IEnumerable<string> keys) => $"反映した設定: {string.Join("、", keys)}";

    /// <inheritdoc/>
    public string NeedRestart(IEnumerable<string> keys) => $"postern の再起動が必要な設定: {string.Join("、", keys)}";

    /// <inheritdoc/>
    public string AllowedUntil(string entry, string until) => $"{entry} を許可リストに登録しました。{until} までは遮断しません";

    /// <inheritdoc/>
    public string SenderAllowed(string sender) => $"{sender} からのメールは SMTP 接続時の検査では拒否しません。接続元の遮断は有効です";

    /// <inheritdoc/>
    public string NotResolved(string name) => $"{name} の名前解決ができないため、許可リストに登録しませんでした";

    /// <inheritdoc/>
    public string Disallowed(string entry) => $"{entry} を許可リストから削除しました。今後は遮断することがあります";

    /// <inheritdoc/>
    public string NotAllowed(string entry) => $"{entry} は許可リストにありません";

    /// <inheritdoc/>
    public string AllowedByConfiguration(string entry, string file) => $"{entry} は {file} で許可されています。allow から削除して postern reload を実行してください";

    /// <inheritdoc/>
    public string AllLifted(long count, bool isDryRun) => $"{(isDryRun ? "遮断対象から外しました" : "遮断を解除しました")}: {Counts.Number(count)} 件";

    /// <inheritdoc/>
    public string NobodyBanned(bool isDryRun) => isDryRun ? "遮断対象はありません" : "遮断中のアドレスはありません";

    /// <inheritdoc/>
    public string NoSuchJail(string name, IEnumerable<string> jails) => $"「{SafeText.Escape(name)}」という jail はありません。jail の一覧: {string.Join("、", jails)}";

    /// <inheritdoc/>
    public string Several(long done, long all) => $"{Counts.Number(all)} 件中 {Counts.Number(done)} 件を処理しました";

    /// <inheritdoc/>
    public string Released(string reasons) => $"安全装置（brake）を解除しました: {reasons}。保留していた遮断を判定し直します";

    /// <inheritdoc/>
    public string NotHeld(string? reason) => reason is null ? "安全装置（brake）が保留している遮断はありません" : $"安全装置（brake）は「{SafeText.Escape(reason)}」による保留をしていません";

    /// <inheritdoc/>
    public string NotAnAddress(string? text) => $"「{SafeText.Escape(text)}」はアドレスでもネットワークでもありません";

    /// <inheritdoc/>
    public string UnknownRequest(string name) => $"デーモンは「{SafeText.Escape(name)}」に対応していません。古い版の可能性があります";

    /// <inheritdoc/>
    public string Protection(ProtectionState state) => (state.Reason, state.Holds, state.But) switch
    {
        ("allowed", true, _) => $"許可リストにあります: {state.Entry}",
        ("allowed", _, _) => "許可リストにありません",
        ("own-address", true, _) => "このサーバー自身のアドレスです",
        ("own-address", _, _) => "このサーバーのアドレスではありません",
        ("mynetworks", true, _) => $"Postfix の mynetworks に含まれます: {state.Entry}",
        ("mynetworks", _, _) => "Postfix の mynetworks に含まれません",
        ("private-network", true, _) => "プライベートネットワークのアドレスです（すべての接続元を隠すゲートウェイの可能性があります）",
        ("private-network", _, _) => "プライベートネットワークのアドレスではありません",
        ("logged-in", true, _) => $"{state.Last:yyyy-MM-dd} にログインしています",
        ("logged-in", _, "account-takeover") => $"{state.Last:yyyy-MM-dd} にログインしていますが、そのアカウントは本人以外に使われています",
        ("logged-in", _, _) => state.Last is null ? "ログインしたことがありません" : $"最後のログインは {state.Last:yyyy-MM-dd} です",
        ("proven-sender", true, _) => $"過去 30 日のうち {Counts.Number(state.Days ?? 0)} 日メールを受け付け、攻撃的な日はありません",
        ("proven-sender", _, "hostile-day") => $"過去 30 日のうち {Counts.Number(state.Days ?? 0)} 日メールを受け付けましたが、攻撃的な日がありました",
        ("proven-sender", _, "dnsbl-listed") => $"過去 30 日のうち {Counts.Number(state.Days ?? 0)} 日メールを受け付けましたが、DNS リストに載っています",
        ("proven-sender", _, _) => $"過去 30 日のメール受信は {Counts.Number(state.Days ?? 0)} 日（3 日必要）",
        (_, true, _) => $"DNS から正規の送信者と確認できます{(state.Entry is { Length: > 0 } tests ? $": {tests}" : "")}",
        (_, _, "no-answer") => "DNS に問い合わせていないか、応答がありません",
        (_, _, "dnsbl-listed") => "DNS リストに載っています",
        _ => "DNS からは正規の送信者と確認できません",
    };
}
