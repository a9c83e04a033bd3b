using Postern.Classification.Clients;
using Postern.Classification.Texts;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Classification.Clients;

public sealed class CampaignsTests
{
    [Fact]
    public void Three_clients_that_do_the_same_are_a_campaign()
    {
        var campaign = Find(3, 60, [new(false, "."u8.ToArray())]).Single();
        campaign.Behaviour.ShouldBe(Behaviour.LoneDot);
        campaign.Clients.ShouldBe([Client(0), Client(1), Client(2)]);
        campaign.Sessions.ShouldBe(3);
    }

    [Fact]
    public void Two_clients_are_none() => Find(2, 60, [new(true, "."u8.ToArray())]).ShouldBeEmpty();

    [Fact]
    public void More_than_half_an_hour_apart_they_have_nothing_in_common() => Find(3, 1_801, [new(true, "."u8.ToArray())]).ShouldBeEmpty();

    [Fact]
    public void What_genuine_senders_do_is_no_campaign() => Find(50, 10, []).ShouldBeEmpty();

    private static IReadOnlyList<Campaign> Find(int clients, double pause, DialogueLine[] lines)
    {
        var ledger = new ClientLedger(new TextPool());
        for (var i = 0; i < clients; i++)
        {
            ledger.Add(new SmtpSession
            {
                Client = Client(i),
                Start = Marks.At(i * pause),
                End = Marks.At(i * pause),
                StartSeen = true,
                Ending = SessionEnd.LostConnection,
                Dialogue = [.. lines.Select(line => line with { FromClient = true })],
            });
        }

        return Campaigns.Find(ledger.Clients, ledger.Logins);
    }

    private static ClientAddress Client(int number) => ClientAddress.FromIPv4(0xC633_6400u + (uint)number);
}
