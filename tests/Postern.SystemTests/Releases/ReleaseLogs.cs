using System.Net;
using System.Net.Sockets;
using System.Text;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Releases;

/// <summary>What Postfix of a release logged of all forms, and what the program makes of it.</summary>
/// <param name="Report">The explanation of the log and the notices.</param>
/// <param name="Lines">The lines of the log.</param>
internal sealed record ReleaseLog(Report Report, IReadOnlyList<string> Lines);

/// <summary>The logs of the releases, each made when a test first asks for it.</summary>
public sealed class ReleaseLogs
{
    private const string Machine = "192.0.2.9";

    // Postfix's sessions at once: more wait for each other on a small machine until they give up.
    private const int AtOnce = 24;

    private readonly Dictionary<string, Lazy<Task<(ReleaseLog? Log, string? WhyNot)>>> _logs =
        DebianRelease.All.ToDictionary(release => release.Postfix, release => new Lazy<Task<(ReleaseLog?, string?)>>(() => MakeAsync(release)), StringComparer.Ordinal);

    /// <summary>The forms, each with the address that plays it.</summary>
    internal static IReadOnlyList<(Form Form, string Address)> Cast { get; } =
    [
        .. ((IEnumerable<Form>)[.. SmtpdForms.Talk, .. SmtpdForms.TlsAndLogins, .. SmtpdForms.Trouble, .. SmtpdForms.Refusals, .. SmtpdForms.Mail, .. PostscreenForms.All])
            .Select((form, i) => (form, form.Address ?? $"192.0.2.{10 + i}")),
    ];

    // DNS of the laboratory: a sender's domain, and a list that answers a question with an error.
    private static IReadOnlyList<string> Records { get; } =
        ["sender.example. MX 10 mx.sender.example.", $"mx.sender.example. A {Machine}", $"203.2.0.192.{NameServer.DnsList}. A 127.255.255.254"];

    /// <summary>The log of that series of Postfix; skips the test where it cannot be made here.</summary>
    internal async Task<ReleaseLog> GetAsync(string version)
    {
        var (log, reason) = await _logs[version].Value;
        if (log is null)
        {
            Assert.Skip(reason ?? "");
        }

        return log;
    }

    // Not the token of the test that happens to ask first: the log serves the others, too.
    private static async Task<(ReleaseLog? Log, string? WhyNot)> MakeAsync(DebianRelease release)
    {
        if (await release.PrepareAsync(CancellationToken.None) is { } reason)
        {
            return (null, reason);
        }

        var folder = Directory.CreateTempSubdirectory("postern-release-").FullName;
        try
        {
            var (log, notices) = await ProvokeAsync(release, folder);
            Keep(release, log, notices);
            return (new ReleaseLog(await PosternProgram.ExplainAsync(log, notices), await File.ReadAllLinesAsync(log, Encoding.Latin1)), null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(string Log, string Notices)> ProvokeAsync(DebianRelease release, string folder)
    {
        // One machine has all addresses: only where a session comes from is of interest.
        await using var network = await Network.CreateAsync([new Host(Machine)], FormServer.Busy, CancellationToken.None);
        var client = network.Clients[Machine].Namespace;
        var addresses = string.Concat(Cast.Select(one => $"addr add {one.Address}/24 dev eth0\n"));
        (await Command.RunAsync(["ip", "-n", client, "-batch", "-"], TimeSpan.FromSeconds(30), addresses)).OrThrow("ip -batch");
        using var names = await NameServer.StartAsync(
            network, folder, [new Host("192.0.2.200", "named.example")], ["192.0.2.201", "192.0.2.202"], [], CancellationToken.None, Records);
        await using var postfix = await ReleasePostfix.StartAsync(release, network.Server, folder, FormServer.Files, CancellationToken.None);
        using var turns = new SemaphoreSlim(AtOnce);
        await Task.WhenAll(Cast.Select(async one =>
        {
            await turns.WaitAsync();
            try
            {
                await PlayAsync(one.Form, client, one.Address);
            }
            finally
            {
                turns.Release();
            }
        }));
        await postfix.WaitUntilQueueIsEmptyAsync(CancellationToken.None);
        await postfix.StopAsync(CancellationToken.None);
        return (postfix.Log, postfix.Notices);
    }

    private static async Task PlayAsync(Form form, string client, string address)
    {
        try
        {
            await form.Play(new Caller(
                async (port, opening) =>
                {
                    var server = new IPEndPoint(IPAddress.Parse(Network.ServerAddress), port);
                    var socket = await NamespaceSocket.ConnectAsync(client, server, Encoding.Latin1.GetBytes(opening), IPAddress.Parse(address));
                    return new Dialogue(socket, opening, CancellationToken.None);
                },
                form.Port));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // A server that hangs up in the midst of it; what it logged is what counts.
        }
    }

    private static void Keep(DebianRelease release, string log, string notices)
    {
        if (Environment.GetEnvironmentVariable("POSTERN_KEEP_CAPTURES") is { Length: > 0 } kept)
        {
            Directory.CreateDirectory(kept);
            File.Copy(log, Path.Combine(kept, $"postfix-{release.Postfix}.log"), overwrite: true);
            File.Copy(notices, Path.Combine(kept, $"postfix-{release.Postfix}.mbox"), overwrite: true);
        }
    }
}
