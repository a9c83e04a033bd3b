using System.Globalization;

namespace Postern.Facts;

/// <summary>
/// The details of the tests in Japanese. The tests write them in English with the names that they found; the rows are those sentences,
/// with <c>{}</c> where a name stands. A detail that has no row stays English, after what its result means.
/// </summary>
internal static class EvidenceDetails
{
    private static readonly (string English, string Japanese)[] s_rows =
    [
        ("not listed by {}", "{0} に登録なし"),
        ("listed: {}", "登録あり: {0}"),
        ("known to be good: {}", "許可リストに登録あり: {0}"),
        ("no list is configured for it", "対象の DNSBL が設定されていません"),
        ("the DNS does not say what the address is called: {}", "PTR 名を取得できません: {0}"),
        ("the address has no PTR name", "PTR 名がありません"),
        ("many PTR names, the first is {}", "PTR 名が多数あります。最初は {0}"),
        ("PTR name {}", "PTR 名 {0}"),
        ("the PTR name could not be looked up", "PTR 名を取得できません"),
        ("no PTR name that could lead back to the address", "逆引きを確認できません（PTR 名なし）"),
        ("{} resolves back to the address", "{0} を正引きすると元のアドレスに一致"),
        ("{} does not resolve back to the address", "{0} を正引きしても元のアドレスに一致しません"),
        ("{} could not be looked up: {}", "{0} を取得できません: {1}"),
        ("no PTR name to judge", "PTR 名がありません"),
        ("{} looks like a mail server's name", "{0} はメールサーバーらしい名前です"),
        ("{} looks like one of a numbered set of mail servers ({})", "{0} は番号付きのメールサーバー群の 1 台と見られます（{1}）"),
        ("{} looks like a name made from a number, not chosen for a mail server ({})", "{0} は番号から機械的に作られた名前です（{1}）"),
        ("{} is a generic (dynamic or residential) PTR name ({})", "{0} は一般利用者向け回線の名前です（{1}）"),
        ("no HELO name was given", "HELO 名の指定なし"),
        ("the HELO name is empty", "HELO 名が空です"),
        ("{} is this server's own name", "{0} はこのサーバー自身の名前です"),
        ("{} is not an address literal", "{0} はアドレスリテラルとして誤っています"),
        ("{} is allowed, and the client's address, but no name", "{0} は接続元のアドレスで、規格上は許されますが、名前ではありません"),
        ("{} is not the client's address", "{0} は接続元のアドレスではありません"),
        ("{} is an address without brackets", "{0} は角括弧のないアドレスです"),
        ("{} is an address, and not the client's", "{0} は接続元と異なるアドレスです"),
        ("{} is this machine's name for itself; the client is another", "{0} は自分自身を指す名前で、外部の接続元の名前ではありません"),
        ("{} is not a fully qualified domain name", "{0} は FQDN ではありません"),
        ("{} can exist inside of one network only", "{0} は内部ネットワーク専用の名前です"),
        ("{} is a fully qualified domain name", "{0} は FQDN です"),
        ("the HELO name is none that could be looked up", "HELO 名を正引きできません"),
        ("{} resolves to the client", "{0} を正引きすると接続元に一致"),
        ("{} resolves to {} and others, not to the client", "{0} を正引きすると {1} などになり、接続元と一致しません"),
        ("{} resolves to {}, not to the client", "{0} を正引きすると {1} になり、接続元と一致しません"),
        ("{} does not exist", "{0} は存在しません"),
        ("{} has no address of the client's kind", "{0} に接続元と同じ種類のアドレスがありません"),
        ("no HELO name to compare", "比較する HELO 名がありません"),
        ("no PTR name to compare with", "比較する PTR 名がありません"),
        ("{} is the PTR name, which could not be looked up", "{0} は PTR 名と同じですが、正引きできませんでした"),
        ("{} is the PTR name, but that does not resolve back", "{0} は PTR 名と同じですが、正引きが一致しません"),
        ("{} is the PTR name", "{0} は PTR 名と同じです"),
        ("{} and the PTR name {} are of one domain", "{0} と PTR 名 {1} は同じドメインです"),
        ("{} is of the PTR name's domain, but that name does not resolve back", "{0} は PTR 名と同じドメインですが、正引きが一致しません"),
        ("{} has nothing in common with the PTR name {}", "{0} は PTR 名 {1} と無関係です"),
        ("{} lets everybody, or a large part of the Internet, send for it ({}), which shows nothing", "{0} は誰にでも送信を許可しており（{1}）、根拠になりません"),
        ("{} says that the client may send for it ({})", "{0} はこの接続元に送信を許可（{1}）"),
        ("{} says that the client may send for it", "{0} はこの接続元に送信を許可"),
        ("{} says that the client may not send for it ({}); it says: {}", "{0} はこの接続元の送信を不許可（{1}）。説明: {2}"),
        ("{} says that the client may not send for it ({})", "{0} はこの接続元の送信を不許可（{1}）"),
        ("{} says that the client may not send for it", "{0} はこの接続元の送信を不許可"),
        ("{} says that the client probably may not send for it ({})", "{0} はこの接続元の送信をおそらく不許可（{1}）"),
        ("{} makes no statement on the client", "{0} はこの接続元について何も示していません"),
        ("{} has no SPF policy", "{0} に SPF レコードがありません"),
        ("the SPF policy of {} could not be used: {}", "{0} の SPF レコードを使えません: {1}"),
        ("no sender was given", "送信者アドレスの指定なし"),
        ("no message was given", "メールの指定なし"),
        ("the message has no DKIM signature", "DKIM 署名がありません"),
        ("the message has no ARC chain", "ARC がありません"),
        ("{} is shown to be the author's domain by {}", "{0} は {1} により作成者のドメインと確認"),
        ("neither SPF nor DKIM shows that the message comes from {}, whose policy is {}", "SPF でも DKIM でも {0} からのメールと確認できません（ポリシー: {1}）"),
        ("the DMARC policy of {} could not be looked up: {}", "{0} の DMARC ポリシーを取得できません: {1}"),
        ("whether {} is the author's domain could not be looked up", "{0} が作成者のドメインかどうかを確認できません"),
        // What stands in the brackets of a generic name.
        ("it contains the address", "IP アドレスを含む"),
        ("it contains three quarters of the address", "IP アドレスの大部分を含む"),
        ("it contains the end of the address", "IP アドレスの末尾を含む"),
        ("it is numbered", "番号が付いている"),
        ("it contains a hardware address", "MAC アドレスを含む"),
        ("it is a serial number", "製造番号"),
        ("one name for a whole pool", "アドレスプール全体で 1 つの名前"),
        ("{}, and the word '{}', but also '{}'", "{0}、「{1}」と「{2}」という語を含む"),
        ("{}, and the word '{}'", "{0}、「{1}」という語を含む"),
        ("the word '{}'", "「{0}」という語を含む"),
        ("{}, below {}", "{0}、{1} の配下"),
    ];

    /// <summary>The detail in Japanese; null where there is no row for it.</summary>
    public static string? Japanese(string detail)
    {
        foreach (var (english, japanese) in s_rows)
        {
            if (Match(english.Split("{}"), detail) is { } names)
            {
                return string.Format(CultureInfo.InvariantCulture, japanese, [.. names.Select(name => (object)(Japanese(name) ?? name))]);
            }
        }

        return null;
    }

    private static List<string>? Match(string[] parts, string text)
    {
        if (!text.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return null;
        }

        var names = new List<string>();
        var at = parts[0].Length;
        for (var i = 1; i < parts.Length; i++)
        {
            var isLast = i == parts.Length - 1;
            var end = isLast ? (text.EndsWith(parts[i], StringComparison.Ordinal) ? text.Length - parts[i].Length : -1) : text.IndexOf(parts[i], at, StringComparison.Ordinal);
            // A name is never empty.
            if (end <= at)
            {
                return null;
            }

            names.Add(text[at..end]);
            at = end + parts[i].Length;
        }

        return at == text.Length ? names : null;
    }
}
