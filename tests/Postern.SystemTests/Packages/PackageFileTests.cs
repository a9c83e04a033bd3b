using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Packages;

/// <summary>The files of the packages, looked at with the tools that distributions use.</summary>
public sealed partial class PackageFileTests(PackageBuild packages)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    // By the kernel's own scale from 0 to 10; what is left is what the service needs: addresses, netlink, CAP_NET_ADMIN.
    private const double MostExposure = 2.0;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_program_makes_the_same_packages_twice()
    {
        (await AreEqualAsync("first", "again")).ShouldBeTrue();
        (await AreEqualAsync("rpm", "rpm again")).ShouldBeTrue();
    }

    [Fact]
    public async Task Neither_program_nor_packages_tell_where_they_were_built()
    {
        var folder = Encoding.UTF8.GetBytes(Machine.RepositoryRoot() + "/");
        foreach (var file in (string[])[await packages.MakeAsync("first"), await packages.MakeAsync("rpm"), PosternProgram.Path, PosternProgram.Web])
        {
            (await File.ReadAllBytesAsync(file, Stop)).AsSpan().IndexOf(folder).ShouldBe(-1, file);
        }
    }

    [Theory]
    [InlineData("--arch arm64 --program PROGRAM", "is no program for arm64")]
    [InlineData("--arch sparc", "--arch takes amd64 or arm64, not 'sparc'")]
    [InlineData("--format", "--format takes a value")]
    [InlineData("--version 1.0-2", "'1.0-2' is no version")]
    public async Task What_cannot_be_built_is_told_in_a_line(string arguments, string told)
    {
        await packages.MakeAsync("first");
        var words = arguments.Split(' ').Select(word => word is "PROGRAM" ? PosternProgram.Path : word);
        var refused = await RunAsync([Path.Combine(Machine.RepositoryRoot(), "packaging/build"), "--output", packages.Folder.FullName, .. words]);
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldStartWith("packaging/build: ");
        refused.Error.ShouldContain(told);
        refused.Error.TrimEnd().Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task Lintian_finds_nothing()
    {
        // As root lintian warns of itself; the runtime's own words are no spelling of ours.
        var found = await RunAsync(["lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0", await packages.MakeAsync("first")]);
        found.ExitCode.ShouldBe(0, found.Output + found.Error);
        found.Output.ShouldNotContain("E: postern");
        found.Output.ShouldNotContain("W: postern");
    }

    [Fact]
    public async Task Every_override_says_why()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Machine.RepositoryRoot(), "packaging/deb/lintian-overrides"), Stop);
        lines.Index().Where(line => !line.Item.StartsWith('#') && (line.Index == 0 || !lines[line.Index - 1].StartsWith('#'))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_manual_page_is_read_without_a_warning()
    {
        var tree = await UnpackAsync("first");
        var pages = Directory.EnumerateFiles(Path.Combine(tree, "usr/share/man"), "*.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        pages.Count.ShouldBeGreaterThan(15);
        pages.ShouldContain(page => page.EndsWith("/man5/postern.toml.5.gz", StringComparison.Ordinal));
        var plain = Path.Combine(tree, "plain");
        Directory.CreateDirectory(plain);
        foreach (var page in pages)
        {
            var text = Path.Combine(plain, Path.GetFileNameWithoutExtension(page));
            await File.WriteAllTextAsync(text, (await RunAsync(["gzip", "-dc", page])).OrThrow("gzip").Output, Stop);
            foreach (var reader in (string[][])[["mandoc", "-Tlint", text], ["groff", "-ww", "-man", "-Tutf8", "-z", text], ["man", "--warnings", "-l", text]])
            {
                var read = await RunAsync(reader);
                (read.Error + (reader[0] is "mandoc" ? read.Output : "")).ShouldBeEmpty(string.Join(' ', reader));
                read.ExitCode.ShouldBe(0);
            }
        }
    }

    [Theory]
    [InlineData("postern.service")]
    [InlineData("postern-web.service")]
    public async Task The_units_are_exposed_little(string name)
    {
        var unit = Path.Combine(Machine.RepositoryRoot(), "packaging", name);
        var told = (await RunAsync(["systemd-analyze", "security", "--offline=true", "--no-pager", unit])).Output;
        var exposure = double.Parse(Exposure().Match(told).Groups["exposure"].Value, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"exposure of {name}: {exposure}");
        exposure.ShouldBeLessThanOrEqualTo(MostExposure);
    }

    [Fact]
    public async Task The_package_has_its_papers_and_its_bill_of_materials()
    {
        var tree = await UnpackAsync("first");
        var copyright = await File.ReadAllTextAsync(Path.Combine(tree, "usr/share/doc/postern/copyright"), Stop);
        copyright.ShouldContain("MIT License");
        copyright.ShouldContain("Michael Conrad");
        (await File.ReadAllTextAsync(Path.Combine(tree, "usr/share/doc/postern/postern.cdx.json"), Stop)).ShouldContain("pkg:nuget/DnsClient@");
        (await File.ReadAllTextAsync(Path.Combine(tree, "etc/postern/postern.toml"), Stop)).ShouldContain("\nmode = \"dry-run\"\n");
        (await RunAsync(["dpkg-deb", "-f", await packages.MakeAsync("first"), "Depends"])).Output.ShouldMatch(@"libc6 \(>= 2\.\d+\).*libnftables1.*libssl3");
    }

    [Fact]
    public async Task The_rpm_has_the_same_files()
    {
        var deb = Directory.EnumerateFiles(await UnpackAsync("first"), "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)!).ToHashSet(StringComparer.Ordinal);
        var rpm = (await RunAsync(["rpm", "-qlp", await packages.MakeAsync("rpm")])).OrThrow("rpm -qlp").Output.TrimEnd().Split('\n').Select(file => Path.GetFileName(file)!);
        deb.Except(rpm, StringComparer.Ordinal).Where(name => !name.StartsWith("changelog", StringComparison.Ordinal)).ShouldBe(
            ["copyright", "dotnet-third-party-notices.txt.gz"], ignoreOrder: true);
        (await RunAsync(["rpm", "-qcp", await packages.MakeAsync("rpm")])).Output.ShouldBe("/etc/postern/postern.toml\n");
    }

    private async Task<bool> AreEqualAsync(string one, string other)
    {
        var bytes = await File.ReadAllBytesAsync(await packages.MakeAsync(one), Stop);
        var others = await File.ReadAllBytesAsync(await packages.MakeAsync(other), Stop);
        return bytes.AsSpan().SequenceEqual(others);
    }

    private static Task<CommandResult> RunAsync(string[] command) => Command.RunAsync(command, s_deadline, cancellationToken: Stop);

    // A folder of its own for each test, below that of the packages, which goes as a whole.
    private async Task<string> UnpackAsync(string name)
    {
        var tree = Path.Combine(packages.Folder.FullName, Guid.NewGuid().ToString("N"));
        (await RunAsync(["dpkg-deb", "-x", await packages.MakeAsync(name), tree])).OrThrow("dpkg-deb -x");
        return tree;
    }

    [GeneratedRegex(@"Overall exposure level for postern(-web)?\.service: (?<exposure>[0-9.]+)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Exposure();
}
