using System.Text.Json;
using Postern.Packaging.Notices;
using Postern.Tests.Support;

namespace Postern.Tests.Packaging;

public sealed class NoticesTests
{
    private static readonly IReadOnlyList<ShippedPackage> s_packages = PackageSet.Read(RepositoryRoot.Of("src", "Postern.Cli", "packages.lock.json"));
    private static readonly LicenceTexts s_texts = new(RepositoryRoot.Of("packaging", "licences"));
    private static readonly string s_data = File.ReadAllText(RepositoryRoot.Of("packaging", "licences", "data.txt"));

    [Fact]
    public void The_notices_are_those_of_the_packages() =>
        File.ReadAllText(RepositoryRoot.Of("THIRD-PARTY-NOTICES")).ShouldBe(
            NoticesDocument.Write(s_packages, s_data, s_texts, isDebian: false), "make it anew: packaging/notices");

    [Fact]
    public void What_ships_is_told_and_what_only_builds_is_not()
    {
        var names = s_packages.Select(package => package.Id).ToList();
        ((string[])["DnsClient", "SQLite", "BouncyCastle.Cryptography", "Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64"]).Except(names, StringComparer.Ordinal).ShouldBeEmpty();
        names.ShouldNotContain(name => name.Contains("Analyzer", StringComparison.Ordinal) || name.Contains("ILLink", StringComparison.Ordinal));
    }

    [Fact]
    public void Debians_file_names_the_licences_that_debian_has()
    {
        var text = NoticesDocument.WriteCopyright("MIT License", NoticesDocument.Write(s_packages, s_data, s_texts, isDebian: true), "0.1.0");
        text.ShouldContain("/usr/share/common-licenses/Apache-2.0");
        text.ShouldNotContain("TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION");
    }

    [Fact]
    public void The_bill_of_materials_names_each_package_once_and_is_the_same_twice()
    {
        var made = DateTimeOffset.FromUnixTimeSeconds(1_764_000_000);
        var bytes = BillOfMaterials.Write(s_packages, "0.1.0~dev1", made);
        BillOfMaterials.Write(s_packages, "0.1.0~dev1", made).ShouldBe(bytes);
        using var json = JsonDocument.Parse(bytes);
        var root = json.RootElement;
        root.GetProperty("specVersion").GetString().ShouldBe("1.5");
        var refs = root.GetProperty("components").EnumerateArray().Select(component => component.GetProperty("bom-ref").GetString()!).ToList();
        refs.ShouldBeUnique(StringComparer.Ordinal);
        refs.Count.ShouldBe(s_packages.Count);
        root.GetProperty("components").EnumerateArray().ShouldAllBe(component => component.GetProperty("hashes")[0].GetProperty("content").GetString()!.Length == 128);
        root.GetProperty("dependencies").EnumerateArray().SelectMany(entry => entry.GetProperty("dependsOn").EnumerateArray()).Select(need => need.GetString()!)
            .Except(refs, StringComparer.Ordinal).ShouldBeEmpty();
    }
}
