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
}
