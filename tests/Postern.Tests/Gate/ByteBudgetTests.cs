using Postern.Gate;

namespace Postern.Tests.Gate;

public sealed class ByteBudgetTests
{
    private readonly ByteBudget _budget = new(100);

    [Fact]
    public async Task Who_needs_more_than_is_left_waits_for_its_turn()
    {
        var first = await Take(60);
        var large = Take(80);
        var small = Take(10);
        large.IsCompleted.ShouldBeFalse();
        // The small one fits, but came later: else the large one might wait for ever.
        small.IsCompleted.ShouldBeFalse();
        first.Dispose();
        first.Dispose();
        (await large).Dispose();
        (await small).Dispose();
        (await Take(100)).Dispose();
    }

    [Fact]
    public async Task Who_needs_more_than_there_is_gets_all()
    {
        var all = await Take(1000);
        var next = Take(1);
        next.IsCompleted.ShouldBeFalse();
        all.Dispose();
        (await next).Dispose();
    }

    [Fact]
    public async Task Who_gives_up_leaves_its_turn_to_the_next()
    {
        var first = await Take(100);
        using var patience = new CancellationTokenSource();
        var impatient = _budget.TakeAsync(100, patience.Token);
        var patient = Take(100);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(impatient);
        first.Dispose();
        (await patient).Dispose();
    }

    private Task<IDisposable> Take(long bytes) => _budget.TakeAsync(bytes, TestContext.Current.CancellationToken);
}
