using System.Net;
using DnsClient;
using DnsClient.Protocol;
using Postern.Checks.Dns;

namespace Postern.Tests.Checks.Dns;

public class DnsResponseReaderTests
{
    private static readonly DnsOptions s_options = new();

    [Fact]
    public void Records_of_the_name_are_the_answer_and_others_are_not() =>
        Read(Response(0, [Address("other.example", "192.0.2.9", 9), Address("a.example", "192.0.2.1", 300)])).Answer
            .ShouldSatisfyAllConditions(
                a => a.Addresses.Select(x => x.ToString()).ShouldBe(["192.0.2.1"]),
                a => a.TimeToLive.ShouldBe(TimeSpan.FromSeconds(300)));

    [Fact]
    public void Only_records_of_other_names_are_no_answer_at_all() =>
        Read(Response(0, [Address("other.example", "192.0.2.9", 9)])).Answer.Status.ShouldBe(DnsStatus.ServerFailure);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void An_answer_to_another_question_says_nothing(int code) =>
        Read(Response(code, [], asked: "b.example")).Answer.Status.ShouldBe(DnsStatus.ServerFailure);

    [Theory]
    [InlineData(1, "FORMERR")]
    [InlineData(2, "SERVFAIL")]
    [InlineData(4, "NOTIMP")]
    [InlineData(5, "refuses the question")]
    [InlineData(14, "error 14")]
    public void An_error_is_a_failure_that_names_the_server(int code, string word)
    {
        var answer = Read(Response(code, [])).Answer;

        answer.Status.ShouldBe(DnsStatus.ServerFailure);
        answer.Problem!.ShouldContain("192.0.2.53:5353");
        answer.Problem!.ShouldContain(word);
    }

    [Theory]
    [InlineData(0, DnsStatus.NoData)]
    [InlineData(3, DnsStatus.NxDomain)]
    public void What_does_not_exist_is_kept_as_long_as_its_zone_says(int code, DnsStatus status)
    {
        var answer = Read(Response(code, [], [Authority("example", 900, 120)])).Answer;

        answer.Status.ShouldBe(status);
        answer.TimeToLive.ShouldBe(TimeSpan.FromSeconds(120));
    }

    [Theory]
    [InlineData("other")]
    [InlineData("ample")]
    [InlineData("b.a.example")]
    public void A_zone_that_does_not_hold_the_name_has_no_say_in_it(string zone) =>
        Read(Response(3, [], [Authority(zone, 9000, 9000)])).Answer.TimeToLive.ShouldBe(s_options.DefaultNegativeTimeToLive);

    [Fact]
    public void The_root_holds_every_name() =>
        Read(Response(3, [], [Authority(".", 900, 77)])).Answer.TimeToLive.ShouldBe(TimeSpan.FromSeconds(77));

    [Fact]
    public void A_missing_target_of_an_alias_is_kept_no_longer_than_the_alias() =>
        Read(Response(3, [Alias("a.example", "b.example", 20)], [Authority("example", 900, 900)])).Answer.TimeToLive.ShouldBe(TimeSpan.FromSeconds(20));

    [Theory]
    [InlineData("a.example")]
    [InlineData("b.example")]
    public void Aliases_in_a_circle_are_a_failure(string last) =>
        Read(Response(0, [Alias("a.example", "b.example", 20), Alias("b.example", last, 20)])).Answer.Status.ShouldBe(DnsStatus.ServerFailure);

    [Fact]
    public void An_alias_without_its_target_names_what_to_ask_next() =>
        Read(Response(0, [Alias("a.example", "b.example", 20)])).Next.ShouldBe("b.example");

    [Fact]
    public void A_time_below_zero_is_none() =>
        Read(Response(0, [Address("a.example", "192.0.2.1", int.MinValue)])).Answer.TimeToLive.ShouldBe(TimeSpan.Zero);

    [Fact]
    public void More_records_than_are_kept_are_dropped_and_marked()
    {
        var answer = Read(Response(0, [.. Enumerable.Range(0, 1000).Select(_ => Address("a.example", "192.0.2.1", 60))])).Answer;

        answer.Truncated.ShouldBeTrue();
        answer.Addresses.Count.ShouldBe(s_options.MaxRecords);
    }

    // What the library gives: its escaped form leaves a backslash of the text as it is, its plain form loses what is not UTF-8.
    [Theory]
    [InlineData(@"a\b", @"a\b", @"a\b")]
    [InlineData(@"v=spf1 exp=\065", @"v=spf1 exp=\065", @"v=spf1 exp=\065")]
    [InlineData("x\"y", "x\\\"y", "x\"y")]
    [InlineData("\u00e4", @"\195\164", "\u00c3\u00a4")]
    [InlineData("\ufffd\\\"x", "\\255\\\\\"x", "\u00ff\\\"x")]
    public void Octets_of_a_text_are_kept_as_they_are(string plain, string escaped, string octets)
    {
        var text = new TxtRecord(Info("a.example", ResourceRecordType.TXT, 60), ["v=spf1 ", escaped], ["v=spf1 ", plain]);

        DnsResponseReader.Read(Response(0, [text], type: QueryType.TXT), "a.example", DnsType.Txt, s_options).Answer.Texts.ShouldBe(["v=spf1 " + octets]);
    }

    [Fact]
    public void An_alias_to_the_root_is_no_data()
    {
        var (answer, next) = Read(Response(0, [Alias("a.example", ".", 20)]));

        answer.Status.ShouldBe(DnsStatus.NoData);
        next.ShouldBeNull();
    }

    [Theory]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("xn--zzzzzzzz99999.example")]
    [InlineData("a b.o'brien.x\\y.example")]
    public void A_name_is_asked_and_compared_as_it_is_written(string name)
    {
        WireName.ToLibrary(name).Value.ShouldBe(name + ".", StringCompareShould.IgnoreCase);
        var response = Response(0, [new ARecord(new(WireName.ToLibrary(name), ResourceRecordType.A, QueryClass.IN, 60, 0), IPAddress.Parse("192.0.2.1"))], asked: name);

        DnsResponseReader.Read(response, name, DnsType.A, s_options).Answer.Addresses.Count.ShouldBe(1);
    }

    private static (DnsAnswer Answer, string? Next) Read(IDnsQueryResponse response) => DnsResponseReader.Read(response, "a.example", DnsType.A, s_options);

    private static ResourceRecordInfo Info(string owner, ResourceRecordType type, int seconds) =>
        new(DnsString.FromResponseQueryString(owner), type, QueryClass.IN, seconds, 0);

    private static ARecord Address(string owner, string address, int seconds) => new(Info(owner, ResourceRecordType.A, seconds), IPAddress.Parse(address));

    private static CNameRecord Alias(string owner, string target, int seconds) =>
        new(Info(owner, ResourceRecordType.CNAME, seconds), DnsString.FromResponseQueryString(target));

    private static SoaRecord Authority(string zone, int seconds, uint minimum) =>
        new(Info(zone, ResourceRecordType.SOA, seconds), DnsString.FromResponseQueryString("ns.example"), DnsString.FromResponseQueryString("x.example"), 1, 1, 1, 1, minimum);

    private static ReadResponse Response(
        int code, IReadOnlyList<DnsResourceRecord> answers, IReadOnlyList<DnsResourceRecord>? authorities = null, string asked = "a.example", QueryType type = QueryType.A) =>
        new()
        {
            Header = new DnsResponseHeader(1, (ushort)(0x8180 | code), 1, answers.Count, 0, 0),
            Questions = [new DnsClient.DnsQuestion(WireName.ToLibrary(asked), type, QueryClass.IN)],
            Answers = answers,
            Authorities = authorities ?? [],
        };

    private sealed class ReadResponse : IDnsQueryResponse
    {
        public required DnsResponseHeader Header { get; init; }

        public required IReadOnlyList<DnsClient.DnsQuestion> Questions { get; init; }

        public required IReadOnlyList<DnsResourceRecord> Answers { get; init; }

        public required IReadOnlyList<DnsResourceRecord> Authorities { get; init; }

        public IReadOnlyList<DnsResourceRecord> Additionals => [];

        public IEnumerable<DnsResourceRecord> AllRecords => Answers.Concat(Authorities);

        public string AuditTrail => "";

        public string ErrorMessage => "";

        public bool HasError => false;

        public int MessageSize => 0;

        public NameServer NameServer { get; } = new(IPAddress.Parse("192.0.2.53"), 5353);

        public DnsQuerySettings Settings => new(new DnsQueryOptions());
    }
}
