using Postern.Facts;
using Postern.Gate;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[policy]</c>, <c>[milter]</c> and <c>[greylisting]</c>.</summary>
internal static class GateSections
{
    private static readonly Setting<ListenerSettings>[] s_both =
    [
        new("listen", "an address with a port such as \"127.0.0.1:10040\", or \"unix:/path\"", static (service, value) =>
        {
            if (!value.TryText(out var text)) { return service; } if (ListenAddress.TryParse(text) is { } address) { return service with { Listen = address }; } value.Complain($"'{text}' is nowhere to listen");
            return service;
        }),
        new("mode", "\"observe\" or \"enforce\"", static (service, value) =>
            value.TryWord(["observe", "enforce"], out var word) ? Over(service, gate => gate with { Mode = word is "enforce" ? GateMode.Enforce : GateMode.Observe }) : service),
        new("on_reject", "\"reject\", \"defer\", \"quarantine\" or \"tag\"", static (service, value) =>
            value.TryWord(["reject", "defer", "quarantine", "tag"], out var word) ? Over(service, gate => gate with { OnReject = Action(word) }) : service),
        new("on_defer", "\"defer\", \"quarantine\" or \"tag\"", static (service, value) =>
            value.TryWord(["defer", "quarantine", "tag"], out var word) ? Over(service, gate => gate with { OnDefer = Action(word) }) : service),
        new("reject_below", "a number of points from -50 to 50", static (service, value) =>
            value.TryNumber(-50, 50, out var points) ? Over(service, gate => gate with { RejectBelow = points }) : service),
        new("owner", "a user's name", static (service, value) => value.TryText(out var name) ? service with { Owner = name } : service),
        new("group", "a group's name", static (service, value) => value.TryText(out var name) ? service with { Group = name } : service),
        new("socket_mode", "rights in octal such as \"0660\"", static (service, value) =>
        {
            if (!value.TryText(out var text)) { return service; } if (text is { Length: 3 or 4 } && !text.AsSpan().ContainsAnyExceptInRange('0', '7') && Convert.ToInt32(text, 8) is <= 0x1FF and var rights) { return service with { Mode = (UnixFileMode)rights }; } value.Complain($"'{text}' are no rights");
            return service;
        }),
        new("deadline", "a span from 0.5s to 7.9s", static (service, value) =>
            value.TryDuration(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(7.9), out var span) ? Over(service, gate => gate with { Deadline = span }) : service),
    ];

    /// <summary>The policy server.</summary>
    public static Section<ListenerSettings> Policy { get; } = new(
    [
        .. s_both,
        new("header", "true or false", static (service, value) =>
            value.TryFlag(out var flag) ? service with { Header = flag } : service),
        new("leave_to_milter", "true or false", static (service, value) =>
            value.TryFlag(out var flag) ? service with { LeaveToMilter = flag } : service),
    ]);

    /// <summary>The milter.</summary>
    public static Section<ListenerSettings> Milter { get; } = new(
    [
        .. s_both,
        new("authserv_id", "a host name such as \"mx.example.org\"", static (service, value) =>
        {
            if (!value.TryText(out var name)) { return service; } if (AllowEntry.TryParse(name) is { Name: { } host }) { return service with { AuthservId = host }; } value.Complain($"'{name}' is no host name");
            return service;
        }),
        new("trust", "\"tcp\"", static (service, value) => value.TryWord(["tcp"], out _) ? service with { TrustsTcp = true } : service),
        new("max_message", "a whole number of bytes from 100000 to 500000000", static (service, value) =>
            value.TryWhole(100_000, 500_000_000, out var bytes) ? service with { MaxMessage = bytes } : service),
    ]);

    /// <summary>Selective greylisting.</summary>
    public static Section<GreylistingOptions> Greylisting { get; } = new(
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

    private static ListenerSettings Over(ListenerSettings service, Func<GateOptions, GateOptions> change) => service with { Gate = change(service.Gate) };

    private static GateAction Action(string word) => word switch
    {
        "reject" => GateAction.Reject,
        "quarantine" => GateAction.Quarantine,
        "tag" => GateAction.Pass,
        _ => GateAction.Defer,
    };
}
