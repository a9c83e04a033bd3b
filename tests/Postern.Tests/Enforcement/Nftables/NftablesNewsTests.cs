using System.Text;
using FsCheck.Xunit;
using Postern.Enforcement.Nftables;

namespace Postern.Tests.Enforcement.Nftables;

/// <summary>Only what others do to our own table wakes us.</summary>
public sealed class NftablesNewsTests
{
    private const byte NewTable = 0;
    private const byte DeleteElement = 14;
    private const byte NewGeneration = 15;
    private readonly NftablesNews _news = new("postern"u8.ToArray(), "postern-1"u8.ToArray());

    [Theory]
    [InlineData("postern", "nft", true)]
    [InlineData("postern", "postern-1", false)]
    [InlineData("postern2", "nft", false)]
    [InlineData("poster", "nft", false)]
    [InlineData("filter", "postern-1", false)]
    public void A_transaction_is_judged_by_its_table_and_its_thread(string table, string thread, bool isForeign) =>
        _news.Read([.. Message(NewTable, (1, table)), .. Message(DeleteElement, (1, table), (2, "v4_32")), .. End(thread)]).ShouldBe(isForeign);

    [Fact]
    public void A_transaction_may_come_in_parts()
    {
        _news.Read(Message(DeleteElement, (1, "postern"))).ShouldBeFalse();
        _news.Read(Message(DeleteElement, (1, "filter"))).ShouldBeFalse();
        _news.Read(End("nft")).ShouldBeTrue();
        _news.Read(End("nft")).ShouldBeFalse();
    }

    [Fact]
    public void Ours_and_anothers_are_told_apart_in_one_message() =>
        _news.Read([.. Message(NewTable, (1, "postern")), .. End("postern-1"), .. Message(NewTable, (1, "postern")), .. End("nft")]).ShouldBeTrue();

    [Fact]
    public void Another_subsystem_of_netfilter_is_none_of_it()
    {
        var other = Message(NewTable, (1, "postern"));
        other[5] = 1;
        _news.Read([.. other, .. End("nft")]).ShouldBeFalse();
    }

    [Property]
    public void No_bytes_are_too_odd(byte[] bytes) => Should.NotThrow(() => _news.Read(bytes));

    [Property]
    public void No_length_is_too_odd(ushort length, byte attribute)
    {
        var message = Message(NewTable, (1, "postern"));
        BitConverter.TryWriteBytes(message, (uint)length);
        message[20] = attribute;
        Should.NotThrow(() => _news.Read(message));
    }

    private static byte[] End(string thread) => Message(NewGeneration, (1, "gen"), (2, "pid"), (3, thread));

    private static byte[] Message(byte type, params (ushort Type, string Value)[] attributes)
    {
        List<byte> body = [1, 0, 0, 0];
        foreach (var (attribute, value) in attributes)
        {
            body.AddRange(BitConverter.GetBytes((ushort)(4 + value.Length + 1)));
            body.AddRange(BitConverter.GetBytes(attribute));
            body.AddRange(Encoding.ASCII.GetBytes(value));
            body.Add(0);
            while (body.Count % 4 != 0)
            {
                body.Add(0);
            }
        }

        return [.. BitConverter.GetBytes((uint)(16 + body.Count)), type, 10, 0, 0, .. new byte[8], .. body];
    }
}
