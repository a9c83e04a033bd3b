using System.Text.Json;
using Postern.Cli.Configuration;
using Postern.Cli.Notifications.EventFiles;
using Postern.Cli.Notifications.Telling;

namespace Postern.Tests.Notifications;

/// <summary>The file of events: names of the Elastic Common Schema, one whole object a line, within bounds.</summary>
public sealed class EventFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-events-");
    private readonly List<string?> _said = [];

    public static TheoryData<string> Kinds => [.. Enum.GetNames<HappeningKind>()];

    private string Path => System.IO.Path.Combine(_folder.FullName, "log", "events.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_ban_has_the_fields_that_are_promised()
    {
        Open().Write([Happenings.Ban()]);
        var line = Lines().ShouldHaveSingleItem();
        Text(line, "@timestamp").ShouldBe("2026-11-25T06:00:00.000Z");
        Text(line, "event", "kind").ShouldBe("event");
        Text(line, "event", "action").ShouldBe("ban");
        Text(line, "event", "reason").ShouldBe("12 auth-brute-force, 3 blank-line within 10m");
        Text(line, "event", "end").ShouldBe("2026-11-25T07:00:00.000Z");
        line.GetProperty("event").GetProperty("category").EnumerateArray().Select(item => item.GetString()).ShouldBe(["intrusion_detection", "network"]);
        line.GetProperty("event").GetProperty("type").EnumerateArray().Select(item => item.GetString()).ShouldBe(["denied"]);
        Text(line, "source", "ip").ShouldBe("203.0.113.9");
        Text(line, "source", "domain").ShouldBe("dsl-9.isp.example");
        Text(line, "rule", "name").ShouldBe("postfix");
        Text(line, "observer", "product").ShouldBe("Postern");
        Text(line, "host", "name").ShouldBe("mx.example.org");
        Text(line, "postern", "network").ShouldBe("203.0.113.9/32");
        Text(line, "message").ShouldStartWith("banned: 203.0.113.9/32 until ");
        line.GetProperty("postern").GetProperty("dry_run").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Whatever_happened_is_one_line_with_its_own_action(string kind)
    {
        var one = Happenings.Takeover() with { Kind = Enum.Parse<HappeningKind>(kind), Detail = Happenings.Hostile, Jail = "a", Reason = "b" };
        Open().Write([one]);
        var line = Lines().ShouldHaveSingleItem();
        Text(line, "event", "action").ShouldBe(one.Kind.Action());
        Text(line, "message").ShouldNotBeEmpty();
        File.ReadAllText(Path).Count(char.IsControl).ShouldBe(1);
    }

    [Fact]
    public void Actions_are_apart_and_an_alert_is_told_to_somebody()
    {
        Enum.GetValues<HappeningKind>().Select(kind => kind.Action()).ShouldBeUnique(StringComparer.Ordinal);
        Enum.GetValues<HappeningKind>().Where(kind => kind.IsAlert() && kind != HappeningKind.EventsLost).ShouldAllBe(kind => NotificationTopics.Alerts.Contains(kind.Topic()!.Value));
    }

    [Fact]
    public void A_file_that_becomes_too_large_is_renamed_and_no_line_is_lost()
    {
        var file = Open(new EventFileSettings { File = Path, MaxSize = 4000, Keep = 2 });
        for (var i = 0; i < 30; i++)
        {
            file.Write([Happenings.Ban() with { Count = i + 1 }]);
        }

        Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["events.jsonl", "events.jsonl.1", "events.jsonl.2"]);
        var counts = (string[])[Path + ".2", Path + ".1", Path];
        counts.SelectMany(Lines).Select(line => line.GetProperty("postern").GetProperty("count").GetInt32()).ShouldBe(Enumerable.Range(1, 30).TakeLast(counts.Sum(path => Lines(path).Count)));
        counts.ShouldAllBe(path => new FileInfo(path).Length <= 4000);
        _said.ShouldBeEmpty();
    }

    [Fact]
    public void What_another_program_renames_is_written_anew()
    {
        var file = Open();
        file.Write([Happenings.Ban()]);
        File.Move(Path, Path + "-20261125");
        file.Write([Happenings.Ban()]);
        Lines().Count.ShouldBe(1);
    }

    [Fact]
    public void A_line_that_a_kill_cut_off_spoils_no_other()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, "{\"cut");
        Open().Write([Happenings.Ban()]);
        File.ReadAllLines(Path)[0].ShouldBe("{\"cut");
        JsonDocument.Parse(File.ReadAllLines(Path)[1]).Dispose();
    }

    [Fact]
    public void What_cannot_be_written_is_said_once_and_counted()
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        File.WriteAllText(folder, "in the way");
        var file = Open();
        file.Write([Happenings.Ban(), Happenings.Ban()]).ShouldNotBeNull();
        file.Write([Happenings.Ban()]).ShouldNotBeNull();
        _said.ShouldHaveSingleItem().ShouldNotBeNull();
        File.Delete(folder);
        file.Write([Happenings.Takeover()]).ShouldBeNull();
        _said.Count.ShouldBe(2);
        _said[1].ShouldBeNull();
        Lines().Select(line => Text(line, "event", "action")).ShouldBe(["events-lost", "account-takeover"]);
        Lines()[0].GetProperty("postern").GetProperty("count").GetInt32().ShouldBe(3);
    }

    private EventFile Open(EventFileSettings? settings = null) =>
        new(settings ?? new EventFileSettings { File = Path }, new EventJson("mx.example.org", "1.0"), _said.Add);

    private List<JsonElement> Lines() => Lines(Path);

    private static List<JsonElement> Lines(string path) => [.. File.ReadLines(path).Select(line =>
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    })];

    private static string Text(JsonElement line, params string[] path) => path.Aggregate(line, (element, name) => element.GetProperty(name)).GetString()!;
}
