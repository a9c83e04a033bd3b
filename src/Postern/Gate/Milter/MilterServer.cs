using System.IO.Pipelines;

namespace Postern.Gate.Milter;

/// <summary>Serves the mail server's connections in the milter protocol. What cannot be read ends the connection, and the server's own default decides.</summary>
/// <param name="judge">Decides.</param>
/// <param name="settings">How the milter is set now.</param>
/// <param name="limits">What a connection may take.</param>
/// <param name="spoolFolder">Where messages are kept while they come.</param>
/// <param name="events">Told of troubles.</param>
/// <param name="time">The clock.</param>
/// <param name="counts">Whether the sessions of a connection count towards bans and protection; null for all.</param>
internal sealed class MilterServer(
    TransactionDecider judge, Func<MilterSettings> settings, MilterLimits limits, string spoolFolder, IGateEvents events, TimeProvider time, Func<Stream, bool>? counts = null)
{
    private const string Service = "milter";
    private readonly ByteBudget _budget = new(limits.TestedAtOnce);

    /// <summary>Serves one connection to its end.</summary>
    public async Task ServeAsync(Stream stream, CancellationToken stop)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 4096, leaveOpen: true));
        var frames = new MilterFrames(limits.Packet);
        var replies = new MilterReplies();
        using var session = new MilterSession(judge, settings, new MilterMessage(new MessageSpool(spoolFolder, limits.Message)), limits, _budget, counts?.Invoke(stream) is false ? static _ => { } : events.SessionEnded, time, stop);
        using var deadline = new ResettableDeadline(time, stop);
        // An answer that is under way goes out even where we are to end.
        using var last = new LastRead(pipe, time, stop);
        using var answering = new ResettableDeadline(time, CancellationToken.None);
        try
        {
            while (true)
            {
                deadline.Set(limits.Idle);
                if (await last.ReadAsync(deadline.Token) is not { } read)
                {
                    return;
                }

                var buffer = read.Buffer;
                FrameRead outcome;
                var goesOn = true;
                while (goesOn && (outcome = frames.Read(ref buffer, out var frame)) != FrameRead.More)
                {
                    var began = frame.Command == MilterCommand.EndOfMessage ? time.GetTimestamp() : 0;
                    goesOn = outcome == FrameRead.Frame && await session.HandleAsync(frame, replies);
                    if (began != 0)
                    {
                        events.Answered(Service, time.GetElapsedTime(began));
                    }

                    if (frame.IsLast)
                    {
                        (stream as PeerStream)?.NoteRequest();
                    }

                    if (outcome == FrameRead.Malformed)
                    {
                        events.Trouble(Service, "a connection was ended: it is not the milter protocol, or a packet is larger than allowed");
                    }
                }

                if (!replies.IsEmpty)
                {
                    answering.Set(limits.AnswerTime);
                    await stream.WriteAsync(replies.Bytes, answering.Token);
                    answering.Set(Timeout.InfiniteTimeSpan);
                    replies.Clear();
                }

                pipe.AdvanceTo(buffer.Start, buffer.End);
                if (!goesOn || read.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }
}
