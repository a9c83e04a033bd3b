using System.Globalization;
using Postern.Facts;

namespace Postern.Decisions;

/// <summary>Says in words what was concluded, and by which tests.</summary>
public static class LegitimacyExplanation
{
    /// <summary>A few sentences for the operator, in Japanese where the language is <c>ja</c>, else in English.</summary>
    public static string Write(SenderVerdict verdict, string language)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return string.Equals(language, "ja", StringComparison.OrdinalIgnoreCase) ? Japanese(verdict) : English(verdict);
    }

    private static string English(SenderVerdict verdict)
    {
        var by = verdict.Deciding.Count == 0 ? "no test speaks either way" : (verdict.Legitimacy is Legitimacy.Genuine or Legitimacy.Unproven ? "for it: " : "against it: ") + string.Join(", ", verdict.Deciding);
        var conclusion = verdict.Legitimacy switch
        {
            Legitimacy.Genuine => "The sender is shown to be genuine",
            Legitimacy.Unproven => "Nothing proves the sender, nothing speaks clearly against it",
            Legitimacy.Suspect => "The sender is suspect",
            _ => "The sender is forged",
        };
        var advice = verdict.Advice switch
        {
            Advice.Accept => "Accept its mail.",
            Advice.Defer => "Ask it to come back later (a 4xx reply): a genuine sender does.",
            _ => "Refuse its mail while the connection is open.",
        };
        var trouble = verdict.Troubled.Count == 0 ? "" : $" The DNS gave no answer for {string.Join(", ", verdict.Troubled)}; these count neither way.";
        var bounce = verdict.MayBounce ? "" : " Send no bounce: the sender's address is not proven.";
        return string.Create(CultureInfo.InvariantCulture, $"{conclusion} ({by}; {verdict.Points:+0.##;-0.##;0} points). {advice}{trouble}{bounce}");
    }

    private static string Japanese(SenderVerdict verdict)
    {
        var by = verdict.Deciding.Count == 0 ? "決め手となる検査なし" : "決め手: " + string.Join("、", verdict.Deciding);
        var conclusion = verdict.Legitimacy switch
        {
            Legitimacy.Genuine => "正当な送信者と確認できました",
            Legitimacy.Unproven => "送信者の正当性は証明されていませんが、はっきりした反証もありません",
            Legitimacy.Suspect => "疑わしい送信者です",
            _ => "送信者は詐称されています",
        };
        var advice = verdict.Advice switch
        {
            Advice.Accept => "メールを受け取って構いません。",
            Advice.Defer => "一時的な拒否 (4xx) を返してください。正当な送信者は後で再送します。",
            _ => "接続中に受信を拒否してください。",
        };
        var trouble = verdict.Troubled.Count == 0 ? "" : $"DNS の応答が得られなかった検査: {string.Join("、", verdict.Troubled)} (どちらにも数えません)。";
        var bounce = verdict.MayBounce ? "" : "送信者アドレスが証明されていないため、エラーメールは返さないでください。";
        return string.Create(CultureInfo.InvariantCulture, $"{conclusion} ({by}、合計 {verdict.Points:+0.##;-0.##;0} 点)。{advice}{trouble}{bounce}");
    }
}
