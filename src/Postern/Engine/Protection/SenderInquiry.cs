using Postern.Facts;

namespace Postern.Engine.Protection;

/// <summary>What is asked of the DNS before a ban is decided.</summary>
/// <param name="Client">Who.</param>
/// <param name="Jail">The jail that would ban it.</param>
/// <param name="Helo">Its HELO name, or null.</param>
internal sealed record SenderInquiry(ClientAddress Client, string Jail, string? Helo)
{
    /// <summary>Its forward-confirmed PTR name, or null.</summary>
    public string? HostName { get; init; }

    /// <summary>Its envelope sender, where own users wrote to that domain; else null.</summary>
    public string? Sender { get; init; }
}
