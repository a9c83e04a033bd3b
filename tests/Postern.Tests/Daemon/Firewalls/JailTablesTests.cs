using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Firewalls;
using Postern.Facts;

namespace Postern.Tests.Daemon.Firewalls;

/// <summary>Each jail's bans close the ports of that jail.</summary>
public sealed class JailTablesTests
{
    [Fact]
    public void Without_other_ports_one_table_is_enough()
    {
        var table = Of(("postfix-sasl", [25, 465, 587])).ShouldHaveSingleItem();
        (table.Name, table.Jails).ShouldBe(("postern", null));
        table.Ports.ShouldBe([25, 465, 587]);
    }

    [Fact]
    public void Other_ports_have_tables_of_their_own_by_which_every_jail_is_in_one_and_the_operator_in_all()
    {
        var tables = Of(("sshd", [22]), ("dropbear", [22]), ("recidive", []), ("dovecot", [25, 465, 587]));
        tables.Select(table => table.Name).ShouldBe(["postern", "postern_22", "postern_all"]);
        foreach (var (jail, name) in new[] { ("sshd", "postern_22"), ("dropbear", "postern_22"), ("recidive", "postern_all"), ("dovecot", "postern"), ("postfix", "postern"), ("long gone", "postern") })
        {
            tables.Where(table => table.Jails!(jail)).Select(table => table.Name).ShouldBe([name], jail);
        }

        tables.ShouldAllBe(table => table.Jails!(Ban.OperatorJail));
    }

    [Fact]
    public void A_name_of_many_ports_is_no_longer_than_nftables_takes()
    {
        var name = Of(("many", [.. Enumerable.Range(1000, 300)]))[1].Name;
        name.Length.ShouldBeLessThan(100);
        name.ShouldBe(Of(("others", [.. Enumerable.Range(1000, 300)]))[1].Name);
        string.Equals(name, Of(("many", [.. Enumerable.Range(1000, 301)]))[1].Name, StringComparison.Ordinal).ShouldBeFalse();
    }

    private static IReadOnlyList<JailTable> Of(params (string Jail, int[] Ports)[] jails) =>
        JailTables.Of(new PosternOptions(), jails.ToDictionary(jail => jail.Jail, jail => (IReadOnlyList<int>)jail.Ports, StringComparer.Ordinal));
}
