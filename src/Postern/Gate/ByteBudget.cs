namespace Postern.Gate;

/// <summary>So many bytes at once for all; who needs more than are left waits, in the order of asking, and who needs more than there are gets all.</summary>
internal sealed class ByteBudget
{
    private readonly long _most;
    private readonly Lock _lock = new();
    private readonly LinkedList<(long Bytes, TaskCompletionSource Turn)> _waiting = new();
    private long _left;

    /// <summary>So many bytes.</summary>
    public ByteBudget(long most) => _most = _left = most;

    /// <summary>Takes the bytes, when there are that many.</summary>
    /// <returns>Gives them back when it is disposed.</returns>
    public async Task<IDisposable> TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        bytes = Math.Min(bytes, _most);
        LinkedListNode<(long Bytes, TaskCompletionSource Turn)> place;
        lock (_lock)
        {
            if (_waiting.Count == 0 && _left >= bytes)
            {
                _left -= bytes;
                return new Share(this, bytes);
            }

            place = _waiting.AddLast((bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            await place.Value.Turn.Task.WaitAsync(cancellationToken);
            return new Share(this, bytes);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (place.List is not null)
                {
                    _waiting.Remove(place);
                }
                else
                {
                    GiveBack(bytes);
                }
            }

            throw;
        }
    }

    private void GiveBack(long bytes)
    {
        lock (_lock)
        {
            _left += bytes;
            while (_waiting.First is { } first && first.Value.Bytes <= _left)
            {
                _left -= first.Value.Bytes;
                _waiting.RemoveFirst();
                first.Value.Turn.SetResult();
            }
        }
    }

    private sealed class Share(ByteBudget budget, long bytes) : IDisposable
    {
        private bool _isGiven;

        public void Dispose()
        {
            if (!_isGiven)
            {
                budget.GiveBack(bytes);
            }

            _isGiven = true;
        }
    }
}
