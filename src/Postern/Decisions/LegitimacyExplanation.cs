using System.Globalization;
using Postern.Facts;

namespace Postern.Decisions;

/// <summary>
/// Says in words what was concluded, and by which tests. The server that connects and the sender of the envelope are told apart: a
/// genuine server may carry a sender that nothing verifies.
/// </summary>
public static class LegitimacyExplanation
{
    /// <summary>A few sentences for the operator, in Japanese where the language is <c>ja</c>, else in English.</summary>
    public static string Write(SenderVerdict verdict, string language)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return IsJapanese(language) ? Japanese(verdict) : English(verdict);
    }

    /// <summary>What a test found, with the names.</summary>
    public static string Describe(Evidence test, string language)
    {
        ArgumentNullException.ThrowIfNull(test);
        return !IsJapanese(language) ? test.Detail
            : EvidenceDetails.Japanese(test.Detail) ?? $"{EvidencePhrases.Of(test, isJapanese: true)}（{test.Detail}）";
    }

    /// <summary>The tests that were not made, in one line; empty where all were.</summary>
    public static string NotAsked(IReadOnlyList<Evidence> tests, string language)
    {
        var names = tests.Where(static test => test.Result == TestResult.Skipped).Select(static test => test.Name).ToList();
        return names.Count == 0 ? "" : IsJapanese(language) ? $"未実施: {string.Join("、", names)}" : $"not asked: {string.Join(", ", names)}";
    }

    private static bool IsJapanese(string language) => string.Equals(language, "ja", StringComparison.OrdinalIgnoreCase);

    private static string English(SenderVerdict verdict)
    {
        var reasons = Reasons(verdict, isJapanese: false);
        var by = reasons.Length == 0 ? "no test speaks either way" : (IsFor(verdict) ? "because: " : "against it: ") + string.Join(", ", reasons);
        var conclusion = verdict.Legitimacy switch
        {
            Legitimacy.Genuine => "The server is genuine",
            Legitimacy.Unproven => "The server is not verified, and nothing is suspicious",
            Legitimacy.Suspect => "The server or its sender is suspect",
            _ => "The envelope sender, or the server's name, is very probably forged",
        };
        var advice = verdict.Advice switch
        {
            Advice.Accept => "Accept its mail.",
            Advice.Defer => "Defer with 4xx; a genuine sender retries.",
            _ => "Refuse its mail while the connection is open.",
        };
        var trouble = verdict.Troubled.Count == 0 ? "" : $" DNS gave no answer for {string.Join(", ", verdict.Troubled)}; these count neither way.";
        var envelope = Envelope(verdict) switch
        {
            EnvelopeState.BySpf => "The envelope sender is verified (SPF pass).",
            EnvelopeState.ByDkim => "The envelope sender is verified (fresh DKIM signature).",
            EnvelopeState.NotGiven => "No envelope sender was given.",
            EnvelopeState.Unanswered => "Whether the envelope sender is genuine could not be looked up, so never bounce to it: a bounce to a forged address is backscatter.",
            _ => "The envelope sender is not verified (no SPF pass, no DKIM), so never bounce to it: a bounce to a forged address is backscatter.",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{conclusion} ({by}; {verdict.Points:+0.##;-0.##;0} points). {envelope} {advice}{trouble}");
    }

    private static string Japanese(SenderVerdict verdict)
    {
        var reasons = Reasons(verdict, isJapanese: true);
        var by = reasons.Length == 0 ? "根拠となる検査なし" : "根拠: " + string.Join("、", reasons);
        var conclusion = verdict.Legitimacy switch
        {
            Legitimacy.Genuine => "接続元は正規のメールサーバーと判断します",
            Legitimacy.Unproven => "接続元が正規のメールサーバーかどうかは判断できません。不審な点も見つかりません",
            Legitimacy.Suspect => "接続元または送信者アドレスが疑わしいものです",
            _ => "送信者アドレスまたは接続元の名前が詐称されている可能性が高いです",
        };
        var advice = verdict.Advice switch
        {
            Advice.Accept => "メールを受け取って構いません。",
            Advice.Defer => "4xx で一時拒否してください（グレイリスティングと同じ扱い）。",
            _ => "接続中に受信を拒否してください。",
        };
        var trouble = verdict.Troubled.Count == 0 ? "" : $"DNS の応答が得られなかった検査: {string.Join("、", verdict.Troubled)}（どちらにも数えません）。";
        var envelope = Envelope(verdict) switch
        {
            EnvelopeState.BySpf => "送信者アドレス（MAIL FROM）は SPF で確認できました。",
            EnvelopeState.ByDkim => "送信者アドレス（MAIL FROM）は新しい DKIM 署名で確認できました。",
            EnvelopeState.NotGiven => "送信者アドレス（MAIL FROM）は指定されていません。",
            EnvelopeState.Unanswered => "送信者アドレス（MAIL FROM）は DNS の応答がなく確認できないため、エラーメールは返さないでください（バックスキャッターになります）。",
            _ => "ただし送信者アドレス（MAIL FROM）は SPF・DKIM で確認できないため、エラーメールは返さないでください（バックスキャッターになります）。",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{conclusion}（{by}、合計 {verdict.Points:+0.##;-0.##;0} 点）。{envelope}{advice}{trouble}");
    }

    private static bool IsFor(SenderVerdict verdict) => verdict.Legitimacy is Legitimacy.Genuine or Legitimacy.Unproven;

    private static string[] Reasons(SenderVerdict verdict, bool isJapanese) =>
    [
        .. verdict.Deciding.Select(name => verdict.Tests.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.Ordinal)))
            .OfType<Evidence>().Select(test => EvidencePhrases.Of(test, isJapanese)),
    ];

    private static EnvelopeState Envelope(SenderVerdict verdict)
    {
        var spf = verdict.Tests.FirstOrDefault(t => t.Name is "spf-mailfrom")?.Result ?? TestResult.Skipped;
        return verdict.MayBounce ? (spf == TestResult.Pass ? EnvelopeState.BySpf : EnvelopeState.ByDkim)
            : spf == TestResult.Skipped ? EnvelopeState.NotGiven
            : spf == TestResult.TempError ? EnvelopeState.Unanswered
            : EnvelopeState.Unverified;
    }

    private enum EnvelopeState
    {
        Unverified,
        BySpf,
        ByDkim,
        NotGiven,
        Unanswered,
    }
}
