using Postern.Explain;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Cli.Words;

/// <summary>Mistakes in Japanese.</summary>
internal sealed class JapaneseErrors : IErrorWords
{
    /// <inheritdoc/>
    public string Stopped => "中断しました";

    /// <inheritdoc/>
    public string BadTime => "--since と --until には、2026-11-25T01:00 のような日時か、90m、24h、7d のような現在からの時間を指定します";

    /// <inheritdoc/>
    public string BadNow => "--now には 2026-11-25T01:00 のような日時を指定します";

    /// <inheritdoc/>
    public string BadYear => "--year には 4 桁の西暦を指定します";

    /// <inheritdoc/>
    public string BadDays => "--days には 1 から 366 までの数を指定します";

    /// <inheritdoc/>
    public string ResolverAndOffline => "--resolver と --offline は同時に指定できません";

    /// <inheritdoc/>
    public string BadMaxLines => "--maxlines には 1 以上の数を指定します";

    /// <inheritdoc/>
    public string AgainstReadsTwice => "--against はログを 2 回読むため、標準入力は使えません";

    /// <inheritdoc/>
    public string NotAMessage => "メールとして読み取れません";

    /// <inheritdoc/>
    public string NoAnswer => "デーモンが時間内に応答しません";

    /// <inheritdoc/>
    public string DaemonEnded => "デーモンが応答する前に終了しました";

    /// <inheritdoc/>
    public string ReplyTooLarge => "デーモンの応答が大きすぎます";

    /// <inheritdoc/>
    public string Input(ExplainFailure failure)
    {
        var detail = SafeText.Escape(failure.Detail);
        return $"{SafeText.Escape(failure.Input)}: " + failure.Problem switch
        {
            InputProblem.NoStandardInput => "標準入力がありません",
            InputProblem.Missing => "ファイルがありません",
            InputProblem.NoPermission => "読み取り権限がありません",
            InputProblem.BadName => "ファイル名として使えません",
            InputProblem.NotAMaildir => "Maildir ではないディレクトリーです（cur と new がありません）",
            InputProblem.Empty => "ファイルが空です",
            InputProblem.Damaged => $"データが壊れていて読み取れません（{detail}）",
            InputProblem.NotMail => $"Postfix のログの行も通知メールも見つかりません（内容: {detail}）",
            InputProblem.NoPostfixLines => $"Postfix のログの行も通知メールも見つかりません。最初の行は「{detail}」です。対応する形式: syslog（RFC 3164、RFC 5424）、journalctl、"
                + "それらを含む Docker・Kubernetes・supervisord のテキストまたは JSON、mbox、Maildir、単独のメール、貼り付けたセッション記録",
            InputProblem.NoTimes => "行に時刻がないため、リプレイできません",
            _ => $"読み取れません（{detail}）",
        };
    }

    /// <inheritdoc/>
    public string UnknownCommand(string name, string? nearest) => $"コマンド「{name}」はありません{(nearest is null ? "" : $"。「{nearest}」ではありませんか")}";

    /// <inheritdoc/>
    public string Unrecognised(string word) => $"「{word}」はこのコマンドのオプションにも引数にもありません";

    /// <inheritdoc/>
    public string MissingArgument(string argument, string command) => $"{command} には {argument} の指定が必要です";

    /// <inheritdoc/>
    public string MissingCommand(string command, IEnumerable<string> choices) => $"{command} の後に次のいずれかが必要です: {string.Join("、", choices)}";

    /// <inheritdoc/>
    public string MissingValue(string option) => $"{option} に値を指定してください";

    /// <inheritdoc/>
    public string NotOneOf(string option, string value, IEnumerable<string> choices) => $"{option} に「{value}」は指定できません。指定できる値: {string.Join("、", choices)}";

    /// <inheritdoc/>
    public string NotANumber(string option, string value) => $"{option} には数を指定します（「{value}」は数ではありません）";

    /// <inheritdoc/>
    public string SeeHelp(string command) => $"（使い方: {command} --help）";

    /// <inheritdoc/>
    public string NotAnAddress(string text) => $"「{text}」は IPv4 アドレスでも IPv6 アドレスでもありません";

    /// <inheritdoc/>
    public string NotANetwork(string text) => $"「{text}」はアドレスでもネットワークでもありません";

    /// <inheritdoc/>
    public string NotAName(string text) => $"「{text}」はアドレス、ネットワーク、DNS 名、送信者のいずれでもありません";

    /// <inheritdoc/>
    public string InLine(int line, string mistake) => $"{Counts.Number(line)} 行目: {mistake}";

    /// <inheritdoc/>
    public string EmptyList => "一覧にアドレスがありません";

    /// <inheritdoc/>
    public string AddressOrAll => "unban にはアドレスか --all のどちらか一方を指定します";

    /// <inheritdoc/>
    public string BadSpan(string text) => $"--for には 90s、10m、1h、7d のような時間を指定します（「{text}」は使えません）";

    /// <inheritdoc/>
    public string BadResolver(string? text) => $"--resolver には 127.0.0.1:53 や [::1]:53 のようなアドレスを指定します（「{text}」は使えません）";

    /// <inheritdoc/>
    public string BadEncoding(string name) => $"--encoding の「{name}」には対応していません";

    /// <inheritdoc/>
    public string BadZone(string name) => $"--tz の「{name}」というタイムゾーンはありません";

    /// <inheritdoc/>
    public string MessageTooLarge(long megabytes) => $"メールが {Counts.Number(megabytes)} MB を超えています";

    /// <inheritdoc/>
    public string MessageEmpty(string path) => $"メール {path} が空です";

    /// <inheritdoc/>
    public string MessageUnreadable(string why) => $"メールを読み取れません: {why}";

    /// <inheritdoc/>
    public string NoDns(string detail) => $"DNS の応答がありません: {detail}";

    /// <inheritdoc/>
    public string ConfigNotUsed(string file, string why) => $"{file} を使わず、標準の設定で動作します: {why}";

    /// <inheritdoc/>
    public string MoreFilterErrors(int more) => $"（ほか {Counts.Number(more)} 件は postern filter lint で確認できます）";

    /// <inheritdoc/>
    public string NoFile(string path) => $"{path}: ファイルがありません";

    /// <inheritdoc/>
    public string NoPermission(string path) => $"{path}: 読み取り権限がないか、ファイルではありません";

    /// <inheritdoc/>
    public string NoWebProgram(string program, string? why) => why is null ? $"{program} がありません。パッケージに含まれています" : $"{program} を実行できません: {why}";

    /// <inheritdoc/>
    public string NotRunning(string socket) => $"デーモンが動作していません（{socket} に応答なし）。systemctl start postern または postern run で起動してください";

    /// <inheritdoc/>
    public string NoSocketPermission(string socket) => $"{socket} を使う権限がありません（所有者、グループ、root だけが使えます）";

    /// <inheritdoc/>
    public string NotPostern(string socket) => $"{socket} で応答したのは postern ではありません";

    /// <inheritdoc/>
    public string BadSocket(string socket) => $"{socket} はソケットのパスとして使えません";

    /// <inheritdoc/>
    public string Setting(string form) => JapaneseSettings.Of(form);
}
