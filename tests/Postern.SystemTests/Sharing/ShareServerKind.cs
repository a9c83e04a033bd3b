using Postern.SystemTests.Support;

namespace Postern.SystemTests.Sharing;

/// <summary>Which server the hosts share over, and how it is set.</summary>
internal sealed record ShareServerKind
{
    private const string Password = "a password of the test";

    /// <summary>True for Valkey, this machine's or that of Debian 13; false for Redis.</summary>
    public bool IsValkey { get; init; }

    /// <summary>True where it speaks TLS alone, with a certificate of a CA of the test's own.</summary>
    public bool IsTls { get; init; }

    /// <summary>True where the hosts come as the user of the ACL file that the package has, and nobody else is let in.</summary>
    public bool HasUsers { get; init; }

    /// <summary>True where the hosts trust another CA.</summary>
    public bool IsDistrusted { get; init; }

    /// <summary>The hosts' name, {i} being their number.</summary>
    public string HostName { get; init; } = "mx{i}";

    /// <summary>Makes what it needs; skips the test where it cannot be had.</summary>
    public async Task PrepareAsync(string folder, string address, CancellationToken cancellationToken)
    {
        if (!IsValkey && !Machine.Has("redis-server"))
        {
            Assert.Skip("Needs the package redis-server.");
        }

        if (IsValkey && !Machine.Has("valkey-server") && await DebianRelease.WithValkey.PrepareAsync(cancellationToken) is { } reason)
        {
            Assert.Skip(reason);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "password"), Password + "\n", cancellationToken);
        var acl = await File.ReadAllTextAsync(Path.Combine(Machine.RepositoryRoot(), "packaging/redis/postern.acl"), cancellationToken);
        // The file's passwords have no spaces; its hash may stand for any.
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Password)));
        await File.WriteAllTextAsync(Path.Combine(folder, "users.acl"), $"user default {(HasUsers ? "off" : "on nopass ~* &* +@all")}\nuser tester on nopass ~* &* +@all\n" + acl.Replace(">CHANGE-THIS-PASSWORD", "#" + hash, StringComparison.Ordinal), cancellationToken);
        (await Command.RunAsync(["sh", "-c", $"""
            set -e
            cd {folder}
            for ca in ca other; do
              openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=$ca -keyout $ca.key -out $ca.pem
            done
            openssl req -newkey rsa:2048 -nodes -subj /CN=redis.example.org -addext subjectAltName=IP:{address} -keyout server.key -out server.csr
            openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -copy_extensions copy -out server.pem
            chmod a+r server.key
            """], TimeSpan.FromSeconds(60), cancellationToken: cancellationToken)).OrThrow("openssl");
    }

    /// <summary>The command that runs it in the namespace of the server, with a folder of its own.</summary>
    public string[] ServerCommand(string @namespace, string folder)
    {
        var isForeign = IsValkey && !Machine.Has("valkey-server");
        var inner = isForeign ? "/mnt" : folder;
        List<string> arguments =
        [
            IsValkey ? "valkey-server" : "redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--save", "\"\"", "--dir", inner, "--aclfile", $"{inner}/users.acl",
            .. IsTls ? (string[])["--port", "0", "--tls-port", "6379", "--tls-cert-file", $"{inner}/server.pem", "--tls-key-file", $"{inner}/server.key", "--tls-ca-cert-file", $"{inner}/ca.pem", "--tls-auth-clients", "no"] : [],
        ];
        var root = DebianRelease.WithValkey.Root;
        var enter = isForeign ? $"mount --bind {folder} {root}/mnt && exec chroot {root} " : "exec ";
        return ["ip", "netns", "exec", @namespace, "sh", "-c", enter + string.Join(' ', arguments)];
    }

    /// <summary>The command that asks it, without the question.</summary>
    public string[] Client(string folder) => ["redis-cli", "--no-auth-warning", "--user", "tester", "--pass", "any", .. IsTls ? (string[])["--tls", "--cacert", $"{folder}/ca.pem", "-h", Network.ServerAddress] : []];

    /// <summary>What stands in the configuration of a host.</summary>
    public string Settings(int host, string folder) => $"""
        [sharing]
        url = "{(IsTls ? "rediss" : "redis")}://{Network.ServerAddress}:6379"
        site = "example"
        host = "{HostName.Replace("{i}", host.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)}"
        key_file = "{folder}/site.key"
        {(IsTls ? $"ca_file = \"{folder}/{(IsDistrusted ? "other" : "ca")}.pem\"" : "")}
        {(HasUsers ? $"user = \"postern\"\npassword_file = \"{folder}/password\"" : "")}
        """;
}
