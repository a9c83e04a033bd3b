using System.Diagnostics;
using System.Text;

namespace Postern.SystemTests.Check;

/// <summary>
/// Messages signed by an implementation that is not ours: the tools of Debian's python3-dkim. Keys are made for the test and
/// go with it.
/// </summary>
internal sealed class SignedMessage : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-signed-").FullName;

    /// <summary>True where the signer's tools are there.</summary>
    public static bool CanSign => File.Exists("/usr/bin/dkimsign") && File.Exists("/usr/bin/arcsign") && File.Exists("/usr/bin/openssl");

    /// <summary>Makes a key and gives the data of its DNS record.</summary>
    public string MakeKey(string name)
    {
        Run("", "openssl", "genrsa", "-out", KeyFile(name), "1024");
        var pem = Run("", "openssl", "rsa", "-in", KeyFile(name), "-pubout");
        return "v=DKIM1; k=rsa; p=" + string.Concat(pem.Split('\n').Where(line => !line.StartsWith('-')));
    }

    /// <summary>The message with a DKIM signature on top.</summary>
    public string Sign(string message, string key, string selector, string domain) =>
        Run(message, "/usr/bin/dkimsign", "--bcanon", "relaxed", selector, domain, KeyFile(key));

    /// <summary>The message with one more ARC set on top, made out of the Authentication-Results of that server.</summary>
    public string Seal(string message, string key, string selector, string domain, string server) =>
        Run(message, "/usr/bin/arcsign", selector, domain, KeyFile(key), server);

    /// <summary>Writes the message to a file.</summary>
    public string Write(string message)
    {
        var path = Path.Combine(_folder, "message.eml");
        File.WriteAllText(path, message.ReplaceLineEndings("\r\n"), Encoding.Latin1);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string KeyFile(string name) => Path.Combine(_folder, name + ".pem");

    private static string Run(string input, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
        })!;
        process.StandardInput.Write(input.ReplaceLineEndings("\r\n"));
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, error.GetAwaiter().GetResult());
        return output;
    }
}
