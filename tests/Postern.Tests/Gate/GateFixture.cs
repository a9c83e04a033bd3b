using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Postern.Facts;
using Postern.Gate;

namespace Postern.Tests.Gate;

/// <summary>A judge over verdicts that a test scripts, with a clock that it sets.</summary>
internal sealed class GateFixture : IGateEvents
{
    /// <summary>Makes the judge.</summary>
    public GateFixture() => Judge = new TransactionDecider(Ask, client => Standings.GetValueOrDefault(client.ToString()), TemporaryRefusals, this, Time);

    /// <summary>The clock.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Who was asked to come back.</summary>
    public GreylistTable TemporaryRefusals { get; } = new(new GreylistingOptions());

    /// <summary>Decides.</summary>
    public TransactionDecider Judge { get; }

    /// <summary>What is known of clients, by address.</summary>
    public Dictionary<string, ClientStanding> Standings { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers inquiries.</summary>
    public Func<GateQuestion, Task<GateAnswer?>> Answer { get; set; } = _ => Task.FromResult<GateAnswer?>(Genuine());

    /// <summary>The inquiries so far.</summary>
    public ConcurrentQueue<GateQuestion> Asked { get; } = [];

    /// <summary>The decisions told.</summary>
    public ConcurrentQueue<GateRecord> Records { get; } = [];

    /// <summary>The faults and troubles told.</summary>
    public ConcurrentQueue<string> Troubles { get; } = [];

    /// <summary>The sessions that ended.</summary>
    public ConcurrentQueue<SmtpSession> Sessions { get; } = [];

    /// <summary>The verdict on a genuine sender.</summary>
    public static GateAnswer Genuine() => Of(Legitimacy.Genuine, Advice.Accept, 7.5, "spf-mailfrom", "fcrdns");

    /// <summary>The verdict on a suspect.</summary>
    public static GateAnswer Suspect() => Of(Legitimacy.Suspect, Advice.Defer, -2.5, "ptr");

    /// <summary>The verdict on a forged sender.</summary>
    public static GateAnswer Forged(string by = "spf-mailfrom") => Of(Legitimacy.Forged, Advice.Reject, -6, by);

    /// <summary>Any verdict.</summary>
    public static GateAnswer Of(Legitimacy legitimacy, Advice advice, double points, params string[] deciding) => new(
        new SenderVerdict { Tests = [], Points = points, Legitimacy = legitimacy, Advice = advice, MayBounce = false, Deciding = deciding, Troubled = [] },
        ["spf=pass smtp.mailfrom=a@example.com", "dkim=none"]);

    /// <inheritdoc/>
    public void Decided(GateRecord record) => Records.Enqueue(record);

    /// <inheritdoc/>
    public void Failed(string service, Exception fault) => Troubles.Enqueue($"{service}: {fault.Message}");

    /// <inheritdoc/>
    public void Trouble(string service, string words) => Troubles.Enqueue($"{service}: {words}");

    /// <inheritdoc/>
    public void SessionEnded(SmtpSession session) => Sessions.Enqueue(session);

    private Task<GateAnswer?> Ask(GateQuestion question, CancellationToken cancellationToken)
    {
        Asked.Enqueue(question);
        return Answer(question);
    }
}
