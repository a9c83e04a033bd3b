using Postern.Facts;

namespace Postern.Capture.Owners;

/// <summary>How sure it is whose line it is.</summary>
internal enum LineOwnerKind : byte
{
    /// <summary>A line of a program that is not known here.</summary>
    NotKnown,
    /// <summary>A line of Postfix's, Dovecot's or sshd's that names no client where a client could not have written it.</summary>
    Nobody,
    /// <summary>The program itself put the client's address there.</summary>
    Certain,
}

/// <summary>Whose line it is.</summary>
/// <param name="Kind">How sure that is.</param>
/// <param name="Client">The client; unknown unless <see cref="LineOwnerKind.Certain"/>.</param>
internal readonly record struct LineOwner(LineOwnerKind Kind, ClientAddress Client)
{
    /// <summary>No client.</summary>
    public static LineOwner Nobody => new(LineOwnerKind.Nobody, ClientAddress.Unknown);

    /// <summary>This client; nobody where it is not known.</summary>
    public static LineOwner Of(ClientAddress client) => client.IsKnown ? new(LineOwnerKind.Certain, client) : Nobody;
}
