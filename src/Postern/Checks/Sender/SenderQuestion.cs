using Postern.Facts;

namespace Postern.Checks.Sender;

/// <summary>Whom to test. What is not known stays null; the tests that need it are skipped.</summary>
public sealed record SenderQuestion
{
    /// <summary>The client.</summary>
    public required ClientAddress Address { get; init; }

    /// <summary>The name it gave in HELO or EHLO.</summary>
    public string? Helo { get; init; }

    /// <summary>The address of MAIL FROM without angle brackets; empty for a bounce.</summary>
    public string? Sender { get; init; }

    /// <summary>The message as it came over the line, header and body; null where there is none yet.</summary>
    public ReadOnlyMemory<byte>? Message { get; init; }
}
