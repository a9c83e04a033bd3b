namespace Postern.SystemTests.Support;

/// <summary>
/// A Debian with Postfix and little else: a folder made by debootstrap from that release's packages, to chroot into. It is
/// kept between runs, because making it takes a minute or two, and made anew where it is broken.
/// </summary>
/// <param name="Suite">Debian's name of the release.</param>
/// <param name="Postfix">The series of Postfix that it ships, such as "3.7".</param>
internal sealed record DebianRelease(string Suite, string Postfix)
{
    private const string Cache = "/var/cache/postern-tests";
    private static readonly TimeSpan s_making = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_asking = TimeSpan.FromSeconds(30);

    /// <summary>Debian 11, 12 and 13.</summary>
    public static IReadOnlyList<DebianRelease> All { get; } = [new("bullseye", "3.5"), new("bookworm", "3.7"), new("trixie", "3.10")];

    /// <summary>Debian 12 and 13 with systemd, to boot and to install the package in.</summary>
    public static IReadOnlyList<DebianRelease> Booting { get; } = [.. All.Skip(1).Select(release => release with
    {
        Folder = $"{release.Suite}-systemd",
        Packages = "systemd,systemd-sysv,dbus,postfix,libnftables1,nftables,tzdata",
    })];

    /// <summary>Debian 13 with Valkey, which earlier releases do not have.</summary>
    public static DebianRelease WithValkey { get; } = All[^1] with { Folder = "trixie-valkey", Packages = "postfix,valkey-server" };

    /// <summary>The name of its folder.</summary>
    public string Folder { get; init; } = Suite;

    /// <summary>What is installed besides the least.</summary>
    public string Packages { get; init; } = "postfix,sasl2-bin,libsasl2-modules,libsasl2-modules-db";

    /// <summary>Its root folder.</summary>
    public string Root => Path.Combine(Cache, Folder);

    // Names what was installed: another list of packages is another folder.
    private string Stamp => Path.Combine(Root, "made-by-postern-tests");

    /// <summary>Sees to it that the folder is there and whole.</summary>
    /// <returns>Null, or why it cannot be made here.</returns>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (Machine.WhyNoLaboratory() is { } reason)
        {
            return reason;
        }

        Directory.CreateDirectory(Cache);
        await using var held = await LockAsync(Path.Combine(Cache, $"{Folder}.lock"), cancellationToken);
        if (await IsWholeAsync(cancellationToken))
        {
            return null;
        }

        if (!Machine.Has("debootstrap"))
        {
            return "Postfix of other Debian releases needs debootstrap, a package of tests/Postern.SystemTests/packages.txt.";
        }

        var unfinished = $"{Root}.new";
        foreach (var folder in new[] { unfinished, Root }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        // In a mount namespace of its own: what it mounts in the folder is gone with it, also where it is killed.
        var made = await Command.RunAsync(
            ["unshare", "--mount", "debootstrap", "--variant=minbase", $"--include={Packages}", Suite, unfinished], s_making, cancellationToken: cancellationToken);
        if (made.ExitCode != 0)
        {
            var last = (made.Error + made.Output).TrimEnd().Split('\n')[^1];
            return made.TimedOut ? $"Debian's {Suite} could not be made within {s_making.TotalMinutes:0} minutes." : $"Debian's {Suite} could not be made: {last}";
        }

        foreach (var package in Directory.EnumerateFiles(Path.Combine(unfinished, "var/cache/apt/archives"), "*.deb"))
        {
            File.Delete(package);
        }

        Directory.Move(unfinished, Root);
        await File.WriteAllTextAsync(Stamp, Packages, cancellationToken);
        return await IsWholeAsync(cancellationToken) ? null : $"Debian's {Suite} was made, but its Postfix does not run.";
    }

    private async Task<bool> IsWholeAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Stamp) || !string.Equals(await File.ReadAllTextAsync(Stamp, cancellationToken), Packages, StringComparison.Ordinal))
        {
            return false;
        }

        var version = await Command.RunAsync(["chroot", Root, "postconf", "-dh", "mail_version"], s_asking, cancellationToken: cancellationToken);
        return version.ExitCode == 0 && version.Output.StartsWith($"{Postfix}.", StringComparison.Ordinal);
    }

    // Another run of the tests may be making it.
    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_making);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), limit.Token);
            }
        }
    }
}
