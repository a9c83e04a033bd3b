using Postern.Engine.Replay;

namespace Postern.Cli.Words;

/// <summary>The sentences of <c>replay</c> in English.</summary>
internal sealed class EnglishReplay : IReplayWords
{
    /// <inheritdoc/>
    public string Decision(string told) => told;

    /// <inheritdoc/>
    public string[] Columns => ["address", "from", "for", "genuine?", "reason"];

    /// <inheritdoc/>
    public string[] WithheldColumns => ["address", "from", "why not banned"];

    /// <inheritdoc/>
    public string Nothing => "Nothing was changed; nobody is banned.";

    /// <inheritdoc/>
    public string Title(string? from, string? to, long sessions) => $"Replay of {(from is null ? "an empty period" : $"{from} to {to}")}: {Counts.Of(sessions, "session")}";

    /// <inheritdoc/>
    public string Bans(int bans, int clients, int withheld) => bans + withheld == 0 ? "No bans." :
        $"{Counts.Of(bans, "ban")} of {Counts.Of(clients, "address", "addresses")}{(withheld == 0 ? "" : $"; {Counts.Of(withheld, "ban")} withheld (protected senders)")}.";

    /// <inheritdoc/>
    public string Name(GenuineSign sign) => sign switch
    {
        GenuineSign.None => "",
        GenuineSign.Delivered => "sent mail",
        GenuineSign.Proven => "regular sender",
        GenuineSign.LoggedIn => "logged in",
        _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, "No words for this sign."),
    };

    /// <inheritdoc/>
    public string Estimate(int banned, int genuine, int missed) =>
        $"Estimate of error: {Counts.Number(genuine)} of {Counts.Of(banned, "banned address", "banned addresses")} sent accepted mail or logged in before or after; "
        + $"{Counts.Of(missed, "abusive address was", "abusive addresses were")} not banned.";

    /// <inheritdoc/>
    public string Against(int added, int removed) => $"The other settings add {Counts.Of(added, "address", "addresses")} and remove {Counts.Number(removed)}.";

    /// <inheritdoc/>
    public string More(int rows) => $"and {Counts.Number(rows)} more (--format json shows all)";
}
