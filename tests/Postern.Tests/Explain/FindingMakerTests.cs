using Postern.Classification.Causes;
using Postern.Classification.Clients;
using Postern.Classification.Texts;
using Postern.Decisions;
using Postern.Decisions.Jails;
using Postern.Decisions.Persistence;
using Postern.Explain;
using Postern.Facts;
using Postern.Reports.Json;
using Postern.Reports.Languages;
using Postern.Tests.Support;

namespace Postern.Tests.Explain;

/// <summary>Clients that came once and did the same are judged one for all: each must get what it would get alone.</summary>
public sealed class FindingMakerTests
{
    private static readonly string?[] s_names = [null, null, "mail.example.org", "host-17.dyn.example.net", "mx.example.com", "host-18.dyn.example.net"];
    private readonly ClientLedger _ledger = new(new TextPool());

    [Fact]
    public void Each_gets_the_finding_that_it_would_get_alone()
    {
        for (var i = 0; i < 60; i++)
        {
            _ledger.Add(Session(0x1400_0000u + (uint)i, i, s_names[i % 6], i % 3 == 0 ? "." : "GET / HTTP/1.1"));
            _ledger.Add(Session(0x1500_0000u + (uint)i, i, null, ".") with { ClaimedName = s_names[i % 6] });
            _ledger.Add(Guess(0x1600_0000u + (uint)i, i, s_names[i % 6]));
        }

        // Loopback, a private network, and a client that nobody names.
        _ledger.Add(Session(0x7F00_0001, 1, "mx.example.net", "."));
        _ledger.Add(Session(0x0A00_0001, 1, null, "."));
        _ledger.Add(Session(0x1400_1000, 1, null, ".") with { Client = ClientAddress.Unknown });
        // Those that leave the crowd: a second session, a delivery after and before, and a rate.
        _ledger.Add(Session(0x1400_0000, 100, null, "."));
        _ledger.AddOrdinary(Client(0x1400_0001), Marks.At(100), Marks.At(101), 1, isAuthenticated: false);
        _ledger.AddOrdinary(Client(0x1400_2000), Marks.At(0), Marks.At(1), 1, isAuthenticated: false);
        _ledger.Add(Session(0x1400_2000, 100, null, "."));
        _ledger.NoteRate(Client(0x1400_0002), 700);
        _ledger.AddOrdinary(Client(0x1400_3000), Marks.At(0), Marks.At(1), 1, isAuthenticated: false);
        _ledger.Finish();

        var maker = Maker();
        for (var number = 0; number < _ledger.Count; number++)
        {
            var (shared, alone) = (maker.Judge(number), Maker().Judge(number));
            shared.Weight.ShouldBe(alone.Weight);
            shared.Finding.Address.ShouldBe(_ledger.Address(number));
            Text(shared.Finding).ShouldBe(Text(alone.Finding));
            shared.Finding.Limits.ShouldBe(alone.Finding.Limits);
            (shared.Finding.IsSlow, shared.Finding.Verdict).ShouldBe((alone.Finding.IsSlow, alone.Finding.Verdict));
            // And the same again, from what is kept.
            Text(maker.Judge(number).Finding).ShouldBe(Text(alone.Finding));
        }
    }

    [Fact]
    public void Those_who_did_the_same_share_their_reasons()
    {
        _ledger.Add(Session(0x1400_0000, 0, null, "."));
        _ledger.Add(Session(0x1400_0001, 9, null, "."));
        _ledger.Add(Session(0x1400_0002, 9, null, "EHLO"));
        _ledger.Finish();
        var maker = Maker();
        var (one, two, three) = (maker.Judge(0).Finding, maker.Judge(1).Finding, maker.Judge(2).Finding);
        two.Cause.ShouldBeSameAs(one.Cause);
        (two.FirstSeen, two.Bursts.Single().From).ShouldBe((Marks.At(9), Marks.At(9)));
        three.Cause.ShouldNotBeSameAs(one.Cause);
    }

    private static string Text(ClientFinding finding)
    {
        using var stream = new MemoryStream();
        JsonReport.Write(SampleExplanation.Rich() with { Clients = [finding] }, stream, ReportLanguages.For("en"));
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private FindingMaker Maker()
    {
        static bool IsGeneric(string name, ClientAddress client) => name.Contains("dyn", StringComparison.Ordinal);
        var clues = new ClueFinder(IsGeneric, new Dictionary<Behaviour, int> { [Behaviour.LoneDot] = 80 })
        {
            Guessers = new Dictionary<ClientAddress, int> { [Client(0x1600_0000)] = 12, [Client(0x1600_0006)] = 12, [Client(0x1600_0007)] = 30 },
        };
        return new FindingMaker(_ledger, clues, IsGeneric, new JailScorer(new JailOptions(), new PersistenceOptions()), isUndated: false);
    }

    private static SmtpSession Session(uint client, double seconds, string? name, string text) => new()
    {
        Client = Client(client),
        HostName = name,
        Start = Marks.At(seconds),
        End = Marks.At(seconds + 1),
        StartSeen = true,
        Ending = SessionEnd.LostConnection,
        Dialogue = [new(true, System.Text.Encoding.ASCII.GetBytes(text))],
    };

    private static SmtpSession Guess(uint client, double seconds, string? name) => Session(client, seconds, name, "EHLO x") with
    {
        Dialogue = [],
        Events = [new SessionEvent(SmtpEventKind.AuthFailure, SmtpStage.None, 0, "SASL LOGIN authentication failed: UGFzc3dvcmQ6"u8.ToArray())],
    };

    private static ClientAddress Client(uint address) => ClientAddress.FromIPv4(address);
}
