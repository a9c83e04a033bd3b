using System.Text.Json.Serialization;
using Postern.Cli.Notifications.Telling;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Cli.Daemon.Logging;

/// <summary>Something that happened, as a row of the reply of <c>events</c>. What a client wrote is escaped.</summary>
/// <param name="At">When.</param>
/// <param name="Action"><c>session</c> for a session that showed something; else a name of <see cref="HappeningKinds"/>.</param>
internal sealed record EventRow(DateTimeOffset At, string Action)
{
    private const int LongestText = 300;

    /// <summary>Its number; later events have greater ones.</summary>
    public long Number { get; init; }

    /// <summary>The client; null where it is about none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Address { get; init; }

    /// <summary>The network of a ban.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Network { get; init; }

    /// <summary>What a session showed, as behaviour ids.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Behaviours { get; init; }

    /// <summary>The jail.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Jail { get; init; }

    /// <summary>Why.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>What it is about: a source, a user, a part of the program.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subject { get; init; }

    /// <summary>The particulars.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Until when.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>True where nobody is kept out.</summary>
    public bool DryRun { get; init; }

    /// <summary>A session that showed something.</summary>
    public static EventRow Of(ClientAddress client, SessionMark mark, DateTimeOffset at) => new(at.ToLocalTime(), "session")
    {
        Address = client.ToString(),
        Behaviours = [.. mark.Behaviours.Select(static behaviour => behaviour.Id())],
    };

    /// <summary>What somebody may be told of.</summary>
    public static EventRow Of(Happening one) => new(one.At.ToLocalTime(), one.Kind.Action())
    {
        Address = one.Client == default ? null : one.Client.ToString(),
        Network = one.Network?.ToString(),
        Jail = one.Jail,
        Reason = Short(one.Reason),
        Subject = Short(one.Subject),
        Detail = Short(one.Detail),
        Until = one.Until?.ToLocalTime(),
        DryRun = one.IsDryRun,
    };

    private static string? Short(string? text) => text is null ? null : SafeText.Short(text, LongestText);
}
