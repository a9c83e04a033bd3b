using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>A gate that only watches lets everybody through, and tells what it would have done.</summary>
public sealed class ObserveTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Who_watches_refuses_nobody(bool policy, bool milter)
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        await using var house = await GateServer.OpenAsync(policy, milter, "observe", ct);

        (await house.SendAsync(GateServer.Forged, "mail.bank.example", "ceo@bank.example", ct)).End.ShouldStartWith("250 ");
        (await house.SendAsync(GateServer.Suspect, "pc.nowhere.example", "eve@nowhere.example", ct)).End.ShouldStartWith("250 ");

        var mail = await house.MailAsync(ct);
        mail.ShouldContain("would=reject");
        mail.ShouldContain("would=defer");
        house.Postern.Words.ShouldContain("would reject 198.51.100.40");
        // What is recorded goes to its file behind the session's back.
        string report;
        var began = TimeProvider.System.GetTimestamp();
        do
        {
            report = (await house.Postern.AskAsync("report")).OrThrow("report").Output;
        }
        while (!report.Contains("would reject", StringComparison.Ordinal) && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
        // The counts are written a moment later.
        while (!report.Contains(" of 2 messages from outside (100%)", StringComparison.Ordinal) && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
        {
            report = (await house.Postern.AskAsync("report")).OrThrow("report").Output;
        }

        report.ShouldContain(" of 2 messages from outside (100%)");
        report.ShouldMatch("would reject +-[0-9.]+ +1 +198\\.51\\.100\\.40 +bank\\.example");
    }
}
