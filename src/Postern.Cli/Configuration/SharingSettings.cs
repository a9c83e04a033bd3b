namespace Postern.Cli.Configuration;

/// <summary>What is shared with other hosts, and where.</summary>
internal sealed record SharingSettings
{
    /// <summary>The server that the hosts share; null where nothing is shared.</summary>
    public SharingAddress? Url { get; init; }

    /// <summary>The name of all hosts together: those of another site on the same server share nothing with them. Default: <c>postern</c>.</summary>
    public string Site { get; init; } = "postern";

    /// <summary>This host's name among them; default: the machine's.</summary>
    public string Host { get; init; } = Environment.MachineName;

    /// <summary>The user on the server; null for its default user.</summary>
    public string? User { get; init; }

    /// <summary>The file that holds the user's password; null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The certificates that the server's must come from; null for those that the system trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>The file that holds the secret of the site; null only where nothing is shared.</summary>
    public string? KeyFile { get; init; }
}
