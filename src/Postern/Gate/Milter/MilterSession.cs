using System.Buffers;
using Postern.Facts;

namespace Postern.Gate.Milter;

/// <summary>One connection of the mail server: a client's session, or several one after the other. Answers packet by packet.</summary>
/// <param name="judge">Decides.</param>
/// <param name="settings">How the milter is set now; taken anew for each message.</param>
/// <param name="message">The message under way.</param>
/// <param name="limits">What a session may take.</param>
/// <param name="budget">Bytes of messages that are tested at once.</param>
/// <param name="ended">Takes each session of a client when it has ended.</param>
/// <param name="time">The clock.</param>
/// <param name="stop">The end of the program: no verdict is waited for then.</param>
internal sealed class MilterSession(TransactionDecider judge, Func<MilterSettings> settings, MilterMessage message, MilterLimits limits, ByteBudget budget, Action<SmtpSession> ended, TimeProvider time, CancellationToken stop) : IDisposable
{
    private const string Service = "milter";

    private readonly SessionNotes _notes = new();
    private MilterNegotiation _agreed = MilterNegotiation.None;
    private MilterSettings _settings = settings();
    private ResultsOwner _owner = new(settings().AuthservId);
    private ClientAddress _client;
    private ClientStanding _standing = ClientStanding.Own;
    private string? _helo;
    private string? _serverName;

    // What the macros tell of the next recipient: null where it is accepted.
    private (string Status, string Reason)? _refusal;

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
                {
                    return false;
                }

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
                TakeRecipient(MilterText.Address(frame.Data));
                break;
            case MilterCommand.Unknown:
                _notes.UnknownCommand(frame.Data);
                break;
            case MilterCommand.Header:
                message.AddHeader(frame.Data, _agreed.Has(MilterSteps.HeadersWithLeadingSpace), _owner, Tests);
                break;
            case MilterCommand.EndOfHeaders or MilterCommand.Data:
                break;
            case MilterCommand.Body:
                if (Tests)
                {
                    message.AddBody(frame.Data);
                }

                if (!frame.IsLast)
                {
                    return true;
                }

                break;
            case MilterCommand.EndOfMessage:
                if (Tests && !frame.Data.IsEmpty)
                {
                    message.AddBody(frame.Data);
                }

                if (await EndAsync(replies) is { } refusal)
                {
                    Refuse(refusal, replies);
                }
                else
                {
                    Accept(replies);
                }

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
        {
            replies.Continue();
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Leave();
        message.Dispose();
    }

    private void Reset()
    {
        Leave();
        message.Clear();
        (_client, _standing, _helo, _refusal) = (ClientAddress.Unknown, ClientStanding.Own, null, null);
    }

    private void Leave()
    {
        if (_notes.Close(_helo, _serverName, time.GetLocalNow()) is { } session)
        {
            ended(session);
        }
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
        _notes.Open(_client, MilterText.HostName(data), time.GetLocalNow());
        if (!_agreed.WantsAnswer(MilterCommand.Connect))
        {
            return;
        }
        // Who may reach some recipients although it is banned is heard until its message ends.
        if (!settings().Gate.Exempt.HearsBanned && judge.OfBan(_client, settings().Gate) is { Action: not GateAction.Pass } ban)
        {
            replies.ReplyCode(ban.Reply(_client).ToString());
            // It is kept out already: what it tries on counts no more.
            _notes.Forget();
        }
        else
        {
            replies.Continue();
        }
    }

    private void TakeMacros(in ReadOnlySequence<byte> data)
    {
        switch (MilterText.MacroStage(data))
        {
            case MilterCommand.Connect:
                _serverName = MilterText.Macro(data, "j") ?? _serverName;
                break;
            case MilterCommand.Mail:
                message.IsAuthenticated |= MilterText.Macro(data, "{auth_authen}") is not null;
                if (message.IsAuthenticated)
                {
                    _notes.LoggedIn();
                }

                break;
            case MilterCommand.Recipient:
                _refusal = MilterText.Macro(data, "{rcpt_mailer}") is "error" ? (MilterText.Macro(data, "{rcpt_host}") ?? "", MilterText.Macro(data, "{rcpt_addr}") ?? "") : null;
                break;
            default:
                break;
        }
    }

    private void TakeRecipient(string recipient)
    {
        if (_refusal is { } refusal)
        {
            _notes.RecipientRefused(refusal.Status, refusal.Reason, recipient);
        }
        else
        {
            message.Recipient ??= recipient;
            message.HasOrdinaryRecipient |= !settings().Gate.Exempt.IncludesRecipient(recipient);
        }

        _refusal = null;
    }

    private void Accept(MilterReplies replies)
    {
        replies.Continue();
        _notes.MessageAccepted(message.IsAuthenticated);
    }

    private void Refuse(string reply, MilterReplies replies)
    {
        replies.ReplyCode(reply);
        _notes.MessageRefused(reply);
    }

    // Null where the message is taken, else the reply that refuses it.
    private async ValueTask<string?> EndAsync(MilterReplies replies)
    {
        if (!Cleans)
        {
            return null;
        }

        if (message.ForgedResults.Count + message.ForgedTags.Count > limits.ForgedHeaders)
        {
            return "550 5.7.1 " + OwnReplies.TooManyResults;
        }

        if (!Tests)
        {
            Clean(replies);
            return null;
        }

        var decision = await DecideAsync();
        if (decision.Action is GateAction.Reject or GateAction.Defer)
        {
            return decision.Reply(_client).ToString();
        }

        Clean(replies);
        if (_agreed.May(MilterActions.AddHeaders))
        {
            replies.InsertHeader("Authentication-Results", Results(decision.Answer?.AuthenticationResults ?? []));
            replies.InsertHeader(ResultHeader.Name, Spaced(ResultHeader.Value(decision, _client)));
        }

        if (decision.Action == GateAction.Quarantine && _agreed.May(MilterActions.Quarantine))
        {
            replies.Quarantine("postern: " + ResultHeader.Value(decision, _client));
        }

        return null;
    }

    private async ValueTask<GateDecision> DecideAsync()
    {
        var question = new GateQuestion { Client = _client, Helo = _helo, Sender = message.Sender ?? "" };
        var began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(_settings.Gate.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            // What was not looked at cannot be held against anybody.
            if (message.IsLost)
            {
                return await AskAsync(question, _settings.Gate with { Mode = GateMode.Observe });
            }

            using var share = await budget.TakeAsync(message.Length, either.Token);
            var left = _settings.Gate.Deadline - time.GetElapsedTime(began);
            return left <= TimeSpan.Zero
                ? GateDecision.Pass(GateCause.NoVerdict)
                : await AskAsync(question with { Message = message.Content() }, _settings.Gate with { Deadline = left });
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return GateDecision.Pass(GateCause.NoVerdict);
        }
    }

    private Task<GateDecision> AskAsync(GateQuestion question, GateOptions options) =>
        judge.DecideAsync(question, message.Recipient, Service, options, message.Recipient is not null && !message.HasOrdinaryRecipient).AsTask().WaitAsync(stop);

    // From the last one down: a header that goes shifts the count of those below it.
    private void Clean(MilterReplies replies)
    {
        if (!_agreed.May(MilterActions.ChangeHeaders))
        {
            return;
        }

        for (var i = message.ForgedResults.Count - 1; i >= 0; i--)
        {
            replies.DeleteHeader("Authentication-Results", message.ForgedResults[i]);
        }

        for (var i = message.ForgedTags.Count - 1; i >= 0; i--)
        {
            replies.DeleteHeader(ResultHeader.Name, message.ForgedTags[i]);
        }
    }

    private string Results(IReadOnlyList<string> lines) =>
        Spaced(_settings.AuthservId + (lines.Count == 0 ? "; none" : string.Concat(lines.Select(line => ";\n\t" + line))));

    private string Spaced(string value) => _agreed.Has(MilterSteps.HeadersWithLeadingSpace) ? " " + value : value;
}
