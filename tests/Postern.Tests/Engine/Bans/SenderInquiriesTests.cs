using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Postern.Engine.Bans;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Tests.Engine.Bans;

/// <summary>Whoever asks about a client gets an answer, whatever becomes of the check.</summary>
public sealed class SenderInquiriesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<SenderVerdict?> _answers = Channel.CreateUnbounded<SenderVerdict?>();
    private readonly List<Exception> _faults = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static SenderInquiry Inquiry => new(ClientAddress.FromIPv4(0xC0000201), "postfix", "mx.example.com");

    [Fact]
    public async Task A_check_that_fails_is_no_answer_and_is_told()
    {
        Inquiries((_, _, _, _) => Task.FromException<SenderVerdict?>(new InvalidOperationException("odd"))).Ask(Inquiry);
        (await AnswerAsync()).ShouldBeNull();
        _faults.ShouldHaveSingleItem().Message.ShouldBe("odd");
    }

    [Fact]
    public async Task So_is_one_that_fails_before_it_begins()
    {
        Inquiries((_, _, _, _) => throw new InvalidOperationException("odd")).Ask(Inquiry);
        (await AnswerAsync()).ShouldBeNull();
        _faults.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task One_that_never_ends_is_no_answer_in_time_and_no_fault()
    {
        Inquiries((_, _, _, _) => new TaskCompletionSource<SenderVerdict?>().Task).Ask(Inquiry);
        for (; !_answers.Reader.TryPeek(out _); await Task.Delay(1, Stop))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        (await AnswerAsync()).ShouldBeNull();
        _faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_thousand_that_fail_leave_room_for_one_that_answers()
    {
        var verdict = new SenderVerdict { Tests = [], Points = 1, Legitimacy = Legitimacy.Genuine, Advice = Advice.Accept, MayBounce = false, Deciding = [], Troubled = [] };
        var fails = true;
        var inquiries = Inquiries((_, _, _, _) => Volatile.Read(ref fails) ? throw new InvalidOperationException("odd") : Task.FromResult<SenderVerdict?>(verdict));
        for (var i = 0; i < 1000; i++)
        {
            inquiries.Ask(Inquiry);
            (await AnswerAsync()).ShouldBeNull();
        }

        Volatile.Write(ref fails, false);
        inquiries.Ask(Inquiry);
        (await AnswerAsync()).ShouldBe(verdict);
    }

    private SenderInquiries Inquiries(Func<ClientAddress, string?, string?, CancellationToken, Task<SenderVerdict?>> check) =>
        new(check, TimeSpan.FromSeconds(3), 64, _time, (_, verdict) => _answers.Writer.WriteAsync(verdict), _faults.Add);

    private async Task<SenderVerdict?> AnswerAsync() => await _answers.Reader.ReadAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Stop);
}
