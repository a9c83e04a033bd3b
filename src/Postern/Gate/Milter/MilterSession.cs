using System.Buffers;
using Postern.Facts;

namespace Postern.Gate.Milter;

/// <summary>One connection of the mail server: a client's session, or several one after the other. Answers packet by packet.</summary>
/// <param name="judge">Decides.</param>
/// <param name="settings">How the milter is set now; taken anew for each message.</param>
/// <param name="message">The message under way.</param>
/// <param name="limits">What a session may take.</param>
/// <param name="budget">Bytes of messages that are tested at once.</param>
/// <param name="time">The clock.</param>
internal sealed class MilterSession(GateJudge judge, Func<MilterSettings> settings, MilterMessage message, MilterLimits limits, ByteBudget budget, TimeProvider time) : IDisposable
{
    private const string Door = "milter";

    private MilterNegotiation _agreed = MilterNegotiation.None;
    private MilterSettings _settings = settings();
    private ResultsOwner _owner = new(settings().AuthservId);
    private ClientAddress _client;
    private ClientStanding _standing = ClientStanding.Own;
    private string? _helo;

    // Our own submissions and relays may bear our results from an earlier pass through this server.
    private bool Cleans => _standing != ClientStanding.Own;

    private bool Tests => Cleans && !message.IsAuthenticated;

    /// <summary>Takes a packet and answers it.</summary>
    /// <returns>False where the connection ends: the server said so, or what it said has no sense.</returns>
    public async ValueTask<bool> HandleAsync(MilterFrame frame, MilterReplies replies)
    {
        switch (frame.Command)
        {
            case MilterCommand.Negotiate:
                if (MilterNegotiation.Of(frame.Data, replies) is not { } agreed)
                    return false;
                _agreed = agreed;
                return true;
            case MilterCommand.Connect:
                Connect(frame.Data, replies);
                return true;
            case MilterCommand.Helo:
                _helo = MilterText.First(frame.Data) is { Length: > 0 } helo ? helo : null;
                break;
            case MilterCommand.Macro:
                TakeMacros(frame.Data);
                return true;
            case MilterCommand.Mail:
                message.Sender = MilterText.Address(frame.Data);
                (_settings, _owner) = Current();
                break;
            case MilterCommand.Recipient:
                message.Recipient ??= MilterText.Address(frame.Data);
                break;
            case MilterCommand.Header:
                message.AddHeader(frame.Data, _agreed.Has(MilterSteps.HeadersWithLeadingSpace), _owner, Tests);
                break;
            case MilterCommand.EndOfHeaders or MilterCommand.Data or MilterCommand.Unknown:
                break;
            case MilterCommand.Body:
                if (Tests)
                    message.AddBody(frame.Data);
                if (!frame.IsLast)
                    return true;
                break;
            case MilterCommand.EndOfMessage:
                if (Tests && !frame.Data.IsEmpty)
                    message.AddBody(frame.Data);
                await EndAsync(replies);
                message.Clear();
                return true;
            case MilterCommand.Abort:
                message.Clear();
                return true;
            case MilterCommand.QuitNewConnection:
                Reset();
                return true;
            case MilterCommand.Quit:
            default:
                return false;
        }

        if (_agreed.WantsAnswer(frame.Command))
            replies.Continue();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => message.Dispose();

    private void Reset()
    {
        message.Clear();
        (_client, _standing, _helo) = (ClientAddress.Unknown, ClientStanding.Own, null);
    }

    private (MilterSettings, ResultsOwner) Current()
    {
        var now = settings();
        return (now, string.Equals(now.AuthservId, _settings.AuthservId, StringComparison.Ordinal) ? _owner : new ResultsOwner(now.AuthservId));
    }

    private void Connect(in ReadOnlySequence<byte> data, MilterReplies replies)
    {
        Reset();
        _client = MilterText.Client(data);
        _standing = judge.StandingOf(_client);
        if (!_agreed.WantsAnswer(MilterCommand.Connect))
            return;
        if (judge.OfBan(_client, settings().Gate) is { Action: not GateAction.Pass } ban)
            replies.ReplyCode(ban.Reply(_client).ToString());
        else
            replies.Continue();
    }

    private void TakeMacros(in ReadOnlySequence<byte> data)
    {
        if (MilterText.MacroStage(data) != MilterCommand.Mail)
            return;
        foreach (var (name, value) in MilterText.Macros(data))
            message.IsAuthenticated |= name is "{auth_authen}" && value.Length > 0;
    }

    private async ValueTask EndAsync(MilterReplies replies)
    {
        if (!Cleans)
        {
            replies.Continue();
            return;
        }

        if (message.ForgedResults.Count + message.ForgedTags.Count > limits.ForgedHeaders)
        {
            replies.ReplyCode("550 5.7.1 The message bears too many results of tests under the name of this server");
            return;
        }

        if (!Tests)
        {
            Clean(replies);
            replies.Continue();
            return;
        }

        var decision = await DecideAsync();
        if (decision.Action is GateAction.Reject or GateAction.Defer)
        {
            replies.ReplyCode(decision.Reply(_client).ToString());
            return;
        }

        Clean(replies);
        if (_agreed.May(MilterActions.AddHeaders))
        {
            replies.InsertHeader("Authentication-Results", Results(decision.Answer?.AuthenticationResults ?? []));
            replies.InsertHeader(ResultHeader.Name, Spaced(ResultHeader.Value(decision, _client)));
        }

        if (decision.Action == GateAction.Quarantine && _agreed.May(MilterActions.Quarantine))
            replies.Quarantine("postern: " + ResultHeader.Value(decision, _client));
        replies.Continue();
    }

    private async ValueTask<GateDecision> DecideAsync()
    {
        var question = new GateQuestion { Client = _client, Helo = _helo, Sender = message.Sender ?? "" };
        // What was not looked at cannot be held against anybody.
        if (message.IsLost)
            return await judge.DecideAsync(question, message.Recipient, Door, _settings.Gate with { Mode = GateMode.Observe });
        var began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(_settings.Gate.Deadline, time);
        try
        {
            using var share = await budget.TakeAsync(message.Length, limit.Token);
            var left = _settings.Gate.Deadline - time.GetElapsedTime(began);
            return left <= TimeSpan.Zero
                ? GateDecision.Pass(GateCause.NoVerdict)
                : await judge.DecideAsync(question with { Message = message.Content() }, message.Recipient, Door, _settings.Gate with { Deadline = left });
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return GateDecision.Pass(GateCause.NoVerdict);
        }
    }

    // From the last one down: a header that goes shifts the count of those below it.
    private void Clean(MilterReplies replies)
    {
        if (!_agreed.May(MilterActions.ChangeHeaders))
            return;
        for (var i = message.ForgedResults.Count - 1; i >= 0; i--)
            replies.DeleteHeader("Authentication-Results", message.ForgedResults[i]);
        for (var i = message.ForgedTags.Count - 1; i >= 0; i--)
            replies.DeleteHeader(ResultHeader.Name, message.ForgedTags[i]);
    }

    private string Results(IReadOnlyList<string> lines) =>
        Spaced(_settings.AuthservId + (lines.Count == 0 ? "; none" : string.Concat(lines.Select(line => ";\n\t" + line))));

    private string Spaced(string value) => _agreed.Has(MilterSteps.HeadersWithLeadingSpace) ? " " + value : value;
}
