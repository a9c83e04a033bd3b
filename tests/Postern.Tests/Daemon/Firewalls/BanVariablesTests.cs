using System.Text;
using Postern.Cli.Daemon.Firewalls;
using Postern.Facts;
using Postern.Tests.Engine;

namespace Postern.Tests.Daemon.Firewalls;

/// <summary>What a program of the operator's is told of a ban: bounded, and without a control character of any client.</summary>
public sealed class BanVariablesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_ban_is_told_with_what_led_to_it()
    {
        using var ledger = new ScriptedLedger();
        ledger.Failures.Add(Failure(1, s_now.AddMinutes(-9), BehaviourSet.Of(Behaviour.LoneDot), "helo=<a\u001b[2J>\n"));
        ledger.Failures.Add(Failure(2, s_now.AddMinutes(-1), BehaviourSet.Of(Behaviour.BlankLine), "second\n"));
        var told = BanVariables.Of(Ban(), ledger);
        told["POSTERN_ADDRESS"].ShouldBe("192.0.2.1");
        told["POSTERN_NETWORK"].ShouldBe("192.0.2.1/32");
        told["POSTERN_JAIL"].ShouldBe("postfix");
        told["POSTERN_REASON"].ShouldBe("10 lone-dot within 10m");
        (told["POSTERN_FAILURES"], told["POSTERN_REPETITION"]).ShouldBe(("10", "2"));
        told["POSTERN_BEHAVIOURS"].Split(' ').ShouldBe(["lone-dot", "blank-line"], ignoreOrder: true);
        DateTimeOffset.Parse(told["POSTERN_FIRST"], System.Globalization.CultureInfo.InvariantCulture).ShouldBe(s_now.AddMinutes(-9));
        DateTimeOffset.Parse(told["POSTERN_LAST"], System.Globalization.CultureInfo.InvariantCulture).ShouldBe(s_now.AddMinutes(-1));
        told["POSTERN_LINES"].ShouldContain("second\n");
        told["POSTERN_LINES"].ShouldContain(@"helo=<a\x1B[2J>");
        told.Values.ShouldAllBe(value => value.All(letter => letter == '\n' || (letter >= ' ' && letter < 127)));
    }

    [Fact]
    public void Lines_are_bounded_and_cut_between_two()
    {
        using var ledger = new ScriptedLedger();
        for (var i = 0; i < 50; i++)
        {
            ledger.Failures.Add(Failure((ulong)i, s_now, BehaviourSet.Of(Behaviour.LoneDot), new string('x', 1000) + "\n"));
        }

        var lines = BanVariables.Of(Ban(), ledger)["POSTERN_LINES"];
        lines.Length.ShouldBe(15 * 1001);
        lines.ShouldEndWith("x\n");
    }

    [Fact]
    public void Without_failures_the_ban_alone_is_told()
    {
        using var ledger = new ScriptedLedger();
        var told = BanVariables.Of(Ban(), ledger);
        told.ContainsKey("POSTERN_FIRST").ShouldBeFalse();
        told["POSTERN_BEHAVIOURS"].ShouldBeEmpty();
    }

    private static Ban Ban() => new()
    {
        Network = ClientNetwork.Of(Client),
        Client = Client,
        Jail = "postfix",
        From = s_now,
        Until = s_now.AddHours(1),
        Reason = "10 lone-dot within 10m",
        Failures = 10,
        Repetition = 2,
    };

    private static Failure Failure(ulong id, DateTimeOffset at, BehaviourSet behaviours, string lines) => new()
    {
        Id = id,
        Client = Client,
        Mark = new SessionMark { Time = LogTime.From(at), Behaviours = behaviours },
        Source = "/var/log/mail.log",
        Lines = Encoding.Latin1.GetBytes(lines),
    };

    private static ClientAddress Client => ClientAddress.TryParse("192.0.2.1", out var client) ? client : default;
}
