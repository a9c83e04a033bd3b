using Postern.Checks.Dns;
using Postern.Checks.ReverseDns;
using Postern.Facts;

namespace Postern.Tests.Checks.ReverseDns;

public class GenericNameTests
{
    public static TheoryData<string> Cases() => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Cases/names/generic.txt")).Where(l => l.Length > 0 && l[0] != '#')];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_name_is_told_to_be_chosen_or_generated(string line)
    {
        var parts = line.Split(' ');
        ClientAddress.TryParse(parts[0], out var client).ShouldBeTrue();

        var found = GenericName.Judge(parts[2], client, PublicSuffixes.Parse(["com", "net", "org", "example"]));

        parts[1].Split('|').ShouldContain(kind => kind.Equals(found.Kind.ToString(), StringComparison.OrdinalIgnoreCase), $"{parts[2]}: {found.Why}");
    }

    // Recall and precision are what an operator feels: home lines that are not seen, mail servers that are called one.
    [Fact]
    public void The_world_s_names_are_told_apart()
    {
        var suffixes = PublicSuffixes.Load("/nonexistent");
        var wrong = new List<string>();
        var count = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var parts in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Cases/names/world.txt")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' ')))
        {
            ClientAddress.TryParse(parts[0], out var client).ShouldBeTrue();
            var found = GenericName.Judge(parts[2], client, suffixes);
            var isRight = parts[1] switch
            {
                "access" => found.Kind == GenericNameKind.Access,
                "rented" => found.Kind is GenericNameKind.Numbered or GenericNameKind.Pool,
                _ => found.Kind is GenericNameKind.Chosen or GenericNameKind.Pool,
            };
            count[parts[1]] = count.GetValueOrDefault(parts[1]) + 1;
            if (!isRight)
            {
                wrong.Add($"{parts[1]} {parts[2]}: {found.Kind}, {found.Why}");
            }
        }

        var list = string.Join('\n', wrong);
        wrong.Count(w => w.StartsWith("mail", StringComparison.Ordinal)).ShouldBe(0, list);
        wrong.Count(w => w.StartsWith("rented", StringComparison.Ordinal)).ShouldBe(0, list);
        (1 - ((double)wrong.Count(w => w.StartsWith("access", StringComparison.Ordinal)) / count["access"])).ShouldBeGreaterThan(0.95, list);
    }

    [Fact]
    public void An_operator_s_rows_come_before_the_table()
    {
        var suffixes = PublicSuffixes.Parse(["com", "example"]);
        ClientAddress.TryParse("192.0.2.1", out var client).ShouldBeTrue();
        var own = new ProviderNames(["access city-net.example", "mail bbtec.net"]);

        GenericName.Judge("h7-12-3.city-net.example", client, suffixes).Kind.ShouldBe(GenericNameKind.Chosen);
        GenericName.Judge("h7-12-3.city-net.example", client, suffixes, own).Kind.ShouldBe(GenericNameKind.Access);
        GenericName.Judge("mail2.city-net.example", client, suffixes, own).Kind.ShouldBe(GenericNameKind.Chosen);
        GenericName.Judge("softbank060090123045.bbtec.net", client, suffixes, own).Kind.ShouldBe(GenericNameKind.Chosen);
    }
}
