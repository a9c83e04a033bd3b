namespace Postern.Checks.Spf;

/// <summary>The seven results of RFC 7208, section 2.6.</summary>
public enum SpfResult : byte
{
    /// <summary>No policy was found, or there was no domain to ask about.</summary>
    None,
    /// <summary>The domain says that it says nothing.</summary>
    Neutral,
    /// <summary>The client may send for the domain.</summary>
    Pass,
    /// <summary>The client may not.</summary>
    Fail,
    /// <summary>The client probably may not.</summary>
    SoftFail,
    /// <summary>The DNS gave no answer; a later try may end otherwise.</summary>
    TempError,
    /// <summary>The policy cannot be read, or asks for more than is allowed.</summary>
    PermError,
}
