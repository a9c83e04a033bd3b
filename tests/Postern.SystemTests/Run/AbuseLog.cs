using System.Globalization;

namespace Postern.SystemTests.Run;

/// <summary>A mail log that a test writes: sessions of clients that knock with a lone dot, as Postfix 3.7 logs them.</summary>
internal sealed class AbuseLog : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-log-");
    private int _sessions;

    /// <summary>An empty log.</summary>
    public AbuseLog()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path, "");
    }

    /// <summary>The log.</summary>
    public string Path => System.IO.Path.Combine(Folder, "mail.log");

    /// <summary>Its folder.</summary>
    public string Folder => System.IO.Path.Combine(_folder.FullName, "log");

    /// <summary>Lets a client knock that often, now.</summary>
    public void Abuse(string address, int times)
    {
        var stamp = TimeProvider.System.GetLocalNow().ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture);
        var client = $"unknown[{address}]";
        for (var i = 0; i < times; i++)
        {
            var process = ++_sessions;
            File.AppendAllLines(Path,
            [
                $"{stamp} mx postfix/smtpd[{process}]: connect from {client}",
                $"{stamp} mx postfix/smtpd[{process}]: warning: non-SMTP command from {client}: .",
                $"{stamp} mx postfix/smtpd[{process}]: disconnect from {client} unknown=0/1 commands=0/1",
            ]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
