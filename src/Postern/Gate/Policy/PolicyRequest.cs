namespace Postern.Gate.Policy;

/// <summary>
/// What matters here of a request of Postfix's policy protocol (SMTPD_POLICY_README): of the attributes of Postfix 3.4 to 3.10
/// these, in Postfix's own words; an empty value means that Postfix does not know it.
/// </summary>
internal sealed record PolicyRequest
{
    /// <summary><c>request</c>: <c>smtpd_access_policy</c>; anything else is none of our business.</summary>
    public string Kind { get; init; } = "";

    /// <summary><c>protocol_state</c>: CONNECT, HELO, EHLO, MAIL, RCPT, DATA, END-OF-MESSAGE, VRFY or ETRN.</summary>
    public string State { get; init; } = "";

    /// <summary><c>client_address</c>.</summary>
    public string ClientAddress { get; init; } = "";

    /// <summary><c>helo_name</c>.</summary>
    public string Helo { get; init; } = "";

    /// <summary><c>sender</c>: empty for a bounce, and before MAIL FROM.</summary>
    public string Sender { get; init; } = "";

    /// <summary><c>recipient</c>: empty at DATA and later where there are several.</summary>
    public string Recipient { get; init; } = "";

    /// <summary><c>instance</c>: the same for all requests about one message.</summary>
    public string Instance { get; init; } = "";

    /// <summary><c>sasl_username</c>: not empty where the client has logged in.</summary>
    public string SaslUser { get; init; } = "";

    /// <summary>True where a sender was given, be it the empty one.</summary>
    public bool HasSender => State is "MAIL" or "RCPT" or "DATA" or "END-OF-MESSAGE";

    /// <summary>True for a request that we answer with more than DUNNO.</summary>
    public bool IsAccessRequest => Kind is "smtpd_access_policy";
}
