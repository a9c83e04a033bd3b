using Postern.Checks.Dns;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Check;

/// <summary>
/// Labels that look like A-labels and stand for nothing (RFC 5890, 2.3.2.1) are names like any other to the DNS, in whatever place of
/// an answer and in either case: servers write owners as their zones have them, not as they were asked for.
/// </summary>
public sealed class MalformedLabelTests
{
    private const string Odd = "xn--zzzz-.example.org";

    [Theory]
    [InlineData(Odd)]
    [InlineData("XN--ZZZZ-.example.org")]
    [InlineData("xn--mnchen-3ya.example.org")]
    public async Task An_answer_that_writes_its_owner_in_lower_case_is_read(string name)
    {
        await using var server = new HostileDns(q => q.ReplyWithRaw([.. HostileQuestion.Encode(q.Name), 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]));
        var answer = await AskAsync(server, name, DnsType.A);

        answer.Status.ShouldBe(DnsStatus.Answer, answer.Problem);
        answer.Addresses.Single().ToString().ShouldBe("192.0.2.1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_alias_to_such_a_name_is_followed(bool isCut)
    {
        await using var server = new HostileDns(
            q =>
            {
                var reply = q.Reply(0, HostileRecord.Alias(q.Name, Odd), HostileRecord.Text(Odd, "v=spf1 caf\u00e9 \\ \" -all"));
                reply[2] |= (byte)(isCut && !q.OverTcp ? 2 : 0);
                return reply;
            });
        var answer = await AskAsync(server, "alias.example.org", DnsType.Txt);

        answer.Status.ShouldBe(DnsStatus.Answer, answer.Problem);
        answer.Texts.Single().ShouldBe("v=spf1 caf\u00e9 \\ \" -all");
    }

    [Fact]
    public async Task Exchangers_of_such_a_name_are_read()
    {
        await using var server = new HostileDns(q => q.Reply(0, HostileRecord.Mx(Odd, "mail." + Odd), HostileRecord.A("x." + Odd, "192.0.2.9")));
        var answer = await AskAsync(server, Odd, DnsType.Mx);

        answer.Status.ShouldBe(DnsStatus.Answer, answer.Problem);
        answer.Exchangers.Single().Name.ShouldBe("mail." + Odd);
    }

    [Fact]
    public async Task Such_a_name_that_does_not_exist_does_not_exist()
    {
        await using var server = new HostileDns(q => q.Reply(3, HostileRecord.Alias(q.Name, "gone." + Odd), HostileRecord.Alias("gone." + Odd, "gone2." + Odd)));

        (await AskAsync(server, Odd, DnsType.A)).Status.ShouldBe(DnsStatus.NxDomain);
    }

    [Theory]
    [InlineData(0xC0)]
    [InlineData(0x80)]
    [InlineData(0x3F)]
    public async Task Rubbish_behind_such_an_owner_is_trouble_and_no_answer(byte octet)
    {
        await using var server = new HostileDns(q =>
        {
            var reply = q.Reply(0, HostileRecord.A("x." + Odd, "192.0.2.1"), HostileRecord.A("y." + Odd, "192.0.2.2"));
            reply[^(Odd.Length + 4 + 14)] = octet;
            return reply;
        });

        (await AskAsync(server, Odd, DnsType.A)).IsTrouble.ShouldBeTrue();
    }

    private static async Task<DnsAnswer> AskAsync(HostileDns server, string name, DnsType type) =>
        await new DnsClientResolver(new DnsOptions { Servers = [server.Address], QueryTimeout = TimeSpan.FromSeconds(5), Retries = 0 }).QueryAsync(new(name, type), TestContext.Current.CancellationToken);
}
