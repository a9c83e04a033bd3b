using Microsoft.Extensions.Time.Testing;
using Postern.Decisions.Brake;
using Postern.Enforcement;
using Postern.Engine;
using Postern.Engine.Bans;
using Postern.Engine.Protection;
using Postern.Engine.Supervision;
using Postern.Facts;
using Postern.Tests.Enforcement;

namespace Postern.Tests.Engine;

/// <summary>Behaviours and bans without any log: the gate's sessions go the way of the log's.</summary>
public sealed class GatekeeperSessionTests : IAsyncDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);
    private readonly ScriptedLedger _ledger = new();
    private readonly ScriptedFirewall _firewall = new();
    private readonly FakeTimeProvider _time = new(s_now);
    private readonly CancellationTokenSource _stop = new();
    private readonly BanEngine _engine;
    private Task _run = Task.CompletedTask;

    public GatekeeperSessionTests()
    {
        var bans = new StandingBans();
        _engine = new BanEngine(
            new BanEngineOptions { HasGate = true }, _ledger, bans, [new FirewallSynchronizer(_firewall, () => bans.Entries(null), _time, _ => { }, TimeSpan.FromMinutes(1))], null, _time, new Silent());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_lone_dots_are_a_ban_and_nine_are_none()
    {
        await StartAsync();
        for (var i = 0; i < 10; i++)
        {
            await _engine.Sessions.WriteAsync(Session("192.0.2.1", "."), Stop);
        }

        for (var i = 0; i < 9; i++)
        {
            await _engine.Sessions.WriteAsync(Session("192.0.2.2", "."), Stop);
        }

        await UntilTakenAsync();
        (await _engine.AskAsync((decider, _, _) => string.Join(' ', decider.Book.Standing.Select(ban => ban.Network)), Stop)).ShouldBe("192.0.2.1/32");
        _engine.IsBanned(ScriptedFirewall.Network("192.0.2.1").First).ShouldBeTrue();
        _ledger.Failures.ShouldAllBe(failure => failure.Source == "milter");
    }

    [Fact]
    public async Task A_flood_of_sessions_keeps_no_order_waiting_and_what_finds_no_place_is_told_to_who_brings_it()
    {
        // Before the run begins, nobody takes anything.
        var taken = 0;
        while (_engine.Sessions.TryWrite(Session($"10.0.{taken / 250}.{(taken % 250) + 1}", ".")))
        {
            taken++;
        }

        taken.ShouldBe(4096);
        await StartAsync();
        await UntilTakenAsync();
        _ledger.Failures.Count.ShouldBe(4096);
        _engine.Sessions.TryWrite(Session("192.0.2.1", ".")).ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        _ledger.Dispose();
    }

    private async Task StartAsync()
    {
        await _engine.OpenAsync(_ => Task.FromResult(new ProtectedNetworks()), Stop);
        _run = Task.Run(() => _engine.RunAsync(_stop.Token), Stop);
    }

    // An order is done after the sessions that came before it, in a later turn at the latest.
    private async Task UntilTakenAsync()
    {
        for (var i = 0; i < 20; i++)
        {
            await _engine.AskAsync((_, _, _) => true, Stop);
        }
    }

    private static SmtpSession Session(string client, string command) => new()
    {
        Client = ScriptedFirewall.Network(client).First,
        Start = LogTime.From(s_now),
        End = LogTime.From(s_now),
        Events = [new(SmtpEventKind.NonSmtpCommand, SmtpStage.UnknownCommand, 0, System.Text.Encoding.Latin1.GetBytes(command))],
    };

    private sealed class Silent : IBanEngineEvents
    {
        public void Banned(Ban ban)
        {
        }

        public void TakenOver(AccountTakeover takeover)
        {
        }

        public void Spared(SuppressedBan suppressed)
        {
        }

        public void Refused(string jail, string named, ClientAddress sender, string line)
        {
        }

        public void Failed(PartFault fault) => Assert.Fail(fault.Exception.ToString());

        public void Braked(BrakeChange change, int bans)
        {
        }

        public void NotBannable(string jail, string id)
        {
        }

        public void LedgerTrouble(string? message)
        {
        }

        public void LedgerSetAside(string path)
        {
        }
    }
}
