using Postern.Classification.Causes;
using Postern.Facts;

namespace Postern.Tests.Classification.Causes;

public sealed class CauseScorerTests
{
    [Fact]
    public void Nothing_seen_is_unclear() => CauseScorer.Judge([])[0].Cause.ShouldBe(Cause.Unclear);

    [FsCheck.Xunit.Property]
    public void Confidences_are_shares(byte[] kinds, ushort[] numbers)
    {
        var findings = CauseScorer.Judge([.. kinds.Distinct().Zip(numbers, (kind, number) => new Clue((ClueKind)(kind % Kinds), number))]);
        findings.ShouldContain(finding => finding.Cause == Cause.Unclear);
        findings.Select(finding => finding.Cause).ShouldBeUnique();
        findings.ShouldAllBe(finding => finding.Confidence >= 0 && finding.Confidence <= 0.95);
        findings.Sum(finding => finding.Confidence).ShouldBeLessThanOrEqualTo(1 + 1e-9);
        findings.Select(finding => -finding.Confidence).ShouldBeInOrder();
    }

    [Theory]
    [InlineData(ClueKind.Handshakes, Cause.TlsScanner)]
    [InlineData(ClueKind.FailedLogins, Cause.PasswordGuesser)]
    [InlineData(ClueKind.UserNames, Cause.PasswordGuesser)]
    [InlineData(ClueKind.UnknownRecipients, Cause.AddressHarvester)]
    [InlineData(ClueKind.IdenticalSessions, Cause.ScriptedBot)]
    [InlineData(ClueKind.Burst, Cause.ScriptedBot)]
    [InlineData(ClueKind.MailAccepted, Cause.GenuineSender)]
    public void More_evidence_of_a_kind_never_makes_its_cause_less_likely(ClueKind kind, Cause cause)
    {
        var confidences = Enumerable.Range(0, 14).Select(doublings => Confidence(cause, [new(kind, 1 << doublings)])).ToArray();
        confidences.ShouldBeInOrder();
        confidences[^1].ShouldBeGreaterThan(confidences[0]);
    }

    [Theory]
    [InlineData(Cause.ScriptedBot, new[] { ClueKind.LoneDots, ClueKind.BlankLines, ClueKind.RepliesIgnored, ClueKind.IdenticalSessions, ClueKind.Burst }, 50)]
    [InlineData(Cause.TlsScanner, new[] { ClueKind.Handshakes, ClueKind.ChangingOutcomes }, 90)]
    [InlineData(Cause.PasswordGuesser, new[] { ClueKind.FailedLogins, ClueKind.UserNames }, 30)]
    [InlineData(Cause.AddressHarvester, new[] { ClueKind.UnknownRecipients }, 40)]
    [InlineData(Cause.RelayScanner, new[] { ClueKind.RelayDenied }, 6)]
    [InlineData(Cause.Monitor, new[] { ClueKind.SteadyInterval, ClueKind.CleanSessions }, 60)]
    [InlineData(Cause.FaultySender, new[] { ClueKind.OutOfStep, ClueKind.MailRefused }, 3)]
    [InlineData(Cause.SpamBot, new[] { ClueKind.Listed }, 3)]
    [InlineData(Cause.PortScanner, new[] { ClueKind.HttpRequests, ClueKind.ForeignProtocol, ClueKind.ManyProtocols }, 3)]
    [InlineData(Cause.Smuggler, new[] { ClueKind.BareNewlines }, 3)]
    public void Plain_evidence_names_its_cause(Cause cause, ClueKind[] kinds, int number)
    {
        var first = CauseScorer.Judge([.. kinds.Select(kind => new Clue(kind, number))])[0];
        first.Cause.ShouldBe(cause);
        first.Clues.ShouldNotBeEmpty();
        first.Clues.ShouldAllBe(clue => kinds.Contains(clue.Kind));
    }

    [Fact]
    public void The_strongest_clue_stands_first() =>
        CauseScorer.Judge([new(ClueKind.GenericName, 1), new(ClueKind.LoneDots, 40)])[0].Clues[0].Kind.ShouldBe(ClueKind.LoneDots);

    private static int Kinds => Enum.GetValues<ClueKind>().Length;

    private static double Confidence(Cause cause, Clue[] clues) =>
        CauseScorer.Judge(clues).FirstOrDefault(finding => finding.Cause == cause)?.Confidence ?? 0;
}
