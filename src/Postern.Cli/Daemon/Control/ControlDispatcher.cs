using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Metrics;
using Postern.Cli.GateReports;
using Postern.Cli.Words;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Cli.Daemon.Control;

/// <summary>Writes a reply as it is made: a long one takes no memory.</summary>
internal delegate Task ControlWriter(Stream output, CancellationToken cancellationToken);

/// <summary>Reads one request, asks the handler, writes the reply.</summary>
/// <param name="handler">Who answers.</param>
/// <param name="only">The one command that is taken; null for all.</param>
/// <param name="changed">Told of each change that somebody asked for, and what became of it.</param>
internal sealed class ControlDispatcher(IControlHandler handler, string? only = null, Action<ControlRequest, ControlAnswer>? changed = null)
{
    private const int MostRows = 1000;
    private const int LongestSearch = 200;
    private const int LongestName = 80;
    private static readonly TimeSpan s_longestBan = TimeSpan.FromDays(3650);

    /// <summary>What writes the reply to a line, as one line without its end.</summary>
    public async Task<ControlWriter> AnswerAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        ControlRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(line.Span, ControlJson.Default.ControlRequest);
        }
        catch (JsonException)
        {
            request = null;
        }

        if (request is null)
        {
            return Write(ControlAnswer.Failed("the request is not a line of JSON"));
        }

        if (only is not null && !string.Equals(request.Command, only, StringComparison.Ordinal))
        {
            return Write(ControlAnswer.Failed($"this socket takes nothing but '{only}'"));
        }

        return request.Command switch
        {
            ControlCommands.Status => await StatusAsync(request, cancellationToken),
            ControlCommands.Bans => await BansAsync(request, cancellationToken),
            ControlCommands.Allowed => Write(await handler.AllowedAsync(cancellationToken), ControlJson.Default.AllowedReply),
            ControlCommands.Top => Write(await handler.TopAsync(Math.Clamp(request.Most ?? 20, 1, MostRows), cancellationToken), ControlJson.Default.TopSnapshot),
            ControlCommands.Metrics => request.Format is "text"
                ? Write(new MetricsTextReply(OpenMetricsText.Write(await handler.MetricsAsync(cancellationToken))), ControlJson.Default.MetricsTextReply)
                : Write(await handler.MetricsAsync(cancellationToken), ControlJson.Default.MetricsReply),
            ControlCommands.Events => Write(await handler.EventsAsync(request.After, cancellationToken), ControlJson.Default.EventsReply),
            ControlCommands.Clients => Write(await handler.ClientsAsync(Short(request.Search), Math.Clamp(request.Most ?? 50, 1, MostRows), cancellationToken), ControlJson.Default.ClientsReply),
            ControlCommands.Decisions => Write(await handler.DecisionsAsync(Math.Clamp(request.Days ?? 7, 1, 366), cancellationToken), GateJson.Default.GateReport),
            ControlCommands.History => await handler.HistoryAsync(request.Range ?? "hour", request.Lang ?? "en", cancellationToken) is { } history
                ? Write(history, ControlJson.Default.HistoryReply) : Write(ControlAnswer.Failed(Words(request).UnknownRequest(request.Range ?? ""))),
            ControlCommands.Hosts => Write(await handler.HostsAsync(cancellationToken), ControlJson.Default.HostsReply),
            ControlCommands.Explain => ClientAddress.TryParse(request.Subject, out var address)
                ? Write(await handler.ExplainAsync(address, request.Lang ?? "en", cancellationToken), ControlJson.Default.LiveExplanation)
                : Write(NoAddress(request)),
            ControlCommands.Import => ImportRows.Read(request.Bans ?? []) is { } bans
                ? Write(await handler.ImportAsync(bans, cancellationToken), ControlJson.Default.ImportReply)
                : Write(NoAddress(request)),
            _ => Write(Told(request, await ChangeAsync(request, cancellationToken))),
        };
    }

    /// <summary>An answer as one line.</summary>
    public static ControlWriter Write(ControlAnswer answer) => Write(answer, ControlJson.Default.ControlAnswer);

    private static ControlWriter Write<T>(T reply, JsonTypeInfo<T> type) => (output, stop) => JsonSerializer.SerializeAsync(output, reply, type, stop);

    private async Task<ControlAnswer> ChangeAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var words = Words(request);
        switch (request.Command)
        {
            case ControlCommands.Ban:
                if (TimeOf(request, out var time) is { } ban)
                {
                    return ban;
                }

                return await EachAsync<ClientNetwork>(
                    request,
                    text => !ClientNetwork.TryParse(text, out var network) ? (default, ControlAnswer.Failed(words.NotAnAddress(text)))
                        : network.PrefixLength < (network.IsIPv4 ? 8 : 16) ? (default, ControlAnswer.No(words.TooLarge(network)))
                        : (network, null),
                    networks => handler.BanAsync(networks, time, ReasonOf(request), words, cancellationToken));
            case ControlCommands.Unban when request.All is true:
                return await handler.UnbanAllAsync(words, cancellationToken);
            case ControlCommands.Unban:
                return await EachAsync<ClientNetwork>(
                    request,
                    text => ClientNetwork.TryParse(text, out var network) ? (network, null) : (default, ControlAnswer.Failed(words.NotAnAddress(text))),
                    networks => handler.UnbanAsync(networks, words, cancellationToken));
            case ControlCommands.Allow:
                if (TimeOf(request, out var allowance) is { } allow)
                {
                    return allow;
                }

                return await EachAsync<AllowEntry>(
                    request, text => Entry(text, words), entries => handler.AllowAsync(entries, allowance, words, cancellationToken));
            case ControlCommands.Disallow:
                return await EachAsync<AllowEntry>(request, text => Entry(text, words), entries => handler.DisallowAsync(entries, words, cancellationToken));
            case ControlCommands.ReleaseBrake:
                return await handler.ReleaseBrakeAsync(request.Subject, words, cancellationToken);
            case ControlCommands.Reload:
                return await handler.ReloadAsync(words, cancellationToken);
            case ControlCommands.NotifyTest:
                return Tested(await handler.TestNotificationsAsync(cancellationToken), Catalogue.For(request.Lang ?? "en").Notifications, words);
            case ControlCommands.Notice:
                return request.Message is { } message ? await handler.NoticeAsync(message, words, cancellationToken) : ControlAnswer.Failed(words.NotANotice);
            default:
                return ControlAnswer.Failed(words.UnknownRequest(request.Command));
        }
    }

    private static ControlAnswer Tested(IReadOnlyList<(string Way, string? Failure)> ways, INotificationWords notifications, IAnswerWords words)
    {
        if (ways.Count == 0)
        {
            return ControlAnswer.No(notifications.NoWay("postern.toml"));
        }

        var results = ways.Select(way => way.Failure is null
            ? new SubjectResult(way.Way, ControlOutcome.Done, notifications.WayWorks(way.Way))
            : new SubjectResult(way.Way, ControlOutcome.No, notifications.WayFails(way.Way, way.Failure))).ToList();
        var answer = ControlAnswer.Of(results, words);
        return results.Count == 1 ? answer : answer with { Details = [.. results.Select(static result => result.Message)] };
    }

    private async Task<ControlWriter> StatusAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var status = await handler.StatusAsync(cancellationToken);
        if (request.Subject is not { } name)
        {
            return Write(status, ControlJson.Default.StatusReply);
        }

        var jail = status.Jails.Where(jail => string.Equals(jail.Name, name, StringComparison.Ordinal)).ToList();
        return jail.Count > 0
            ? Write(status with { Jails = jail }, ControlJson.Default.StatusReply)
            : Write(ControlAnswer.No(Words(request).NoSuchJail(name, status.Jails.Select(static one => one.Name))));
    }

    private async Task<ControlWriter> BansAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var query = new BanQuery
        {
            Text = Short(request.Search),
            Offset = Math.Max(0, request.Offset ?? 0),
            Most = request.Most is { } most ? Math.Clamp(most, 1, MostRows) : null,
            IsNewestFirst = request.Newest is true,
        };
        if (request.Subject is null)
        {
            return Write(await handler.BansAsync(query, cancellationToken), ControlJson.Default.BansReply);
        }

        return ClientNetwork.TryParse(request.Subject, out var network)
            ? Write(await handler.BansAsync(query with { Network = network }, cancellationToken), ControlJson.Default.BansReply)
            : Write(NoAddress(request));
    }

    private ControlAnswer Told(ControlRequest request, ControlAnswer answer)
    {
        if (request.By is not null)
        {
            changed?.Invoke(request, answer);
        }

        return answer;
    }

    // Who asked stands where the reason is shown.
    private static string? ReasonOf(ControlRequest request) =>
        request.By is not { } by ? request.Reason : $"{(string.IsNullOrWhiteSpace(request.Reason) ? "ordered" : request.Reason.Trim())} (by {SafeText.Short(by, LongestName)})";

    private static string? Short(string? text) => text?.Trim() is { Length: > 0 } some ? some[..Math.Min(some.Length, LongestSearch)] : null;

    // The answer of a single one is the answer; of several, each has its own.
    private static async Task<ControlAnswer> EachAsync<T>(
        ControlRequest request, Func<string, (T? Subject, ControlAnswer? Refusal)> parse, Func<IReadOnlyList<T>, Task<IReadOnlyList<ControlAnswer>>> ask)
    {
        var texts = request.Subjects ?? [request.Subject ?? ""];
        var parsed = texts.Select(parse).ToArray();
        var sound = parsed.Where(static one => one.Refusal is null).Select(static one => one.Subject!).ToArray();
        var answers = new Queue<ControlAnswer>(sound.Length == 0 ? [] : await ask(sound));
        var results = new List<SubjectResult>();
        foreach (var (text, (_, refusal)) in texts.Zip(parsed))
        {
            var answer = refusal ?? answers.Dequeue();
            results.Add(new SubjectResult(text, answer.Outcome, answer.Message));
        }

        return ControlAnswer.Of(results, Words(request));
    }

    private static ControlAnswer? TimeOf(ControlRequest request, out TimeSpan? time)
    {
        time = null;
        if (request.ForSeconds is not { } seconds)
        {
            return null;
        }

        if (!(seconds >= 1 && seconds <= s_longestBan.TotalSeconds))
        {
            return ControlAnswer.Failed(Words(request).BadLength);
        }

        time = TimeSpan.FromSeconds(seconds);
        return null;
    }

    private static (AllowEntry? Entry, ControlAnswer? Refusal) Entry(string text, IAnswerWords words) =>
        AllowEntry.TryParseAny(text) is not { } entry ? (null, ControlAnswer.Failed(words.NotAnAddress(text)))
        : entry.Network is { PrefixLength: 0 } ? (null, ControlAnswer.No(words.AllowsEverybody))
        : (entry, null);

    private static ControlAnswer NoAddress(ControlRequest request) => ControlAnswer.Failed(Words(request).NotAnAddress(request.Subject));

    private static IAnswerWords Words(ControlRequest request) => Catalogue.For(request.Lang ?? "en").Answers;
}
