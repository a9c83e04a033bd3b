using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Postern.Cli.Configuration;
using Postern.Cli.Words;
using Postern.Facts;

namespace Postern.Cli.Daemon.Control;

/// <summary>Writes a reply as it is made: a long one takes no memory.</summary>
internal delegate Task ControlWriter(Stream output, CancellationToken cancellationToken);

/// <summary>Reads one request, asks the handler, writes the reply.</summary>
/// <param name="handler">Who answers.</param>
/// <param name="only">The one command that is taken; null for all.</param>
internal sealed class ControlDispatcher(IControlHandler handler, string? only = null)
{
    private const int MostRows = 1000;
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
            return Write(ControlAnswer.Failed("the request is not a line of JSON"));
        if (only is not null && !string.Equals(request.Command, only, StringComparison.Ordinal))
            return Write(ControlAnswer.Failed($"this socket takes nothing but '{only}'"));
        return request.Command switch
        {
            ControlCommands.Status => Write(await handler.StatusAsync(cancellationToken), ControlJson.Default.StatusReply),
            ControlCommands.Bans => Write(await handler.BansAsync(cancellationToken), ControlJson.Default.BansReply),
            ControlCommands.Top => Write(await handler.TopAsync(Math.Clamp(request.Most ?? 20, 1, MostRows), cancellationToken), ControlJson.Default.TopSnapshot),
            ControlCommands.Explain => ClientAddress.TryParse(request.Subject, out var address)
                ? Write(await handler.ExplainAsync(address, cancellationToken), ControlJson.Default.LiveExplanation)
                : Write(NoAddress(request)),
            ControlCommands.Import => ImportRows.Read(request.Bans ?? []) is { } bans
                ? Write(await handler.ImportAsync(bans, cancellationToken), ControlJson.Default.ImportReply)
                : Write(NoAddress(request)),
            _ => Write(await ChangeAsync(request, cancellationToken)),
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
                if (!ClientNetwork.TryParse(request.Subject, out var banned))
                    return NoAddress(request);
                if (banned.PrefixLength < (banned.IsIPv4 ? 8 : 16))
                    return ControlAnswer.No(words.TooLarge(banned));
                TimeSpan? time = null;
                if (request.ForSeconds is { } seconds)
                {
                    if (!(seconds >= 1 && seconds <= s_longestBan.TotalSeconds))
                        return ControlAnswer.Failed(words.BadLength);
                    time = TimeSpan.FromSeconds(seconds);
                }

                return await handler.BanAsync(banned, time, request.Reason, words, cancellationToken);
            case ControlCommands.Unban:
                return ClientNetwork.TryParse(request.Subject, out var pardoned) ? await handler.UnbanAsync(pardoned, words, cancellationToken) : NoAddress(request);
            case ControlCommands.Allow:
                if (request.Subject is null || AllowEntry.TryParse(request.Subject) is not { } entry)
                    return NoAddress(request);
                return entry.Network is { PrefixLength: 0 } ? ControlAnswer.No(words.AllowsEverybody) : await handler.AllowAsync(entry, words, cancellationToken);
            case ControlCommands.ReleaseBrake:
                return await handler.ReleaseBrakeAsync(request.Subject, words, cancellationToken);
            case ControlCommands.Reload:
                return await handler.ReloadAsync(words, cancellationToken);
            case ControlCommands.Notice:
                return request.Message is { } message ? await handler.NoticeAsync(message, words, cancellationToken) : ControlAnswer.Failed(words.NotANotice);
            default:
                return ControlAnswer.Failed(words.UnknownRequest(request.Command));
        }
    }

    private static ControlAnswer NoAddress(ControlRequest request) => ControlAnswer.Failed(Words(request).NotAnAddress(request.Subject));

    private static IAnswerWords Words(ControlRequest request) => Catalogue.For(request.Lang ?? "en").Answers;
}
