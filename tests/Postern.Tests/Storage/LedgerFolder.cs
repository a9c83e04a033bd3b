using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Storage;
using Postern.Engine.Ledger;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Storage;

/// <summary>A folder of its own with a ledger, and facts to put in.</summary>
internal sealed class LedgerFolder : IDisposable
{
    public LedgerFolder()
    {
        Folder = Directory.CreateTempSubdirectory("postern-ledger-").FullName;
        Path = System.IO.Path.Combine(Folder, "postern.sqlite");
    }

    public string Folder { get; }

    public string Path { get; }

    public static DateTimeOffset Now => Marks.At(0).ToDateTimeOffset();

    public FakeTimeProvider Clock { get; } = new(Now);

    public SqliteLedger Open(LedgerOptions? options = null) => new(Path, options ?? new LedgerOptions(), Clock);

    /// <summary>What a start finds.</summary>
    public LedgerState Load(DateTimeOffset? now = null)
    {
        using var ledger = Open();
        return ledger.Load(now ?? Now, DateTimeOffset.MinValue);
    }

    /// <summary>The files as they are now in another folder, as a kill at this moment leaves them.</summary>
    public LedgerFolder Copy()
    {
        var copy = new LedgerFolder();
        foreach (var file in Directory.EnumerateFiles(Folder).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, System.IO.Path.Combine(copy.Folder, System.IO.Path.GetFileName(file)));
        }

        return copy;
    }

    public static ClientAddress Client(uint number) => ClientAddress.FromIPv4(0xC000_0200 + number);

    public static Failure Failure(ulong id, uint client = 1, double seconds = 0, string? jail = null) => new()
    {
        Id = id,
        Client = Client(client),
        Mark = Marks.Of(seconds, Behaviour.LoneDot, Behaviour.BlankLine) with { Failures = 3, Traits = SessionTraits.Empty },
        Jail = jail,
        Source = "/var/log/mail.log",
        Lines = "Nov 25 warning: non-SMTP command from unknown[192.0.2.1]: .\xff\0\n"u8.ToArray(),
    };

    public static Ban Ban(uint client, double from = 0, double hours = 1, string jail = "postfix", int repetition = 1) => new()
    {
        Network = ClientNetwork.Of(Client(client)),
        Client = Client(client),
        Jail = jail,
        From = Now.AddSeconds(from),
        Until = Now.AddSeconds(from).AddHours(hours),
        Reason = "12 lone-dot within 10m",
        Failures = 12,
        Repetition = repetition,
    };

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
