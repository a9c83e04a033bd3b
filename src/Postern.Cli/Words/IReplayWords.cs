using Postern.Engine.Replay;

namespace Postern.Cli.Words;

/// <summary>The sentences of <c>replay</c>.</summary>
internal interface IReplayWords
{
    /// <summary>What was replayed.</summary>
    string Title(string? from, string? to, long sessions);

    /// <summary>How many bans.</summary>
    string Bans(int bans, int clients, int withheld);

    /// <summary>Why a ban was made or withheld.</summary>
    string Decision(string told);

    /// <summary>The columns of the bans: address, from, for, genuine, reason.</summary>
    string[] Columns { get; }

    /// <summary>The columns of the bans that were not made: address, from, reason.</summary>
    string[] WithheldColumns { get; }

    /// <summary>What speaks for a client; empty for nothing.</summary>
    string Name(GenuineSign sign);

    /// <summary>The estimate of error.</summary>
    string Estimate(int banned, int genuine, int missed);

    /// <summary>What other settings would change.</summary>
    string Against(int added, int removed);

    /// <summary>That more rows are not shown.</summary>
    string More(int rows);

    /// <summary>That nothing was touched.</summary>
    string Nothing { get; }
}
