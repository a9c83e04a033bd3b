using Postern.Facts;
using Postern.Fail2Ban.Jails;

namespace Postern.Engine.Fail2Ban;

/// <summary>A failure that a jail of fail2ban's found.</summary>
/// <param name="Finding">What it found.</param>
/// <param name="Kept">What is kept of it; null where it is counted by something that is no address.</param>
internal sealed record Fail2BanFailure(Fail2BanFinding Finding, Failure? Kept);

/// <summary>A match of a filter that was not counted: the line is another client's, whose words name this address.</summary>
/// <param name="Jail">The jail.</param>
/// <param name="Named">The address that its filter found.</param>
/// <param name="Sender">The client whose line it is; unknown where the line tells none.</param>
/// <param name="Line">The line.</param>
internal sealed record Fail2BanRefusal(string Jail, string Named, ClientAddress Sender, string Line);

/// <summary>What the jails found in a batch of lines.</summary>
/// <param name="Failures">The failures, in the lines' order.</param>
/// <param name="End">How far the source is read then; null where it has no place to go on from.</param>
internal sealed record Fail2BanReport(IReadOnlyList<Fail2BanFailure> Failures, SourcePosition? End);
