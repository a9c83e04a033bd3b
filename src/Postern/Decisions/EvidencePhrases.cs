using Postern.Facts;

namespace Postern.Decisions;

/// <summary>What each test's result means, as a phrase of a sentence. The words for results of SPF, DKIM and DMARC are the same in every language.</summary>
internal static class EvidencePhrases
{
    /// <summary>The phrase.</summary>
    public static string Of(Evidence test, bool isJapanese)
    {
        var word = test.Result.ToString().ToLowerInvariant();
        return test.Result switch
        {
            TestResult.TempError => isJapanese ? $"{Subject(test.Name, true)}: DNS 応答なし" : $"no DNS answer for {Subject(test.Name, false)}",
            TestResult.Skipped => isJapanese ? $"{Subject(test.Name, true)}: 未実施" : $"{Subject(test.Name, false)} not tested",
            _ => isJapanese ? Japanese(test, word) : English(test, word),
        };
    }

    private static string English(Evidence test, string word) => (test.Name, test.Result) switch
    {
        ("dnsbl", TestResult.Pass) => test.Points > 0.5 ? "on a list of good senders" : "on no DNS list",
        ("dnsbl", TestResult.Fail) => "on a DNS list",
        ("dnsbl", _) => "the DNS list answers with an error",
        ("ptr", TestResult.Pass) => "has a PTR name",
        ("ptr", _) => "no PTR name",
        ("fcrdns", TestResult.Pass) => "reverse DNS confirmed",
        ("fcrdns", _) => "reverse DNS does not lead back",
        ("generic-ptr", TestResult.Pass or TestResult.Neutral) => "PTR name of a server",
        ("generic-ptr", TestResult.SoftFail) => "PTR name made from a number",
        ("generic-ptr", _) => "PTR name of an access line",
        ("helo-syntax", TestResult.Pass) => "HELO is a full host name",
        ("helo-syntax", _) => "HELO is no name that a mail server may have",
        ("helo-rdns", TestResult.Pass) => "HELO resolves to the address",
        ("helo-rdns", _) => "HELO does not resolve to the address",
        ("helo-ptr", TestResult.Pass) => "HELO agrees with the PTR name",
        ("helo-ptr", _) => "HELO does not agree with the PTR name",
        _ => $"{Subject(test.Name, false)} {word}",
    };

    private static string Japanese(Evidence test, string word) => (test.Name, test.Result) switch
    {
        ("dnsbl", TestResult.Pass) => test.Points > 0.5 ? "許可リストに登録あり" : "DNSBL 登録なし",
        ("dnsbl", TestResult.Fail) => "DNSBL に登録あり",
        ("dnsbl", _) => "DNSBL がエラーを返す",
        ("ptr", TestResult.Pass) => "PTR 名あり",
        ("ptr", _) => "PTR 名なし",
        ("fcrdns", TestResult.Pass) => "逆引き一致",
        ("fcrdns", _) => "逆引き不一致",
        ("generic-ptr", TestResult.Pass or TestResult.Neutral) => "PTR 名がサーバーのもの",
        ("generic-ptr", TestResult.SoftFail) => "PTR 名が番号から機械的に作られたもの",
        ("generic-ptr", _) => "PTR 名が一般利用者向け回線のもの",
        ("helo-syntax", TestResult.Pass) => "HELO 名が FQDN",
        ("helo-syntax", _) => "HELO 名が不正",
        ("helo-rdns", TestResult.Pass) => "HELO 正引き一致",
        ("helo-rdns", _) => "HELO 正引き不一致",
        ("helo-ptr", TestResult.Pass) => "HELO と PTR 名が一致",
        ("helo-ptr", _) => "HELO と PTR 名が不一致",
        (_, TestResult.None) when test.Name.StartsWith("spf", StringComparison.Ordinal) => $"{Subject(test.Name, true)} レコードなし",
        (_, TestResult.PermError) when test.Name.StartsWith("spf", StringComparison.Ordinal) => $"{Subject(test.Name, true)} レコードの書式エラー",
        ("dkim", TestResult.None) => "DKIM 署名なし",
        ("dmarc", TestResult.None) => "DMARC レコードなし",
        ("arc", TestResult.None) => "ARC なし",
        _ => $"{Subject(test.Name, true)} {word}",
    };

    private static string Subject(string test, bool isJapanese) => test switch
    {
        "dnsbl" => isJapanese ? "DNSBL" : "DNS lists",
        "ptr" => isJapanese ? "PTR 名" : "the PTR name",
        "fcrdns" => isJapanese ? "逆引き" : "reverse DNS",
        "generic-ptr" => isJapanese ? "PTR 名の種類" : "the kind of PTR name",
        "helo-syntax" => isJapanese ? "HELO 名" : "the HELO name",
        "helo-rdns" => isJapanese ? "HELO の正引き" : "the HELO name's address",
        "helo-ptr" => isJapanese ? "HELO と PTR 名" : "HELO and PTR name",
        "spf-helo" => isJapanese ? "SPF（HELO）" : "HELO's SPF",
        "spf-ptr" => isJapanese ? "SPF（PTR 名）" : "the PTR name's SPF",
        "spf-mailfrom" => isJapanese ? "SPF（MAIL FROM）" : "the sender's SPF",
        "dkim" => "DKIM",
        "dmarc" => "DMARC",
        "arc" => "ARC",
        _ => test,
    };
}
