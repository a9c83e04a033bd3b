using Postern.Decisions.Jails;
using Postern.Decisions.Protection;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Decisions.Protection;

/// <summary>Every story of Cases/protection, and what does not fit in one.</summary>
public sealed class ProtectionRulesTests
{
    public static TheoryData<string> Stories => [.. ProtectionCase.All().Select(story => story.Title)];

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_story_ends_as_told(string title)
    {
        var story = ProtectionCase.All().Single(story => string.Equals(story.Title, title, StringComparison.Ordinal));
        var ruling = story.Judge();
        Name(ruling).ShouldBe(story.Expected, ruling.Detail);
        ruling.Detail.ShouldContain(story.Words);
        if (ruling.Answer == ProtectionAnswer.Suppress)
        {
            ruling.Detail.ShouldNotBeEmpty();
            ruling.Until.ShouldBeGreaterThanOrEqualTo(ProtectionCase.Now);
        }
    }

    [Fact]
    public void Good_DNS_holds_for_an_hour_and_a_history_is_judged_anew()
    {
        var now = Marks.At(20).ToDateTimeOffset();
        var marks = Marks.Many(12, 1, Behaviour.GarbageCommand);
        var window = JailWindow.Live(marks, new JailOptions(), now, null);
        var genuine = new SenderVerdict { Tests = [], Points = 5, Legitimacy = Legitimacy.Genuine, Advice = Advice.Accept, MayBounce = false, Deciding = [], Troubled = [] };
        ProtectionRules.Judge(new ProtectionFacts().With(genuine), window, marks, new JailOptions(), now).Until.ShouldBe(now.AddHours(1));
        ProtectionRules.Judge(new ProtectionFacts { DeliveredDays = 3 }.With(null), window, marks, new JailOptions(), now).Until.ShouldBe(now);
    }

    [Fact]
    public void A_ruling_becomes_an_entry_of_the_ledger()
    {
        var until = Marks.At(0).ToDateTimeOffset();
        new ProtectionRuling(ProtectionAnswer.Suppress, ProtectionReason.ProvenSender, "why", until)
            .ToSuppressed(ClientAddress.FromIPv4(1), "postfix", until)
            .ShouldBe(new SuppressedBan(ClientAddress.FromIPv4(1), "postfix", until, ProtectionReason.ProvenSender, "why", until));
    }

    private static string Name(ProtectionRuling ruling) => ruling.Answer switch
    {
        ProtectionAnswer.NotProtected => "ban",
        ProtectionAnswer.AskChecks => "ask",
        _ => string.Concat(ruling.Reason.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString())),
    };
}
