using Postern.Cli.Words;
using Postern.Decisions.Bans;
using Postern.Decisions.Jails;
using Postern.Decisions.Protection;
using Postern.Facts;

namespace Postern.Tests.Words;

/// <summary>Why a ban was made or withheld is kept in English and told in Japanese; what a person wrote stays.</summary>
public sealed class JapaneseDecisionsTests
{
    private static readonly SenderVerdict s_genuine = new()
    {
        Tests = [],
        Points = 9,
        Legitimacy = Legitimacy.Genuine,
        Advice = Advice.Accept,
        MayBounce = false,
        Deciding = ["fcrdns", "spf-helo"],
        Troubled = [],
    };

    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("12 lone-dot, 3 blank-line within 10m", "10m 以内に lone-dot 12 回、blank-line 3 回")]
    [InlineData("5 lone-dot, 4 blank-line, 3 http-request, 2 tls-scan and others within 10m", "10m 以内に lone-dot 5 回、blank-line 4 回、http-request 3 回、tls-scan 2 回 ほか")]
    [InlineData("96 failed logins within 1d", "1d 以内にログイン失敗 96 回")]
    [InlineData("50 lone-dot, http-request within 7d", "7d 以内に lone-dot, http-request が合わせて 50 回")]
    [InlineData("12 failures by fail2ban's filter; decided by mx2", "fail2ban のフィルターで失敗 12 回（mx2 による）")]
    [InlineData("8 clients of 192.0.2.0/24 banned at once; except 192.0.2.7", "192.0.2.0/24 の 8 個の接続元を同時に遮断中（192.0.2.7 を除く）")]
    [InlineData("mx2 spares it: it delivered mail on 4 days of the last 30 without a hostile day, and no DNS list names it", "mx2 が保護しています: 過去 30 日のうち 4 日メールを受け付けました。攻撃的な日はなく、DNS リストにも載っていません")]
    [InlineData("the brake holds logins: 9 of 12 established clients seen lately show it and nothing else", "安全装置（brake）が logins による遮断を保留しています: 最近の実績のある接続元 12 件のうち 9 件が、この動作だけをしています")]
    [InlineData("asked by the head office within 10m", "asked by the head office within 10m")]
    [InlineData("経理部の依頼", "経理部の依頼")]
    public void Each_form_has_its_sentence(string told, string japanese) => JapaneseDecisions.Of(told).ShouldBe(japanese);

    [Fact]
    public void What_the_deciders_write_is_known()
    {
        var jail = new JailOptions();
        SessionMark[] marks = [.. Enumerable.Range(0, 12).Select(static i => new SessionMark(LogTime.From(s_now.AddSeconds(-i)), BehaviourSet.Of(Behaviour.LoneDot, Behaviour.BlankLine), SessionTraits.None))];
        ClientNetwork.TryParse("192.0.2.0/24", out var network).ShouldBeTrue();
        IEnumerable<string> told = [BanReason.Of(marks, jail, s_now, null), BanReason.OfSubnet(8, network), BanReason.OfSubnet(12.5, network, jail), .. Protections(jail, marks)];
        foreach (var one in told.Where(static one => one.Length > 0))
        {
            JapaneseDecisions.Of(one).ShouldMatch("[ぁ-ん]", one);
            JapaneseDecisions.Of(one).ShouldNotMatch("[a-z] [a-z]", one);
        }
    }

    private static IEnumerable<string> Protections(JailOptions jail, SessionMark[] marks)
    {
        ProtectionFacts[] facts =
        [
            new() { AllowedBy = "192.0.2.0/24" },
            new() { IsOwnAddress = true },
            new() { MyNetwork = "192.0.2.0/24" },
            new() { IsPrivate = true },
            new() { DeliveredDays = 5, HostileBefore = true },
            new() { DeliveredDays = 5, Lists = ListAnswer.NotListed, IsChecked = true, Verdict = s_genuine },
            new() { Correspondent = "example.org", IsChecked = true, Verdict = s_genuine },
            new() { Correspondent = "example.org", Lists = ListAnswer.Listed, IsChecked = true, Verdict = s_genuine },
            new() { IsChecked = true, Verdict = s_genuine },
        ];
        foreach (var one in facts)
        {
            foreach (var weight in (double[])[1, 12, 31, 500])
            {
                foreach (var behaviour in (Behaviour[])[Behaviour.LoneDot, Behaviour.GarbageCommand])
                {
                    yield return ProtectionRules.Judge(one, new WindowSum(weight, 12, BehaviourSet.Of(behaviour)), marks, jail, s_now).Detail;
                }
            }
        }
    }
}
