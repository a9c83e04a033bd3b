namespace Postern.Web.Channel;

/// <summary>Why the daemon gave no reply.</summary>
internal enum ControlFailure : byte
{
    /// <summary>It gave one.</summary>
    None,
    /// <summary>Nobody listens at the socket.</summary>
    Down,
    /// <summary>This user may not open the socket.</summary>
    NoPermission,
    /// <summary>It broke off, took too long, or said too much.</summary>
    NoAnswer,
}
