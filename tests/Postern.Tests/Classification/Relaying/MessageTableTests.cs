using Postern.Classification.Relaying;
using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Tests.Classification.Relaying;

/// <summary>The messages that came last, with names and senders of any length.</summary>
public sealed class MessageTableTests
{
    private const int Most = 16_384;
    private readonly MessageTable _table = new();
    private readonly TextPool _texts = new();

    [Fact]
    public void Names_and_senders_of_any_length_are_kept()
    {
        for (var i = 0; i < 255; i++)
        {
            _table.Open((ulong)i + 1, Client(i), isUsers: false, Text('n', i), isNamed: true);
            _table.NoteSender(_table.Find((ulong)i + 1), Text('s', 255 - i));
        }

        for (var i = 0; i < 255; i++)
        {
            var place = _table.Find((ulong)i + 1);
            (_table.Client(place), _table.IsUsers(place)).ShouldBe((Client(i), false));
            _table.Name(place, _texts).ShouldBe(new string('n', i));
            _table.Sender(place, _texts).ShouldBe(new string('s', 255 - i));
        }
    }

    [Fact]
    public void An_id_that_is_given_again_is_another_message()
    {
        _table.Open(7, Client(1), isUsers: false, "mail.example.net"u8, isNamed: true);
        _table.NoteSender(_table.Find(7), "example.net"u8);
        _table.Open(7, Client(2), isUsers: true, default, isNamed: false);
        var place = _table.Find(7);
        (_table.Client(place), _table.IsUsers(place), _table.Name(place, _texts), _table.Sender(place, _texts)).ShouldBe((Client(2), true, null, null));
        _table.Find(8).ShouldBe(-1);
    }

    [Fact]
    public void The_oldest_gives_way()
    {
        for (var i = 1; i <= Most + 10; i++)
        {
            _table.Open((ulong)i, Client(i), isUsers: false, Text('n', i % 200), isNamed: true);
        }

        Enumerable.Range(1, 10).ShouldAllBe(i => _table.Find((ulong)i) == -1);
        Enumerable.Range(11, Most).ShouldAllBe(i => _table.Client(_table.Find((ulong)i)) == Client(i) && _table.Name(_table.Find((ulong)i), _texts)!.Length == i % 200);
    }

    private static byte[] Text(char c, int length) => [.. Enumerable.Repeat((byte)c, length)];

    private static ClientAddress Client(int number) => ClientAddress.FromIPv4(0x0B00_0000u + (uint)number);
}
