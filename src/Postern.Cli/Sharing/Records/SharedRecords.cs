using Postern.Cli.Storage;
using Postern.Facts;

namespace Postern.Cli.Sharing.Records;

/// <summary>
/// Changes as bytes: a version, a kind, a rank by which the server keeps one of two of the same subject, when, who, the rest, and a code
/// made with the key of the site over all of it. The kinds' numbers are fixed.
/// </summary>
/// <param name="key">The key.</param>
internal sealed class SharedRecords(SiteKey key)
{
    private const byte Version = 1;
    private const int MostName = 255;
    private const int MostWords = 300;
    private const byte Ban = 1, Unban = 2, Veto = 3, Allow = 4, Day = 5, Failure = 6, Greylisting = 7, Host = 8, Login = 9;

    private readonly RecordTexts _texts = new();

    /// <summary>Tells this process from all others: no two share a name unnoticed.</summary>
    public long Process { get; } = BitConverter.ToInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)) | 1;

    /// <summary>No record is longer.</summary>
    public const int MostBytes = 2048;

    /// <summary>The bytes of a change.</summary>
    public byte[] Write(SharedChange change)
    {
        var writer = new RecordWriter();
        writer.Byte(Version);
        writer.Byte(KindOf(change));
        writer.Number(change is SharedBan or SharedVeto ? EndOf(change) : change.At);
        writer.Number(change.At);
        writer.Text(change.Host, MostName);
        if (change is not (SharedBan or SharedUnban))
        {
            writer.Number(change.Process == 0 ? Process : change.Process);
        }

        switch (change)
        {
            case SharedBan ban:
                writer.Network(ban.Network);
                writer.Text(ban.Jail, MostName);
                writer.Address(ban.Client);
                writer.Text(ban.Reason, MostWords);
                writer.Text(ban.Trigger, MostName);
                writer.Small(ban.Failures);
                writer.Small(ban.Repetition);
                break;
            case SharedUnban unban:
                writer.Number(unban.Keep);
                writer.Network(unban.Network);
                writer.Text(unban.Jail, MostName);
                break;
            case SharedVeto veto:
                writer.Number(veto.Keep);
                writer.Address(veto.Client);
                writer.Byte((byte)StoredNumbers.Of(veto.Reason));
                writer.Text(veto.Detail, MostWords);
                break;
            case SharedAllow allow:
                writer.Number(allow.End);
                writer.Text(allow.Entry, MostName);
                writer.Byte(allow.IsRemoved ? (byte)1 : (byte)0);
                break;
            case SharedDay day:
                writer.Address(day.Day.Client);
                writer.Small(day.Day.Day.DayNumber);
                writer.Byte((byte)DayBits.Of(day.Day));
                break;
            case SharedFailure failure:
                writer.Address(failure.Client);
                writer.Number((long)failure.Id);
                writer.Number(failure.Mark.Time.UtcTicks);
                writer.Number(StoredNumbers.Of(failure.Mark.Behaviours));
                writer.Small((int)failure.Mark.Traits);
                writer.Byte(failure.Mark.Failures);
                writer.Small(failure.Variety);
                break;
            case SharedGreylisting sender:
                writer.Hash(sender.Triplet);
                writer.Number(sender.First);
                writer.Number(sender.Until);
                writer.Byte(sender.IsKnown ? (byte)1 : (byte)0);
                break;
            case SharedLogin { Login: var login }:
                writer.Hash(login.User);
                writer.Address(login.Place);
                writer.Number(login.Time.UtcTicks);
                writer.Byte(login.IsUsual ? (byte)1 : (byte)0);
                break;
            case SharedHost host:
                writer.Small(host.Bans);
                writer.Number(host.LagMs);
                writer.Text(host.Version, MostName);
                writer.Byte(host.HasNamesake ? (byte)1 : (byte)0);
                break;
        }

        var length = writer.Length;
        writer.Take(SiteKey.CodeLength);
        var bytes = writer.Written.ToArray();
        key.Sign(bytes.AsSpan(0, length), bytes.AsSpan(length));
        return bytes;
    }

    /// <summary>The change in those bytes, read by one thread at a time; null where the code is not that of this site, or this release does not know its form.</summary>
    public SharedChange? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < 2 + 16 + SiteKey.CodeLength or > MostBytes || !key.Verify(bytes[..^SiteKey.CodeLength], bytes[^SiteKey.CodeLength..]))
        {
            return null;
        }

        try
        {
            return ReadSigned(bytes[..^SiteKey.CodeLength]);
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException or OverflowException)
        {
            // A later release's number.
            return null;
        }
    }

    /// <summary>The text by which the server tells changes of the same kind apart; empty where it keeps none of that kind.</summary>
    public static byte[] SubjectOf(SharedChange change)
    {
        var writer = new RecordWriter();
        writer.Byte(KindOf(change));
        switch (change)
        {
            case SharedBan ban:
                writer.Network(ban.Network);
                writer.Text(ban.Jail, MostName);
                break;
            case SharedUnban unban:
                writer.Network(unban.Network);
                writer.Text(unban.Jail, MostName);
                break;
            case SharedVeto veto:
                writer.Address(veto.Client);
                break;
            case SharedAllow allow:
                writer.Text(allow.Entry, MostName);
                break;
            default:
                return [];
        }

        return writer.Written.ToArray();
    }

    /// <summary>How long the server must keep a change, in milliseconds since 1970; 0 for good.</summary>
    public static long KeepOf(SharedChange change) => change switch
    {
        SharedBan ban => ban.End,
        SharedUnban unban => unban.Keep,
        SharedVeto veto => Math.Max(veto.Keep, veto.End),
        SharedAllow { End: not long.MaxValue } allow => allow.End,
        _ => 0,
    };

    private SharedChange? ReadSigned(ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes, _texts);
        if (reader.Byte() != Version)
        {
            return null;
        }

        var kind = reader.Byte();
        var (rank, at, host) = (reader.Number(), reader.Number(), reader.Text());
        var process = kind is Ban or Unban ? 0 : reader.Number();
        SharedChange? change = kind switch
        {
            Ban => new SharedBan(host, at, rank, reader.Network(), reader.Text(), reader.Address())
            {
                Reason = reader.Text(),
                Trigger = reader.Text(),
                Failures = reader.Small(),
                Repetition = reader.Small(),
            },
            Unban => new SharedUnban(host, at, reader.Number(), reader.Network(), reader.Text()),
            Veto => new SharedVeto(host, at, rank, reader.Number(), reader.Address(), StoredNumbers.Reason(reader.Byte()), reader.Text()),
            Allow => new SharedAllow(host, at, reader.Number(), reader.Text(), reader.Byte() != 0),
            Day => ReadDay(ref reader, host, at),
            Failure => new SharedFailure(host, at, reader.Address(), (ulong)reader.Number(), ReadMark(ref reader), reader.Small()),
            Greylisting => new SharedGreylisting(host, at, reader.Hash(), reader.Number(), reader.Number(), reader.Byte() != 0),
            Login => new SharedLogin(host, at, new AccountLogin(reader.Hash(), reader.Address(), new LogTime(reader.Number(), 0), reader.Byte() != 0)),
            Host => new SharedHost(host, at, reader.Small(), reader.Number(), reader.Text(), reader.Byte() != 0),
            _ => null,
        };
        return reader is not { IsSound: true, IsAtEnd: true } || host.Length == 0 ? null : process == 0 || change is null ? change : change with { Process = process };
    }

    private static SharedDay ReadDay(ref RecordReader reader, string host, long at)
    {
        var (client, day, bits) = (reader.Address(), reader.Small(), reader.Byte());
        return new SharedDay(host, at, DayBits.ToDay(client, day, bits));
    }

    private static SessionMark ReadMark(ref RecordReader reader)
    {
        var (ticks, behaviours, traits, failures) = (reader.Number(), reader.Number(), reader.Small(), reader.Byte());
        return new SessionMark(new LogTime(ticks, 0), StoredNumbers.Behaviours(behaviours), (SessionTraits)traits, failures);
    }

    private static long EndOf(SharedChange change) => change is SharedBan ban ? ban.End : ((SharedVeto)change).End;

    private static byte KindOf(SharedChange change) => change switch
    {
        SharedBan => Ban,
        SharedUnban => Unban,
        SharedVeto => Veto,
        SharedAllow => Allow,
        SharedDay => Day,
        SharedFailure => Failure,
        SharedGreylisting => Greylisting,
        SharedLogin => Login,
        _ => Host,
    };
}
