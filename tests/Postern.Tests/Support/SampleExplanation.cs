using Postern.Facts;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Support;

/// <summary>Explanations made by hand, for whatever reads them.</summary>
internal static class SampleExplanation
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 5, 12, 0, 0, TimeSpan.FromHours(9));

    /// <summary>A time so many seconds after the sample's start, at +09:00.</summary>
    public static LogTime At(double seconds) => LogTime.From(s_start.AddSeconds(seconds));

    /// <summary>A day with one client of every kind that operators meet.</summary>
    public static Explanation Rich() => new()
    {
        From = At(0),
        To = At(86_399),
        Host = "mx",
        LinesRead = 48_213,
        LinesPostfix = 47_002,
        LinesUnparsed = 3,
        UnknownForms = [new("smtpd", "novel: RCPT from HOST[IP]: TEXT", 2), new("cleanup", "QUEUEID: novel TEXT", 1)],
        Notices = 12,
        Sessions = 5_120,
        Clients =
        [
            Client("192.0.2.66", 214, Cause.ScriptedBot, 0.87, Verdict.Ban, [(Behaviour.LoneDot, 214), (Behaviour.BlankLine, 190), (Behaviour.Hangup, 214)],
                clues: [new(ClueKind.LoneDots, 214), new(ClueKind.RepliesIgnored, 190), new(ClueKind.IdenticalSessions, 190), new(ClueKind.Burst, 120, "40 s"), new(ClueKind.GenericName, 1, "host-66.broadband.customers.example.net")],
                bursts: [new(At(3_600), At(3_640), 120), new(At(30_000), At(30_090), 94)],
                others: [new(Cause.Fingerprinting, 0.22, [])]) with { HostName = "host-66.broadband.customers.example.net", NameIsConfirmed = true, Payload = ".", HeloNames = ["localhost", "WIN-4711"] },
            Client("2001:db8:41:77:a1b2:c3d4:e5f6:1234", 160, Cause.TlsScanner, 0.93, Verdict.Ban, [(Behaviour.TlsScan, 158), (Behaviour.TlsHandshakeFailure, 120)],
                clues: [new(ClueKind.Handshakes, 158), new(ClueKind.ChangingOutcomes, 6)],
                bursts: [new(At(40_000), At(40_050), 160)]),
            Client("198.51.100.7", 88, Cause.PasswordGuesser, 0.95, Verdict.Ban, [(Behaviour.AuthBruteForce, 88)],
                clues: [new(ClueKind.FailedLogins, 264), new(ClueKind.UserNames, 31)],
                bursts: [.. Enumerable.Range(0, 22).Select(i => new Burst(At(2_000 + (i * 3_600)), At(2_100 + (i * 3_600)), 4))]),
            Client("203.0.113.5", 14, Cause.PortScanner, 0.72, Verdict.Ban, [(Behaviour.OtherProtocol, 6), (Behaviour.HttpRequest, 4), (Behaviour.TlsOnPlaintext, 3), (Behaviour.GarbageCommand, 1)],
                clues: [new(ClueKind.ManyProtocols, 5), new(ClueKind.HttpRequests, 4, "GET / HTTP/1.0"), new(ClueKind.ForeignProtocol, 6, "SSH"), new(ClueKind.TextNotLogged, 2)],
                bursts: [new(At(52_000), At(52_030), 14)]) with { HostName = "scan-05.example.org", Payload = "GET / HTTP/1.0" },
            Client("203.0.113.80", 3, Cause.FaultySender, 0.64, Verdict.Watch, [(Behaviour.OutOfStep, 3), (Behaviour.RejectedMail, 3), (Behaviour.Delivered, 2)],
                clues: [new(ClueKind.OutOfStep, 3), new(ClueKind.MailAccepted, 2), new(ClueKind.ProperName, 1, "mail.example.com")],
                bursts: [new(At(60_000), At(60_000), 1), new(At(63_600), At(63_600), 1), new(At(67_200), At(67_200), 1)])
                with { HostName = "mail.example.com", NameIsConfirmed = true, HeloNames = ["mail.example.com"], Accepted = 2,
                    Tests = [new("fcrdns", TestResult.Pass, 1.5, "mail.example.com resolves back to 203.0.113.80.", ["PTR 80.113.0.203.in-addr.arpa", "A mail.example.com"]), new("dnsbl", TestResult.TempError, 0, "The list did not answer in time.", [])] },
            Client("192.0.2.10", 288, Cause.Monitor, 0.9, Verdict.Ignore, [(Behaviour.ProbeAndQuit, 288)],
                clues: [new(ClueKind.SteadyInterval, 300), new(ClueKind.CleanSessions, 288)],
                bursts: [.. Enumerable.Range(0, 288).Select(i => new Burst(At(i * 300), At(i * 300), 1))]),
            Client("198.51.100.200", 2, Cause.Unclear, 0.2, Verdict.Watch, [(Behaviour.Hangup, 2)], clues: [new(ClueKind.FewSessions, 2)]),
        ],
        OrdinaryClients = 311,
        OrdinarySessions = 4_351,
        Campaigns =
        [
            new(Behaviour.LoneDot, [Address("192.0.2.66"), Address("203.0.113.5")], 228, At(3_600), At(52_030)),
        ],
        Timeline = new(At(0), TimeSpan.FromHours(1), new Dictionary<Behaviour, int[]>
        {
            [Behaviour.LoneDot] = Row((1, 120), (8, 94)),
            [Behaviour.BlankLine] = Row((1, 100), (8, 90)),
            [Behaviour.Hangup] = Row((1, 120), (8, 94), (20, 2)),
            [Behaviour.TlsScan] = Row((11, 158)),
            [Behaviour.TlsHandshakeFailure] = Row((11, 120)),
            [Behaviour.AuthBruteForce] = [.. Enumerable.Repeat(4, 22), 0, 0],
            [Behaviour.ProbeAndQuit] = [.. Enumerable.Repeat(12, 24)],
            [Behaviour.OtherProtocol] = Row((14, 6)),
            [Behaviour.HttpRequest] = Row((14, 4)),
            [Behaviour.OutOfStep] = Row((16, 1), (17, 1), (18, 1)),
        })
        {
            Verdicts = new Dictionary<Verdict, int[]>
            {
                [Verdict.Ban] = Row((1, 124), (8, 98), (11, 158), (14, 14)),
                [Verdict.Watch] = Row((16, 1), (17, 1), (18, 1), (20, 2)),
                [Verdict.Ignore] = [.. Enumerable.Repeat(12, 24)],
            },
        },
        Load = new(132, At(3_600), 2, false),
        Warnings = [new(WarningKind.DamagedArchive, "mail.log.2.gz", 4711, "the gzip data end early")],
    };

    /// <summary>What a pasted transcript gives: one client without address, no times.</summary>
    public static Explanation Transcript() => new()
    {
        Notices = 1,
        Sessions = 1,
        Clients =
        [
            Client(null, 1, Cause.ScriptedBot, 0.55, Verdict.Watch, [(Behaviour.LoneDot, 1), (Behaviour.BlankLine, 1), (Behaviour.Hangup, 1)],
                clues: [new(ClueKind.LoneDots, 1), new(ClueKind.RepliesIgnored, 1), new(ClueKind.FewSessions, 1)]) with { FirstSeen = default, LastSeen = default, Payload = "." },
        ],
        Load = new(0, default, 0, false),
    };

    /// <summary>Nothing at all.</summary>
    public static Explanation Empty() => new() { Sessions = 0, Clients = [], Load = new(0, default, 0, false) };

    /// <summary>So many clients of one session each.</summary>
    public static Explanation Many(int clients) => Empty() with
    {
        From = At(0),
        To = At(clients),
        Sessions = clients,
        Clients = [.. Enumerable.Range(0, clients).Select(i => Client(ClientAddress.FromIPv4(0xC633_0000 + (uint)i).ToString(), 1, Cause.SpamBot, 0.7, Verdict.Watch, [(Behaviour.RejectedMail, 1)], bursts: [new(At(i), At(i), 1)]))],
    };

    /// <summary>Every text that a client can write, set to this one.</summary>
    public static Explanation Hostile(string text) => Rich() with
    {
        Host = text,
        Clients =
        [
            .. Enum.GetValues<ClueKind>().Chunk(4).Select(kinds => Client("192.0.2.1", 3, Cause.ScriptedBot, 0.9, Verdict.Ban, [(Behaviour.GarbageCommand, 3)], clues: [.. kinds.Select(kind => new Clue(kind, 2, text))])
                with { HostName = text, HeloNames = [text, text], Payload = text, Tests = [new("ptr", TestResult.Fail, -1, text, [text])] }),
        ],
        Warnings = [.. Enum.GetValues<WarningKind>().Select(kind => new ReportWarning(kind, text, 3, text))],
    };

    /// <summary>A client of these facts.</summary>
    public static ClientFinding Client(
        string? address, int sessions, Cause cause, double confidence, Verdict verdict, (Behaviour Behaviour, int Sessions)[] behaviours,
        Clue[]? clues = null, Burst[]? bursts = null, CauseFinding[]? others = null) => new()
        {
            Address = address is null ? ClientAddress.Unknown : Address(address),
            Sessions = sessions,
            FirstSeen = bursts is { Length: > 0 } ? bursts[0].From : At(72_000),
            LastSeen = bursts is { Length: > 0 } ? bursts[^1].To : At(72_400),
            Behaviours = [.. behaviours.Select(pair => KeyValuePair.Create(pair.Behaviour, pair.Sessions))],
            Bursts = bursts ?? [],
            Cause = new(cause, confidence, clues ?? []),
            Others = others ?? [],
            Verdict = verdict,
        };

    public static ClientAddress Address(string text)
    {
        ClientAddress.TryParse(text, out var address).ShouldBeTrue();
        return address;
    }

    private static int[] Row(params (int Hour, int Sessions)[] values)
    {
        var row = new int[24];
        foreach (var (hour, sessions) in values)
        {
            row[hour] = sessions;
        }

        return row;
    }
}
