using Postern.Facts;
using Postern.Gate;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[policy]</c>, <c>[milter]</c> and <c>[deferral]</c>.</summary>
internal static class GateSections
{
    private static readonly Setting<DoorSettings>[] s_both =
    [
        new("listen", "an address with a port such as \"127.0.0.1:10040\", or \"unix:/path\"", static (door, value) =>
        {
            if (!value.TryText(out var text))
                return door;
            if (ListenAddress.TryParse(text) is { } address)
                return door with { Listen = address };
            value.Complain($"'{text}' is nowhere to listen");
            return door;
        }),
        new("mode", "\"observe\" or \"enforce\"", static (door, value) =>
            value.TryWord(["observe", "enforce"], out var word) ? Over(door, gate => gate with { Mode = word is "enforce" ? GateMode.Enforce : GateMode.Observe }) : door),
        new("on_reject", "\"reject\", \"defer\", \"quarantine\" or \"tag\"", static (door, value) =>
            value.TryWord(["reject", "defer", "quarantine", "tag"], out var word) ? Over(door, gate => gate with { OnReject = Action(word) }) : door),
        new("on_defer", "\"defer\", \"quarantine\" or \"tag\"", static (door, value) =>
            value.TryWord(["defer", "quarantine", "tag"], out var word) ? Over(door, gate => gate with { OnDefer = Action(word) }) : door),
        new("reject_below", "a number of points from -50 to 50", static (door, value) =>
            value.TryNumber(-50, 50, out var points) ? Over(door, gate => gate with { RejectBelow = points }) : door),
        new("owner", "a user's name", static (door, value) => value.TryText(out var name) ? door with { Owner = name } : door),
        new("group", "a group's name", static (door, value) => value.TryText(out var name) ? door with { Group = name } : door),
        new("socket_mode", "rights in octal such as \"0660\"", static (door, value) =>
        {
            if (!value.TryText(out var text))
                return door;
            if (text is { Length: 3 or 4 } && !text.AsSpan().ContainsAnyExceptInRange('0', '7') && Convert.ToInt32(text, 8) is <= 0x1FF and var rights)
                return door with { Mode = (UnixFileMode)rights };
            value.Complain($"'{text}' are no rights");
            return door;
        }),
        new("deadline", "a span from 0.5s to 7.9s", static (door, value) =>
            value.TryDuration(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(7.9), out var span) ? Over(door, gate => gate with { Deadline = span }) : door),
    ];

    /// <summary>The policy server.</summary>
    public static Section<DoorSettings> Policy { get; } = new(
    [
        .. s_both,
        new("header", "true or false", static (door, value) =>
            value.TryFlag(out var flag) ? door with { Header = flag } : door),
        new("leave_to_milter", "true or false", static (door, value) =>
            value.TryFlag(out var flag) ? door with { LeaveToMilter = flag } : door),
    ]);

    /// <summary>The milter.</summary>
    public static Section<DoorSettings> Milter { get; } = new(
    [
        .. s_both,
        new("authserv_id", "a host name such as \"mx.example.org\"", static (door, value) =>
        {
            if (!value.TryText(out var name))
                return door;
            if (AllowEntry.TryParse(name) is { Name: { } host })
                return door with { AuthservId = host };
            value.Complain($"'{name}' is no host name");
            return door;
        }),
        new("trust", "\"tcp\"", static (door, value) => value.TryWord(["tcp"], out _) ? door with { TrustsTcp = true } : door),
        new("max_message", "a whole number of bytes from 100000 to 500000000", static (door, value) =>
            value.TryWhole(100_000, 500_000_000, out var bytes) ? door with { MaxMessage = bytes } : door),
    ]);

    /// <summary>Selective deferral.</summary>
    public static Section<DeferralOptions> Deferral { get; } = new(
    [
        new("least", "a span from 1s to 1h", static (book, value) =>
            value.TryDuration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), out var span) ? book with { Least = span } : book),
        new("window", "a span from 1h to 7d", static (book, value) =>
            value.TryDuration(TimeSpan.FromHours(1), TimeSpan.FromDays(7), out var span) ? book with { Window = span } : book),
        new("memory", "a span from 1d to 365d", static (book, value) =>
            value.TryDuration(TimeSpan.FromDays(1), TimeSpan.FromDays(365), out var span) ? book with { Memory = span } : book),
        new("most", "a whole number from 1000 to 10000000", static (book, value) =>
            value.TryWhole(1000, 10_000_000, out var number) ? book with { Most = number } : book),
    ]);

    private static DoorSettings Over(DoorSettings door, Func<GateOptions, GateOptions> change) => door with { Gate = change(door.Gate) };

    private static GateAction Action(string word) => word switch
    {
        "reject" => GateAction.Reject,
        "quarantine" => GateAction.Quarantine,
        "tag" => GateAction.Pass,
        _ => GateAction.Defer,
    };
}
