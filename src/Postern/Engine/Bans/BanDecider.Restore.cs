using Postern.Classification.Live;
using Postern.Decisions.Brake;
using Postern.Decisions.Protection;
using Postern.Engine.Ledger;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <content>What an earlier run left.</content>
internal sealed partial class BanDecider
{
    /// <summary>Takes up what an earlier run left, and makes the bans that it was killed before making.</summary>
    public void Restore(LedgerState state, DateTimeOffset now)
    {
        foreach (var ban in state.Past)
        {
            Book.AddPast(ban);
        }

        Book.Reserve(state.Bans.Count);
        foreach (var ban in state.Bans)
        {
            Book.Add(ban);
        }

        foreach (var day in state.Days)
        {
            Protections.Senders.Note(day);
            Long.Restore(day);
        }

        foreach (var suppressed in state.Suppressed)
        {
            Protections.Restore(suppressed);
        }

        Protections.Correspondents.Restore(state.CorrespondentKey, state.Correspondents);
        Brake.Restore(state.Holds, state.Spans, now);
        foreach (var hold in state.Holds)
        {
            Braked?.Invoke(new BrakeChange(hold, IsReleased: false, InFull: false, now), 0);
        }

        var last = new Dictionary<ClientAddress, ClientAddress>();
        foreach (var failure in state.Failures.Where(failure => failure.Jail is null).OrderBy(failure => failure.Mark.Time.UtcTicks))
        {
            _windows.Add(new SessionReport { Id = failure.Id, Client = ClientNetwork.HostOf(failure.Client), Mark = failure.Mark, Variety = failure.Variety });
            last[ClientNetwork.HostOf(failure.Client)] = failure.Client;
            AddHostile(failure.Client, failure.Mark, HostileDay.Score(failure.Mark));
        }

        foreach (var client in last.Values)
        {
            Judge(new SenderInquiry(client, "", null), now);
        }
    }
}
