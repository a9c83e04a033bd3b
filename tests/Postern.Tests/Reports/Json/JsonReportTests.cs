using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Json;
using Postern.Reports.Languages;
using Postern.Tests.Support;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Reports.Json;

public sealed class JsonReportTests
{
    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public void The_document_has_the_shape_that_every_release_keeps(string tag)
    {
        var root = Read(SampleExplanation.Rich(), tag);
        Text(root, "schema").ShouldBe("postern.explain/1");
        Text(root.GetProperty("period"), "from").ShouldBe("2026-03-05T12:00:00+09:00");
        Text(root.GetProperty("period"), "to").ShouldBe("2026-03-06T11:59:59+09:00");
        var lines = root.GetProperty("lines");
        (Number(lines, "read"), Number(lines, "postfix"), Number(lines, "unparsed")).ShouldBe((48_213, 47_002, 3));
        Number(root, "sessions").ShouldBe(5_120);
        root.GetProperty("clients").GetArrayLength().ShouldBe(7);
        (Number(root.GetProperty("ordinary"), "clients"), Number(root.GetProperty("ordinary"), "sessions")).ShouldBe((311, 4_351));
        var campaign = root.GetProperty("campaigns")[0];
        Text(campaign, "behaviour").ShouldBe("lone-dot");
        campaign.GetProperty("clients")[0].GetString().ShouldBe("192.0.2.66");
        Number(campaign, "sessions").ShouldBe(228);
        Text(campaign, "from").ShouldBe("2026-03-05T13:00:00+09:00");
    }

    [Fact]
    public void A_client_has_the_fields_that_every_release_keeps()
    {
        var client = Read(SampleExplanation.Rich()).GetProperty("clients")[0];
        Text(client, "address").ShouldBe("192.0.2.66");
        Number(client, "sessions").ShouldBe(214);
        Text(client, "first_seen").ShouldBe("2026-03-05T13:00:00+09:00");
        Text(client, "last_seen").ShouldBe("2026-03-05T20:21:30+09:00");
        client.GetProperty("behaviours").EnumerateObject().Select(pair => (pair.Name, pair.Value.GetInt32()))
            .ShouldBe([("lone-dot", 214), ("blank-line", 190), ("hangup", 214)]);
        var burst = client.GetProperty("bursts")[0];
        (Text(burst, "from"), Text(burst, "to"), Number(burst, "sessions"))
            .ShouldBe(("2026-03-05T13:00:00+09:00", "2026-03-05T13:00:40+09:00", 120));
        Text(client.GetProperty("names"), "ptr").ShouldBe("host-66.broadband.customers.example.net");
        client.GetProperty("names").GetProperty("helo").EnumerateArray().Select(name => name.GetString()).ShouldBe(["localhost", "WIN-4711"]);
        Text(client, "cause").ShouldBe("scripted-bot");
        client.GetProperty("confidence").GetDouble().ShouldBe(0.87);
        Text(client, "explanation").ShouldContain("87%");
        Text(client, "verdict").ShouldBe("ban");
        Text(client, "advice").ShouldNotBeEmpty();
        client.GetProperty("tests").GetArrayLength().ShouldBe(0);
        Text(client.GetProperty("evidence")[0], "clue").ShouldBe("lone-dots");
    }

    [Fact]
    public void Tests_of_a_sender_are_told_in_full()
    {
        var tests = Read(SampleExplanation.Rich()).GetProperty("clients")[4].GetProperty("tests");
        Text(tests[0], "name").ShouldBe("fcrdns");
        Text(tests[0], "result").ShouldBe("pass");
        tests[0].GetProperty("points").GetDouble().ShouldBe(1.5);
        tests[0].GetProperty("lookups").GetArrayLength().ShouldBe(2);
        Text(tests[1], "result").ShouldBe("temperror");
    }

    [Fact]
    public void What_is_not_known_is_null()
    {
        var root = Read(SampleExplanation.Transcript());
        root.GetProperty("period").GetProperty("from").ValueKind.ShouldBe(JsonValueKind.Null);
        var client = root.GetProperty("clients")[0];
        foreach (var name in new[] { "address", "first_seen", "last_seen" })
        {
            client.GetProperty(name).ValueKind.ShouldBe(JsonValueKind.Null, name);
        }

        client.GetProperty("names").GetProperty("ptr").ValueKind.ShouldBe(JsonValueKind.Null);
        root.GetProperty("load").GetProperty("peak_at").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Times_have_fractions_only_where_the_log_has()
    {
        var root = Read(SampleExplanation.Empty() with { From = SampleExplanation.At(0.25), To = SampleExplanation.At(1) with { UtcTicks = SampleExplanation.At(1).UtcTicks + 19 } });
        Text(root.GetProperty("period"), "from").ShouldBe("2026-03-05T12:00:00.25+09:00");
        Text(root.GetProperty("period"), "to").ShouldBe("2026-03-05T12:00:01.000001+09:00");
    }

    [Fact]
    public void Every_result_of_a_test_has_the_word_of_the_contract() =>
        Enum.GetValues<TestResult>().Select(result => result.Id()).Order(StringComparer.Ordinal)
            .ShouldBe(["fail", "neutral", "none", "pass", "permerror", "skipped", "softfail", "temperror"]);

    [Property(MaxTest = 60)]
    public void Whatever_a_client_writes_the_document_is_valid_and_holds_it(string? hostile)
    {
        var text = hostile ?? "";
        var client = Read(SampleExplanation.Hostile(text)).GetProperty("clients")[0];
        Text(client.GetProperty("names"), "ptr").ShouldBe(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Odd_text_survives_as_JSON()
    {
        // Not as data of a theory: an attribute cannot hold a lone surrogate.
        Payload("\uD800 lone").ShouldBe("\uFFFD lone");
        Payload("\uDC00\uD800").ShouldBe("\uFFFD\uFFFD");
        Payload("\0\e[31m\u202E\"\\").ShouldBe("\0\e[31m\u202E\"\\");
        Payload("\U0001F600 日本").ShouldBe("\U0001F600 日本");

        static string Payload(string hostile) => Text(Read(SampleExplanation.Hostile(hostile)).GetProperty("clients")[0], "payload");
    }

    [Fact]
    public void No_control_stands_in_the_document_itself()
    {
        var document = Encoding.UTF8.GetString(Write(SampleExplanation.Hostile("\e\u009b\u202E\u200B\u2028\u007F"), "en"));
        document.EnumerateRunes().Where(rune => rune.Value != '\n').Any(SafeText.IsUnfit).ShouldBeFalse();
    }

    [Fact]
    public void A_long_list_of_clients_is_streamed()
    {
        using var stream = new LargestWrite();
        JsonReport.Write(SampleExplanation.Many(20_000), stream, ReportLanguages.For("en"));
        stream.Total.ShouldBeGreaterThan(5_000_000);
        stream.Largest.ShouldBeLessThan(200_000);
    }

    // What clients have in common is written once and kept; nobody may get another's.
    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public void Each_client_stands_there_as_it_would_alone(string tag)
    {
        var rich = SampleExplanation.Rich();
        string[] addresses = ["192.0.2.1", "198.51.100.7", "10.0.0.9", "2001:db8::7", "fe80::1", "127.0.0.1"];
        ClientFinding[] clients =
        [
            .. rich.Clients.SelectMany(client => addresses.Select(address => client with { Address = SampleExplanation.Address(address), FirstSeen = client.LastSeen })
                .Append(client with { Address = ClientAddress.Unknown }).Append(client with { Tests = [new("ptr", TestResult.Fail, -1, "none", [])] })
                .Append(client with { IsOwnHost = true }).Append(client with { Payload = "other" }).Append(client with { Verdict = Verdict.Protect }).Append(client)),
        ];
        var all = Read(rich with { Clients = [.. clients, .. clients] }, tag).GetProperty("clients").EnumerateArray().Select(static client => client.GetRawText()).ToList();
        var alone = clients.Select(client => Read(rich with { Clients = [client] }, tag).GetProperty("clients")[0].GetRawText()).ToList();
        all.ShouldBe([.. alone, .. alone]);
    }

    private static byte[] Write(Explanation explanation, string tag)
    {
        using var stream = new MemoryStream();
        JsonReport.Write(explanation, stream, ReportLanguages.For(tag));
        return stream.ToArray();
    }

    private static JsonElement Read(Explanation explanation, string tag = "en")
    {
        using var document = JsonDocument.Parse(Write(explanation, tag));
        return document.RootElement.Clone();
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private sealed class LargestWrite : MemoryStream
    {
        public int Largest { get; private set; }

        public long Total { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer) => Note(buffer.Length);

        public override void Write(byte[] buffer, int offset, int count) => Note(count);

        private void Note(int count)
        {
            Largest = Math.Max(Largest, count);
            Total += count;
        }
    }
}
