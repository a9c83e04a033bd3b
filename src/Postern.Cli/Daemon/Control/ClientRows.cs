using System.Text;
using Postern.Decisions.Jails;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Cli.Daemon.Control;

/// <summary>What a client did, and what became of it, as rows of replies.</summary>
internal static class ClientRows
{
    /// <summary>The id of a protection.</summary>
    public static string Id(ProtectionReason reason) => reason switch
    {
        ProtectionReason.Allowed => "allowed",
        ProtectionReason.OwnAddress => "own-address",
        ProtectionReason.MyNetworks => "mynetworks",
        ProtectionReason.LoggedIn => "logged-in",
        ProtectionReason.ProvenSender => "proven-sender",
        ProtectionReason.Correspondent => "correspondent",
        ProtectionReason.Brake => "brake",
        ProtectionReason.PrivateNetwork => "private-network",
        _ => "genuine-by-checks",
    };

    /// <summary>A ban, in this machine's time.</summary>
    public static BanRow Of(Ban ban) => new()
    {
        Address = ban.Client.ToString(),
        Network = ban.Network.ToString(),
        Jail = ban.Jail,
        From = ban.From.ToLocalTime(),
        Until = ban.Until.ToLocalTime(),
        Reason = ban.Spared.Count == 0 ? ban.Reason : $"{ban.Reason}; except {string.Join(", ", ban.Spared.Select(static spared => spared.IsSingle ? spared.First.ToString() : spared.ToString()))}",
        Failures = ban.Failures,
        Repetition = ban.Repetition,
        DryRun = ban.IsDryRun,
    };

    /// <summary>A failure, with its weight in a jail and its lines escaped.</summary>
    public static FailureRow Of(Failure failure, JailOptions jail) => new()
    {
        Address = failure.Client.ToString(),
        Time = failure.Mark.Time.IsKnown ? failure.Mark.Time.ToDateTimeOffset().ToLocalTime() : null,
        Behaviours = [.. failure.Mark.Behaviours.Select(behaviour => behaviour.Id())],
        Jail = failure.Jail,
        Weight = failure.Jail is null ? JailWeights.Of(failure.Mark, jail) : 1,
        Source = failure.Source,
        Lines = [.. Encoding.Latin1.GetString(failure.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SafeText.Escape)],
    };
}
