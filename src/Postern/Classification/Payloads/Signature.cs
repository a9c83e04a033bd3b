namespace Postern.Classification.Payloads;

/// <summary>The first bytes by which a protocol is known.</summary>
/// <param name="Start">What the payload starts with; 0xFF in <see cref="Mask"/> counts, 0 lets any byte pass.</param>
/// <param name="Mask">As long as the start, or empty where every byte counts.</param>
/// <param name="Kind">What it is then.</param>
/// <param name="Name">The protocol.</param>
/// <param name="Probe">The probe of nmap's nmap-service-probes that starts so, or null.</param>
internal sealed record Signature(byte[] Start, byte[] Mask, PayloadKind Kind, string Name, string? Probe)
{
    /// <summary>True where the payload starts so.</summary>
    public bool Fits(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Start.Length)
        {
            return false;
        }

        if (Mask.Length == 0)
        {
            return payload.StartsWith(Start);
        }

        for (var i = 0; i < Start.Length; i++)
        {
            if (((payload[i] ^ Start[i]) & Mask[i]) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
