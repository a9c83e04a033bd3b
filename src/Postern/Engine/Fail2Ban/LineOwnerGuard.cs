using System.Text;
using Postern.Capture.Owners;
using Postern.Facts;
using Postern.Fail2Ban.Filters;

namespace Postern.Engine.Fail2Ban;

/// <summary>
/// Keeps filters from counting against one client what another one wrote: in a line of Postfix's, Dovecot's or sshd's an
/// address counts only where the program itself put it.
/// </summary>
/// <param name="owners">Whose lines of the log they are.</param>
internal sealed class LineOwnerGuard(LineOwners owners)
{
    private readonly Dictionary<string, Fail2BanRefusal> _told = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly List<Fail2BanRefusal> _news = [];

    /// <summary>How many matches of each jail were refused.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Takes a line in passing.</summary>
    public void Note(ReadOnlySpan<byte> line) => owners.Note(line);

    /// <summary>Takes a line of the journal in passing.</summary>
    public void Note(string line)
    {
        if (line.Contains(": client=", StringComparison.Ordinal))
        {
            owners.Note(Encoding.UTF8.GetBytes(line));
        }
    }

    /// <summary>Whether a jail's match is to be passed over: none of its lines is a line of the address that it names.</summary>
    public bool Refuses(string jail, FailureId named, IReadOnlyList<LineParts> lines)
    {
        LineOwner? other = null;
        foreach (var line in lines)
        {
            var owner = owners.Of(Encoding.UTF8.GetBytes(line.Text));
            if (owner.Kind == LineOwnerKind.NotKnown || (owner.Kind == LineOwnerKind.Certain && IsOf(owner.Client, named)))
            {
                return false;
            }

            if (other is not { Kind: LineOwnerKind.Certain })
            {
                other = owner;
            }
        }

        if (other is not { } found)
        {
            return false;
        }

        _counts[jail] = _counts.GetValueOrDefault(jail) + 1;
        var refusal = new Fail2BanRefusal(jail, named.Text, found.Client, lines[^1].Text);
        if (_told.TryAdd(jail, refusal))
        {
            _news.Add(refusal);
        }

        return true;
    }

    /// <summary>The first refusal of each jail that was not taken yet.</summary>
    public IReadOnlyList<Fail2BanRefusal> TakeNews()
    {
        if (_news.Count == 0)
        {
            return [];
        }

        Fail2BanRefusal[] news = [.. _news];
        _news.Clear();
        return news;
    }

    // A filter may name a network that the client is in.
    private static bool IsOf(ClientAddress client, FailureId named) =>
        client == named.Address || (named.PrefixLength is { } length && ClientNetwork.Of(named.Address, length).Contains(client));
}
