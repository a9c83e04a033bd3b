using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Classification.Relaying;

/// <summary>
/// The messages that came last, by their queue ids; bounded. Names and senders stay bytes, side by side, for hardly any of a
/// million messages is asked for them: as strings they took a tenth of the time of reading a log.
/// </summary>
internal sealed class MessageTable
{
    private const int Most = 16_384;

    // Longer texts are rare, and stand apart.
    private const int Row = 64;
    private const short NoText = -1;
    private readonly Dictionary<ulong, int> _places = [];
    private readonly Dictionary<(int Place, bool IsSender), byte[]> _long = [];
    private Message[] _messages = new Message[64];
    private byte[] _texts = new byte[64 * 2 * Row];
    private int _next;

    /// <summary>Notes a message; one that has the id already gives way.</summary>
    /// <param name="id">The queue id's hash.</param>
    /// <param name="client">Who sent it.</param>
    /// <param name="isUsers">True for a user's: logged in, or of this server's own networks.</param>
    /// <param name="name">The client's PTR name.</param>
    /// <param name="isNamed">False where it has none, or nobody will ask for it.</param>
    public void Open(ulong id, ClientAddress client, bool isUsers, ReadOnlySpan<byte> name, bool isNamed)
    {
        if (!_places.TryGetValue(id, out var place))
        {
            place = _next++ % Most;
            if (place == _messages.Length)
            {
                Array.Resize(ref _messages, place * 2);
                Array.Resize(ref _texts, place * 2 * 2 * Row);
            }

            if (_places.Count == Most)
            {
                // The oldest gives way.
                _places.Remove(_messages[place].Id);
            }

            _places[id] = place;
        }

        _messages[place] = new Message(id, client, isUsers, isNamed ? Keep(place, isSender: false, name) : NoText, NoText);
    }

    /// <summary>Where a message is; -1 for none.</summary>
    public int Find(ulong id) => _places.TryGetValue(id, out var place) ? place : -1;

    /// <summary>Who sent it.</summary>
    public ClientAddress Client(int place) => _messages[place].Client;

    /// <summary>True for a user's.</summary>
    public bool IsUsers(int place) => _messages[place].IsUsers;

    /// <summary>The client's PTR name; null for none.</summary>
    public string? Name(int place, TextPool texts) => Text(place, isSender: false, _messages[place].NameLength, texts);

    /// <summary>The sender's domain; null where it is not known.</summary>
    public string? Sender(int place, TextPool texts) => Text(place, isSender: true, _messages[place].SenderLength, texts);

    /// <summary>Notes the sender's domain.</summary>
    public void NoteSender(int place, ReadOnlySpan<byte> domain) => _messages[place] = _messages[place] with { SenderLength = Keep(place, isSender: true, domain) };

    private short Keep(int place, bool isSender, ReadOnlySpan<byte> text)
    {
        if (text.Length <= Row)
        {
            text.CopyTo(RowOf(place, isSender));
        }
        else
        {
            _long[(place, isSender)] = text.ToArray();
        }

        return (short)text.Length;
    }

    private string? Text(int place, bool isSender, short length, TextPool texts) =>
        length == NoText ? null : texts.Get(length <= Row ? RowOf(place, isSender)[..length] : _long[(place, isSender)]);

    private Span<byte> RowOf(int place, bool isSender) => _texts.AsSpan(((place * 2) + (isSender ? 1 : 0)) * Row, Row);

    private readonly record struct Message(ulong Id, ClientAddress Client, bool IsUsers, short NameLength, short SenderLength);
}
