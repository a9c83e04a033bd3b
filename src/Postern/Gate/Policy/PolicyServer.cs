using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Postern.Gate.Policy;

/// <summary>
/// One connection after the other of Postfix's policy protocol: requests are answered in their order, however many come at
/// once. Whoever breaks a limit gets <c>DUNNO</c>, so that his mail goes on, and is disconnected.
/// </summary>
/// <param name="decider">Answers.</param>
/// <param name="limits">What a connection may take.</param>
/// <param name="events">Told of troubles.</param>
/// <param name="time">The clock.</param>
internal sealed class PolicyServer(PolicyResponder decider, PolicyLimits limits, IGateEvents events, TimeProvider time)
{
    private const string Service = "policy";

    /// <summary>Serves one connection to its end.</summary>
    public async Task ServeAsync(Stream stream, CancellationToken stop)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 4096, leaveOpen: true));
        var requests = new PolicyRequestReader(limits);
        using var deadline = new ResettableDeadline(time, stop);
        // An answer that is under way goes out even where we are to end.
        using var last = new LastRead(pipe, time, stop);
        using var answering = new ResettableDeadline(time, CancellationToken.None);
        try
        {
            var isBetween = true;
            deadline.Set(limits.Idle);
            while (true)
            {
                if (await last.ReadAsync(deadline.Token) is not { } read)
                {
                    return;
                }

                var buffer = read.Buffer;
                // The time of a request runs from its first byte, however slowly the others come.
                if (isBetween)
                {
                    deadline.Set(limits.RequestTime);
                }

                PolicyRead outcome;
                while ((outcome = requests.Read(ref buffer, out var request)) == PolicyRead.Whole)
                {
                    deadline.Set(Timeout.InfiniteTimeSpan);
                    var began = time.GetTimestamp();
                    var action = await AnswerAsync(request!, stop);
                    events.Answered(Service, time.GetElapsedTime(began));
                    answering.Set(limits.AnswerTime);
                    await WriteAsync(stream, action, answering.Token);
                    answering.Set(Timeout.InfiniteTimeSpan);
                    (stream as PeerStream)?.NoteRequest();
                    deadline.Set(limits.RequestTime);
                }

                isBetween = requests.IsBetween && buffer.IsEmpty;
                if (isBetween)
                {
                    deadline.Set(limits.Idle);
                }

                pipe.AdvanceTo(buffer.Start, buffer.End);
                if (outcome == PolicyRead.TooLarge)
                {
                    events.Trouble(Service, "a request larger than allowed was answered with DUNNO");
                    answering.Set(limits.AnswerTime);
                    await WriteAsync(stream, PolicyResponder.Nothing, answering.Token);
                    return;
                }

                if (read.IsCompleted)
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

    // Whoever waits when we are to end hears at once that his mail goes on.
    private async Task<string> AnswerAsync(PolicyRequest request, CancellationToken stop)
    {
        var answer = decider.AnswerAsync(request).AsTask();
        try
        {
            return await answer.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !answer.IsCompletedSuccessfully)
        {
            return PolicyResponder.Nothing;
        }
    }

    private static async ValueTask WriteAsync(Stream stream, string action, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(action.Length + 16);
        try
        {
            var length = Encoding.ASCII.GetBytes("action=", buffer);
            length += Encoding.ASCII.GetBytes(action, buffer.AsSpan(length));
            buffer[length++] = (byte)'\n';
            buffer[length++] = (byte)'\n';
            await stream.WriteAsync(buffer.AsMemory(0, length), stop);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
