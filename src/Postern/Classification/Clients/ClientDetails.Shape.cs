namespace Postern.Classification.Clients;

/// <summary>Details that many clients share, because their only sessions were the same.</summary>
internal sealed partial class ClientDetails
{
    private const int LongestPayload = 256;

    /// <summary>True where nothing is counted that hardly two clients have in common, such as user names, recipients and the server's words.</summary>
    public bool IsPlain => UserNames.Count == 0 && Recipients.Count == 0 && Refused.Count == 0 && Limits is null && Troubles is null && Injected is null
        && _refusals is null && _temporaryRefusals is null && _unknownReasons is null
        && Helos.Count <= 1 && HandshakeOutcomes.Count <= 1 && Probes.Count <= 1 && Protocols.Count <= 2 && !(Payload?.Length > LongestPayload);

    /// <summary>Equal for plain details that are the same.</summary>
    public int PlainHash()
    {
        var hash = new HashCode();
        hash.Add(Helos.Items.FirstOrDefault(), StringComparer.Ordinal);
        hash.Add(HandshakeOutcomes.Items.FirstOrDefault(), StringComparer.Ordinal);
        hash.Add(Counts);
        hash.AddBytes(Payload.GetValueOrDefault().Span);
        return hash.ToHashCode();
    }

    /// <summary>True for plain details that are the same.</summary>
    public bool IsSame(ClientDetails other) => Counts == other.Counts && string.Equals(ForgedName, other.ForgedName, StringComparison.Ordinal)
        && Payload.HasValue == other.Payload.HasValue && Payload.GetValueOrDefault().Span.SequenceEqual(other.Payload.GetValueOrDefault().Span)
        && Helos.IsSame(other.Helos) && HandshakeOutcomes.IsSame(other.HandshakeOutcomes) && Protocols.IsSame(other.Protocols) && Probes.IsSame(other.Probes)
        && FailedHandshakes.IsSame(other.FailedHandshakes) && Lists.IsSame(other.Lists);

    /// <summary>A copy of plain details, to which the client's next sessions are added.</summary>
    public ClientDetails CopyPlain()
    {
        var copy = (ClientDetails)MemberwiseClone();
        (copy._failedHandshakes, copy._lists) = (_failedHandshakes?.With(ReasonTally.None), _lists?.With(ReasonTally.None));
        copy._helos = _helos.Copy();
        copy._handshakeOutcomes = _handshakeOutcomes.Copy();
        copy._protocols = _protocols.Copy();
        copy._probes = _probes.Copy();
        return copy;
    }

    private (int, int, int, int, (int, int, int, int), (int, int, int, int), (int, int, int)) Counts =>
    (
        Sessions, ProbeSessions, BlankLinePairs, RepliesIgnored, (ErrorTextsDrawn, FailedLogins, UnfinishedLogins, Garbage),
        (UntoldCommands, RelayDenied, UntoldRefusals, BrokenTransfers), (LeftAfterHandshake, UnknownRecipients, LimitsExceeded)
    );
}
