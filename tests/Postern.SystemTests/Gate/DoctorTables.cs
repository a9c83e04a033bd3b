using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>Tables of every kind for the doctor to look into, built once.</summary>
public sealed class DoctorTables : IDisposable
{
    private static readonly (string Name, string Text)[] s_tables =
    [
        ("aliases", "postmaster: root\nabuse: root, bob@example.org\n"),
        ("forwarding", "postmaster: root\nBob: bob,\n  bob@elsewhere.example\nlast: root\n"),
        ("vacation", "postmaster: root\nbob: bob, \"|/usr/bin/vacation bob\"\n"),
        ("virtual", "ann@example.com ann\n@example.com bob\n"),
        ("textless", "ann@example.com ann\n@example.com bob\n"),
        ("sound", "ann@example.com ann\nbob@example.com bob@example.org\n"),
        ("canonical", "ann@example.org ann.smith@example.org\n@example.org @mx.example.org\n"),
        ("relayed", "ann@example.net x\n@example.net x\n"),
        ("handed-on", "ann@example.com ann\nbob@example.com bob@elsewhere.example\n"),
        ("patterns", "# who is here\n/^ann@/ ann\nif /@example/\n/^[^@]*@example\\.com$/\n  bob\nendif\n/^carol@/ carol\n"),
        ("forward-root", "\\root\n\\root, root@elsewhere.example\n"),
        ("away-root", "\\root, \"|/usr/bin/vacation root\"\n"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("postern-doctor-tables-").FullName;
    private bool _isBuilt;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Puts all of them into a folder.</summary>
    internal async Task CopyAsync(string folder, CancellationToken cancellationToken)
    {
        if (!_isBuilt)
        {
            await BuildAsync(cancellationToken);
        }

        foreach (var file in Directory.GetFiles(_folder))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: false);
        }
    }

    private async Task BuildAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, text) in s_tables)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, name), text, cancellationToken);
        }
        // It builds by a configuration that says nothing.
        const string Build = "mkdir empty && touch empty/main.cf empty/master.cf && export MAIL_CONFIG=$PWD/empty && postalias hash:aliases hash:forwarding hash:vacation"
            + " && postmap hash:virtual hash:sound hash:canonical hash:relayed hash:handed-on btree:textless && rm textless";
        (await Command.RunAsync(["sh", "-c", $"cd {_folder} && {Build}"], TimeSpan.FromSeconds(60), cancellationToken: cancellationToken)).OrThrow("postmap");
        _isBuilt = true;
    }
}
