using Microsoft.Data.Sqlite;
using Postern.Decisions.Brake;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Cli.Storage;

/// <summary>Reads the ledger's tables into facts.</summary>
/// <param name="connection">An open connection.</param>
/// <param name="isDryRun">True for what dry runs decided, false for what others did: neither takes over the other's.</param>
internal sealed class LedgerReader(SqliteConnection connection, bool isDryRun)
{
    private const string FailureColumns = "id, client, at, zone, behaviours, traits, count, jail, source, lines, variety";
    private const string BanColumns = "first, prefix, client, jail, since, until, reason, failures, repetition, ended, pardoned, dry_run, host";
    private const string SuppressedColumns = "client, jail, at, reason, detail, until";

    // About half a second of reading.
    private const int MostSearched = 200_000;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    private long Mode => isDryRun ? 1 : 0;

    /// <summary>What a start needs.</summary>
    public LedgerState Load(DateTimeOffset now, DateTimeOffset failuresSince)
    {
        var (standing, past, lapsed) = Bans(now);
        return new LedgerState
        {
            Bans = standing,
            Past = past,
            Lapsed = lapsed,
            Failures = Failures(failuresSince),
            Days = Read("SELECT client, day, did FROM days", static r => DayBits.ToDay(r.Address(0), r.GetInt32(1), r.GetInt64(2))),
            Suppressed = Read($"SELECT {SuppressedColumns} FROM suppressed WHERE until > $1 AND reason = $2 AND dry_run = $3 ORDER BY at", Suppressed,
                now.UtcTicks, StoredNumbers.Of(ProtectionReason.GenuineByChecks), Mode),
            Holds = Read("SELECT reason, since, why, weak, named FROM brake", Hold),
            Spans = Read("SELECT reason, since, why, weak, named, begins, ends FROM brake_spans", static r => new BrakeSpan(Hold(r), r.Time(5), r.Time(6))),
            Correspondents = Read("SELECT domain, day FROM correspondents", static r => new Correspondent(r.Hash(0), DateOnly.FromDayNumber(r.GetInt32(1)))),
            CorrespondentKey = Read("SELECT value FROM secrets WHERE name = 'correspondents'", static r => r.Blob(0)).FirstOrDefault() ?? [],
            Allowed = Read("SELECT entry, at, until FROM allowed", static r => new AllowedEntry(r.GetString(0), r.Time(1)) { Until = r.IsDBNull(2) ? null : r.Time(2) }),
            Positions = Read("SELECT source, file, offset, cursor, counted_file, counted_offset FROM positions", Position),
        };
    }

    /// <summary>The failures of a network's clients, latest first.</summary>
    public List<Failure> FailuresOf(ClientNetwork network, int most) => Read(
        $"SELECT {FailureColumns} FROM failures WHERE client BETWEEN $1 AND $2 ORDER BY at DESC, seq DESC LIMIT $3", Failure,
        network.First.Bytes(), network.Last.Bytes(), (long)most);

    /// <summary>The latest failures whose lines hold a text, latest first; null for any text.</summary>
    public List<Failure> FailuresWith(string? text, int most) => text is null
        ? Read($"SELECT {FailureColumns} FROM failures ORDER BY seq DESC LIMIT $1", Failure, (long)most)
        : Read(
            $"SELECT {FailureColumns} FROM (SELECT * FROM failures ORDER BY seq DESC LIMIT $1) WHERE CAST(lines AS TEXT) LIKE $2 ESCAPE '\\' LIMIT $3", Failure,
            (long)MostSearched, $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%", (long)most);

    /// <summary>The bans that were not made, latest first.</summary>
    public List<SuppressedBan> SuppressedOf(ClientNetwork network, int most) => Read(
        $"SELECT {SuppressedColumns} FROM suppressed WHERE client BETWEEN $1 AND $2 ORDER BY at DESC, seq DESC LIMIT $3", Suppressed,
        network.First.Bytes(), network.Last.Bytes(), (long)most);

    /// <summary>The bans within a network and those that cover it, latest first.</summary>
    public List<Ban> BansOf(ClientNetwork network, int most)
    {
        var found = Read(
            $"SELECT {BanColumns} FROM bans WHERE first BETWEEN $1 AND $2 AND prefix >= $3 ORDER BY since DESC LIMIT $4", Ban,
            network.First.Bytes(), network.Last.Bytes(), (long)network.PrefixLength, (long)most);
        for (var prefix = network.PrefixLength - 1; prefix >= 0; prefix--)
        {
            found.AddRange(Read(
                $"SELECT {BanColumns} FROM bans WHERE first = $1 AND prefix = $2 ORDER BY since DESC LIMIT $3", Ban,
                ClientNetwork.Of(network.First, prefix).First.Bytes(), (long)prefix, (long)most));
        }

        return [.. found.OrderByDescending(ban => ban.From).Take(most)];
    }

    // In the order of the key, the last ban of a network and jail comes last.
    private (List<Ban> Standing, List<Ban> Past, List<Ban> Lapsed) Bans(DateTimeOffset now)
    {
        List<Ban> standing = [], past = [], lapsed = [];
        foreach (var ban in Rows($"SELECT {BanColumns} FROM bans WHERE dry_run = $1 ORDER BY first, prefix, jail, since", r => (Ban: Ban(r), HasEnded: !r.IsDBNull(9)), [Mode]))
        {
            if (!ban.HasEnded)
            {
                (ban.Ban.Until > now ? standing : lapsed).Add(ban.Ban);
            }

            if (!ban.HasEnded && ban.Ban.Until > now)
            {
                continue;
            }

            if (past.Count > 0 && past[^1].Network == ban.Ban.Network && string.Equals(past[^1].Jail, ban.Ban.Jail, StringComparison.Ordinal))
            {
                past[^1] = ban.Ban;
            }
            else
            {
                past.Add(ban.Ban);
            }
        }

        return (standing, past, lapsed);
    }

    private List<Failure> Failures(DateTimeOffset since)
    {
        // Counted first, so that the list never grows by copying itself.
        var count = Read("SELECT count(*) FROM failures WHERE at >= $1 AND dry_run = $2", static r => r.GetInt32(0), since.UtcTicks, Mode)[0];
        var failures = new List<Failure>(count);
        failures.AddRange(Rows($"SELECT {FailureColumns} FROM failures WHERE at >= $1 AND dry_run = $2 ORDER BY at, seq", Failure, [since.UtcTicks, Mode]));
        return failures;
    }

    /// <summary>The latest failures since a time that show any of these behaviours, without their lines.</summary>
    public List<Failure> FailuresSince(DateTimeOffset since, BehaviourSet behaviours) => Read(
        "SELECT client, at, behaviours, traits, count, variety FROM failures WHERE at >= $1 AND behaviours & $2 != 0 AND jail = '' AND dry_run = $3 ORDER BY at DESC LIMIT 500000",
        static r => new Failure
        {
            Id = 0,
            Client = r.Address(0),
            Mark = new SessionMark(new LogTime(r.Time(1).UtcTicks, 0), StoredNumbers.Behaviours(r.GetInt64(2)),
                (SessionTraits)checked((uint)r.GetInt64(3)), checked((byte)r.GetInt64(4))),
            Variety = (int)r.GetInt64(5),
            Source = "",
        },
        since.UtcTicks, StoredNumbers.Of(behaviours), Mode);

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params object[] values) => [.. Rows(sql, row, values)];

    private IEnumerable<T> Rows<T>(string sql, Func<SqliteDataReader, T> row, object[] values)
    {
        using var command = connection.Statement(sql, values.Length).With(values);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return row(reader);
        }
    }

    private Failure Failure(SqliteDataReader r) => new()
    {
        Id = (ulong)r.GetInt64(0),
        Client = r.Address(1),
        Mark = new SessionMark(
            new LogTime(r.Time(2).UtcTicks, checked((short)r.GetInt64(3))), StoredNumbers.Behaviours(r.GetInt64(4)),
            (SessionTraits)checked((uint)r.GetInt64(5)), checked((byte)r.GetInt64(6))),
        Jail = Name(r, 7) is { Length: > 0 } jail ? jail : null,
        Source = Name(r, 8),
        Lines = r.Blob(9),
        Variety = (int)r.GetInt64(10),
    };

    private Ban Ban(SqliteDataReader r)
    {
        var until = r.Time(5);
        var ended = r.IsDBNull(9) ? until : r.Time(9);
        return new Ban
        {
            Network = r.Network(0),
            Client = r.Address(2),
            Jail = Name(r, 3),
            From = r.Time(4),
            Until = ended < until ? ended : until,
            Reason = Name(r, 6),
            Failures = r.GetInt32(7),
            // A ban that was lifted counts for none, but what led to it has been looked at.
            Repetition = r.GetInt64(10) != 0 ? 0 : r.GetInt32(8),
            IsDryRun = r.GetInt64(11) != 0,
            Host = r.IsDBNull(12) ? null : Name(r, 12),
        };
    }

    private SuppressedBan Suppressed(SqliteDataReader r) =>
        new(r.Address(0), Name(r, 1), r.Time(2), StoredNumbers.Reason(r.GetInt64(3)), r.GetString(4), r.Time(5));

    private static BrakeHold Hold(SqliteDataReader r) => new(r.GetString(0), r.Time(1), r.GetString(2), r.GetInt64(3) != 0, r.GetInt64(4) != 0);

    private static SourcePosition Position(SqliteDataReader r) =>
        new(r.GetString(0), (ulong)r.GetInt64(1), r.GetInt64(2), r.IsDBNull(3) ? null : r.GetString(3))
        {
            CountedFileId = (ulong)r.GetInt64(4),
            CountedOffset = r.GetInt64(5),
        };

    // A few names stand in a million rows.
    private string Name(SqliteDataReader r, int column)
    {
        var name = r.GetString(column);
        if (_names.TryGetValue(name, out var known))
        {
            return known;
        }

        if (_names.Count < 1000)
        {
            _names[name] = name;
        }

        return name;
    }
}
