using Postern.Classification.Clients;
using Postern.Classification.Texts;
using Postern.Facts;
using Postern.Tests.Engine;
using Postern.Tests.Support;

namespace Postern.Tests.Classification.Clients;

/// <summary>Clients that came once share what they did; nobody else's next session changes it.</summary>
public sealed class ClientLedgerTests
{
    [Fact]
    public void A_client_that_comes_again_leaves_those_alone_that_did_the_same()
    {
        var ledger = new ClientLedger(new TextPool());
        ledger.Add(LoneDot(1, 0, "one.example.net"));
        ledger.Add(LoneDot(2, 10, null));
        ledger.Add(LoneDot(2, 20, null));
        ledger.Add(LoneDot(2, 30, null, "HELO x"));
        ledger.AddOrdinary(Client(3), Marks.At(5), Marks.At(6), 1, isAuthenticated: false);
        ledger.Add(LoneDot(3, 40, "three.example.net"));
        ledger.Finish();

        ledger.Count.ShouldBe(3);
        ledger.Clients.Count.ShouldBe(3);
        var (one, two, three) = (ledger.Clients[Client(1)], ledger.Clients[Client(2)], ledger.Clients[Client(3)]);
        (one.Sessions, one.Marks.Length, one.Details!.Sessions, one.HostName).ShouldBe((1, 1, 1, "one.example.net"));
        one.Marks[0].Behaviours.Has(Behaviour.LoneDot).ShouldBeTrue();
        one.Marks[0].Time.ShouldBe(Marks.At(0));
        (two.Sessions, two.Marks.Length, two.Details!.Sessions, two.HostName).ShouldBe((3, 3, 3, null));
        (two.First, two.Last).ShouldBe((Marks.At(10), Marks.At(30)));
        (three.Sessions, three.Ordinary, three.Accepted, three.Marks.Length).ShouldBe((2, 1, 1, 1));
        ledger.Ordinary.ShouldBe((0, 0));
    }

    [Fact]
    public void Who_only_delivers_is_counted()
    {
        var ledger = new ClientLedger(new TextPool());
        ledger.AddOrdinary(Client(1), Marks.At(5), Marks.At(6), 1, isAuthenticated: false);
        ledger.AddOrdinary(Client(1), Marks.At(1), Marks.At(2), 2, isAuthenticated: false);
        ledger.Finish();
        ledger.Ordinary.ShouldBe((1, 2));
        ledger.Clients.ShouldBeEmpty();
        var history = ledger.History(0);
        (history.Sessions, history.Ordinary, history.Accepted, history.First, history.Last).ShouldBe((2, 2, 3, Marks.At(1), Marks.At(6)));
    }

    [Fact]
    public void A_relay_that_came_once_gets_a_history_of_its_own()
    {
        var ledger = new ClientLedger(new TextPool());
        ledger.Add(LoneDot(1, 0, null));
        ledger.Add(LoneDot(2, 0, null));
        ledger.Finish();
        ledger.TryMarkRelay(Client(1), "elsewhere.example", "relay.example.net", Marks.At(0), Marks.At(1)).ShouldBeTrue();
        ledger.TryMarkRelay(Client(9), "elsewhere.example", null, Marks.At(0), Marks.At(1)).ShouldBeFalse();
        ledger.Clients[Client(1)].Details!.Troubles.ShouldNotBeNull();
        ledger.Clients[Client(1)].HostName.ShouldBe("relay.example.net");
        ledger.Clients[Client(2)].Details!.Troubles.ShouldBeNull();
    }

    internal static SmtpSession LoneDot(int client, double seconds, string? name, string text = ".") => new()
    {
        Client = Client(client),
        HostName = name,
        Start = Marks.At(seconds),
        End = Marks.At(seconds),
        StartSeen = true,
        Ending = SessionEnd.LostConnection,
        Dialogue = [new(true, System.Text.Encoding.ASCII.GetBytes(text))],
    };

    private static ClientAddress Client(int number) => ClientAddress.FromIPv4(0x1400_0000u + (uint)number);
}

/// <summary>What an explanation holds of very many clients is bounded.</summary>
[Collection(MemoryTests.Name)]
public sealed class ManyClientsOfALogTests(ITestOutputHelper output)
{
    private const int Clients = 500_000;

    [Fact]
    public void Clients_that_came_once_take_less_than_120_bytes_each()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var ledger = new ClientLedger(new TextPool());
        for (var i = 0; i < Clients; i++)
        {
            // A quarter has a name, which is most of what they take.
            ledger.Add(ClientLedgerTests.LoneDot(i, i / 100.0, i % 4 == 0 ? $"host-{i:x}.example.net" : null, i % 2 == 0 ? "." : ""));
        }

        ledger.Finish();
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{held / Clients} bytes a client");
        ledger.Clients.Count.ShouldBe(Clients);
        held.ShouldBeLessThan(120L * Clients);
    }
}
