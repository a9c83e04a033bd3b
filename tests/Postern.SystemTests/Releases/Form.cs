using Postern.SystemTests.Support;

namespace Postern.SystemTests.Releases;

/// <summary>A session that makes Postfix say something, and what the program must make of it.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Port">The server's port.</param>
/// <param name="Shows">The behaviours that the program must see, and no others; words apart by blanks. A question mark where more than one reading is right.</param>
/// <param name="Play">What the client says, and hears.</param>
internal sealed record Form(string Name, int Port, string Shows, Func<Caller, Task> Play)
{
    /// <summary>The address that plays it; null for any of its own.</summary>
    public string? Address { get; init; }

    /// <summary>What must stand in the log of it, so that the form was provoked; null where the releases differ in words.</summary>
    public string? Says { get; init; }

    /// <summary>What the program may see besides, as the releases differ; words apart by blanks.</summary>
    public string May { get; init; } = "";

    /// <summary>What the program must not see in it, words apart by blanks.</summary>
    public string Never { get; init; } = "";

    /// <summary>True where more than one reading is right: what must not be seen is asked alone.</summary>
    public bool IsOpen => Shows is "?";
}

/// <summary>Opens sessions from a form's address.</summary>
/// <param name="Open">Opens one: the port, and what is sent at once.</param>
/// <param name="Port">The form's port.</param>
internal sealed record Caller(Func<int, string, Task<Dialogue>> Open, int Port)
{
    /// <summary>
    /// How long a reply is waited for: longer than a busy machine takes, for a client that goes on too soon is another form. A server
    /// that says nothing hangs up before.
    /// </summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(45);

    /// <summary>Says these lines in their order, each after the reply to the one before; then leaves.</summary>
    public async Task SayAsync(params string[] lines)
    {
        using var session = await Open(Port, "");
        await session.Hear(Patience);
        foreach (var line in lines)
        {
            await session.In(line);
            await session.Hear(Patience);
        }
    }

    /// <summary>The same after STARTTLS.</summary>
    public async Task SayInTlsAsync(params string[] lines)
    {
        using var session = await Open(Port, "");
        await session.Hear();
        await session.Ask("EHLO client.example");
        await session.Ask("STARTTLS");
        await session.Encrypt();
        foreach (var line in lines)
        {
            await session.In(line);
            await session.Hear(Patience);
        }
    }

    /// <summary>Brings a message with these lines in it.</summary>
    public Task BringAsync(string message, string from = "a@sender.example", string to = "alice@example.org") =>
        SayAsync("EHLO client.example", $"MAIL FROM:<{from}>", $"RCPT TO:<{to}>", "DATA", $"{message.ReplaceLineEndings("\r\n")}\r\n.", "QUIT");

    /// <summary>Says the opening before the greeting, and leaves when nothing more comes for a while.</summary>
    public async Task AheadAsync(string opening, double seconds = 4)
    {
        using var session = await Open(Port, opening);
        while ((await session.Hear(TimeSpan.FromSeconds(seconds))).Length > 0)
        {
        }
    }
}
