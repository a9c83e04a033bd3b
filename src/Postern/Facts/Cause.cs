namespace Postern.Facts;

/// <summary>What most likely stands behind a client's sessions.</summary>
public enum Cause : byte
{
    /// <summary>The evidence does not tell.</summary>
    Unclear,
    /// <summary>A bot that plays a script without reading the replies.</summary>
    ScriptedBot,
    /// <summary>Something that provokes errors to learn the server's make by their text.</summary>
    Fingerprinting,
    /// <summary>A port or vulnerability scanner that tries the probes of other services.</summary>
    PortScanner,
    /// <summary>A scan of TLS versions and ciphers.</summary>
    TlsScanner,
    /// <summary>Password guessing.</summary>
    PasswordGuesser,
    /// <summary>A search for addresses that exist.</summary>
    AddressHarvester,
    /// <summary>A search for an open relay.</summary>
    RelayScanner,
    /// <summary>A sender of spam that is refused.</summary>
    SpamBot,
    /// <summary>A try at SMTP smuggling.</summary>
    Smuggler,
    /// <summary>A monitor that looks whether the server is up.</summary>
    Monitor,
    /// <summary>A genuine sender with a fault.</summary>
    FaultySender,
    /// <summary>A user's mail program with wrong settings (TLS on a plain port, an old password).</summary>
    MisconfiguredClient,
    /// <summary>A sender whose mail is accepted.</summary>
    GenuineSender,
    /// <summary>A flood that aims at the server's capacity.</summary>
    DenialOfService,
    /// <summary>The server's own fault: its DNS, its tables, its login service, its limits.</summary>
    OwnFault,
    /// <summary>Somebody who uses a stolen account.</summary>
    AccountThief,
}

/// <summary>The ids of causes in reports; fixed for all releases.</summary>
public static class CauseNames
{
    private static readonly string[] s_ids =
    [
        "unclear", "scripted-bot", "fingerprinting", "port-scanner", "tls-scanner", "password-guesser",
        "address-harvester", "relay-scanner", "spam-bot", "smuggler", "monitor", "faulty-sender",
        "misconfigured-client", "genuine-sender", "denial-of-service", "own-fault", "account-takeover",
    ];

    /// <summary>The id, <c>scripted-bot</c> for <see cref="Cause.ScriptedBot"/>.</summary>
    public static string Id(this Cause cause) => s_ids[(int)cause];
}
