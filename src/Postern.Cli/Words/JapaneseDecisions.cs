using System.Text.RegularExpressions;

namespace Postern.Cli.Words;

/// <summary>
/// Why a ban was made or withheld, in Japanese. The database and the JSON documents keep these sentences in English, as the decider
/// wrote them; what a person wrote stays as it is.
/// </summary>
internal static class JapaneseDecisions
{
    // An excerpt from a place that a client can fill stands in none of them: all are numbers, ids, addresses and our own names.
    private static readonly (Regex Pattern, Func<Match, string> Told)[] s_forms =
    [
        // Bans.
        (Form(@"^((?:\d+ [a-z0-9-]+(?:, )?)+)( and others)? within (\w+)$"), static m => $"{m.Groups[3].Value} 以内に {Behaviours(m.Groups[1].Value)}{(m.Groups[2].Success ? " ほか" : "")}"),
        (Form(@"^(\d+) failed logins within (\w+)$"), static m => $"{m.Groups[2].Value} 以内にログイン失敗 {m.Groups[1].Value} 回"),
        (Form(@"^(\d+) unknown recipients within (\w+)$"), static m => $"{m.Groups[2].Value} 以内に存在しない宛先 {m.Groups[1].Value} 件"),
        (Form(@"^(\d+) ([a-z0-9-]+(?:, [a-z0-9-]+)*) within (\w+)$"), static m => $"{m.Groups[3].Value} 以内に {m.Groups[2].Value} が合わせて {m.Groups[1].Value} 回"),
        (Form(@"^(\d+) clients of (\S+) banned at once$"), static m => $"{m.Groups[2].Value} の {m.Groups[1].Value} 個の接続元を同時に遮断中"),
        (Form(@"^(\d+) failures of many clients of (\S+) within (\w+)$"), static m => $"{m.Groups[2].Value} の多数の接続元から {m.Groups[3].Value} 以内に失敗 {m.Groups[1].Value} 回"),
        (Form(@"^(\d+) failures by fail2ban's filter$"), static m => $"fail2ban のフィルターで失敗 {m.Groups[1].Value} 回"),
        (Form(@"^imported from fail2ban jail (\S+)$"), static m => $"fail2ban の jail「{m.Groups[1].Value}」から引き継ぎ"),
        (Form(@"^found in the firewall after the ledger was lost$"), static _ => "データベースの消失後、ファイアウォールに残っていた遮断"),
        (Form(@"^ordered$"), static _ => "管理者の指示"),

        // Protections.
        (Form(@"^the allow-list names it: (.+)$"), static m => $"許可リストにあります: {m.Groups[1].Value}"),
        (Form(@"^it is an address of this host$"), static _ => "このサーバー自身のアドレスです"),
        (Form(@"^it is within Postfix's mynetworks: (.+)$"), static m => $"Postfix の mynetworks に含まれます: {m.Groups[1].Value}"),
        (Form(@"^its address is of a private network, perhaps a gateway that hides all clients$"), static _ => "プライベートネットワークのアドレスです（すべての接続元を隠すゲートウェイの可能性があります）"),
        (Form(@"^its user logged in on (\S+), in (\d+) known sessions against (\d+) failed logins$"), static m => $"利用者が {m.Groups[1].Value} にログインしています（ログイン {m.Groups[2].Value} 回、失敗 {m.Groups[3].Value} 回）"),
        (Form(@"^it delivered mail on (\d+) days of the last (\d+)(.*)$"), static m => $"過去 {m.Groups[2].Value} 日のうち {m.Groups[1].Value} 日メールを受け付けました{Rest(m.Groups[3].Value)}"),
        (Form(@"^own users write to (\S+), whose client it is(.*)$"), static m => $"利用者が送信している {m.Groups[1].Value} の接続元です{Rest(m.Groups[2].Value)}"),
        (Form(@"^its DNS shows a genuine sender: its DNS$"), static _ => "DNS から正規の送信者と確認できます"),
        (Form(@"^its DNS shows a genuine sender: (.+)$"), static m => $"DNS から正規の送信者と確認できます: {m.Groups[1].Value}"),
        (Form(@"^its DNS shows a genuine sender, which does not excuse (.+)$"), static m => $"DNS から正規の送信者と確認できますが、{m.Groups[1].Value} は許されません"),
        (Form(@"^its DNS shows a genuine sender(, but .+)$"), static m => $"DNS から正規の送信者と確認できます{Rest(m.Groups[1].Value)}"),
        (Form(@"^(\S+) spares it: (.*)$"), static m => $"{m.Groups[1].Value} が保護しています: {Of(m.Groups[2].Value)}"),

        // The brake.
        (Form(@"^the brake holds (\S+): (.*)$"), static m => $"安全装置（brake）が {m.Groups[1].Value} による遮断を保留しています: {Of(m.Groups[2].Value)}"),
        (Form(@"^(\d+) of the latest (\d+) (.+) fail, and (\d+) of them show it$"), static m => $"{Whom(m.Groups[3].Value)}の直近 {m.Groups[2].Value} 件のうち {m.Groups[1].Value} 件が失敗し、{m.Groups[4].Value} 件がこの動作をしています"),
        (Form(@"^(\d+) of (\d+) (.+) seen lately show it and nothing else$"), static m => $"最近の{Whom(m.Groups[3].Value)} {m.Groups[2].Value} 件のうち {m.Groups[1].Value} 件が、この動作だけをしています"),
        (Form(@"^(\d+) clients that delivered mail or logged in on earlier days would be banned within (\d+) minutes$"), static m => $"以前にメールを届けたりログインしたりした接続元 {m.Groups[1].Value} 件が、{m.Groups[2].Value} 分以内に遮断されるところでした"),
        (Form(@"^(\d+) clients with names in order would be banned, and hardly anybody delivers within (\d+) minutes$"), static m => $"名前に問題のない接続元 {m.Groups[1].Value} 件が {m.Groups[2].Value} 分以内に遮断されるところで、メールはほとんど届いていません"),
    ];

    /// <summary>The sentence in Japanese; as it is where a person wrote it.</summary>
    /// <param name="told">As the database keeps it.</param>
    public static string Of(string told)
    {
        // What follows a ban's reason: whom it leaves out, and which host decided it.
        if (told.IndexOf("; except ", StringComparison.Ordinal) is > 0 and var except)
        {
            return $"{Of(told[..except])}（{told[(except + "; except ".Length)..]} を除く）";
        }

        if (told.IndexOf("; decided by ", StringComparison.Ordinal) is > 0 and var decided)
        {
            return $"{Of(told[..decided])}（{told[(decided + "; decided by ".Length)..]} による）";
        }

        foreach (var (pattern, tell) in s_forms)
        {
            if (pattern.Match(told) is { Success: true } match)
            {
                return tell(match);
            }
        }

        return told;
    }

    private static string Behaviours(string counted) => string.Join('、', counted.Split(", ", StringSplitOptions.RemoveEmptyEntries)
        .Select(static one => one.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? $"{one[(space + 1)..]} {one[..space]} 回" : one));

    private static string Rest(string rest) => rest switch
    {
        "" => "",
        " without a hostile day, and no DNS list names it" => "。攻撃的な日はなく、DNS リストにも載っていません",
        " without a hostile day; the DNS lists gave no answer" => "。攻撃的な日はありません（DNS リストは応答なし）",
        ", but it had a hostile day before" => "が、攻撃的な日がありました",
        ", but a DNS list names it" => "が、DNS リストに載っています",
        _ when s_ceiling.Match(rest) is { Success: true } match => $"が、{match.Groups[1].Value} 点は上限の {match.Groups[2].Value} 点を超えています",
        _ => rest,
    };

    private static readonly Regex s_ceiling = Form(@"^, but ([\d.]+) is above the ceiling of ([\d.]+)$");

    private static string Whom(string clients) => clients is "established clients" ? "実績のある接続元" : "以前にメールを届けたりログインしたりした接続元";

    private static Regex Form(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
