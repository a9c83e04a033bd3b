using Postern.Facts;

namespace Postern.Cli.Storage;

/// <summary>
/// The numbers by which behaviours and reasons stand in the file. They are fixed: the order of the enumerations may change, a number
/// here never does, and none is used again. docs/decisions/ledger.md lists them.
/// </summary>
internal static class StoredNumbers
{
    private static readonly (Behaviour Behaviour, int Number)[] s_behaviours =
    [
        (Behaviour.LoneDot, 0),
        (Behaviour.BlankLine, 1),
        (Behaviour.GarbageCommand, 2),
        (Behaviour.HttpRequest, 3),
        (Behaviour.TlsOnPlaintext, 4),
        (Behaviour.OtherProtocol, 5),
        (Behaviour.TlsScan, 6),
        (Behaviour.TlsHandshakeFailure, 7),
        (Behaviour.AuthBruteForce, 8),
        (Behaviour.AuthFailure, 9),
        (Behaviour.AuthNotOffered, 10),
        (Behaviour.EarlyTalker, 11),
        (Behaviour.PipeliningAbuse, 12),
        (Behaviour.UserEnumeration, 13),
        (Behaviour.RelayProbe, 14),
        (Behaviour.HeloForgery, 15),
        (Behaviour.DnsblListed, 16),
        (Behaviour.SmugglingAttempt, 17),
        (Behaviour.TooManyErrors, 18),
        (Behaviour.RejectedMail, 19),
        (Behaviour.Hangup, 20),
        (Behaviour.ProbeAndQuit, 21),
        (Behaviour.OutOfStep, 22),
        (Behaviour.Delivered, 23),
        (Behaviour.ServerTrouble, 24),
        (Behaviour.AccountTakeover, 25),
    ];

    private static readonly (ProtectionReason Reason, long Number)[] s_reasons =
    [
        (ProtectionReason.Allowed, 0),
        (ProtectionReason.OwnAddress, 1),
        (ProtectionReason.MyNetworks, 2),
        (ProtectionReason.LoggedIn, 3),
        (ProtectionReason.ProvenSender, 4),
        (ProtectionReason.GenuineByChecks, 5),
        (ProtectionReason.Correspondent, 6),
        (ProtectionReason.Brake, 7),
        (ProtectionReason.PrivateNetwork, 8),
    ];

    private static readonly int[] s_numbers = Numbers();
    private static readonly int[] s_ordinals = Ordinals();
    private static readonly long s_known = s_behaviours.Aggregate(0L, static (known, row) => known | (1L << row.Number));

    /// <summary>The numbers of a set, a bit each.</summary>
    public static long Of(BehaviourSet behaviours)
    {
        var stored = 0L;
        foreach (var behaviour in behaviours)
        {
            stored |= 1L << s_numbers[(int)behaviour];
        }

        return stored;
    }

    /// <summary>The set of those numbers.</summary>
    /// <exception cref="FormatException">There is no such number.</exception>
    public static BehaviourSet Behaviours(long stored)
    {
        if ((stored & ~s_known) != 0)
        {
            throw new FormatException("There is no such behaviour.");
        }

        var bits = 0u;
        for (; stored != 0; stored &= stored - 1)
        {
            bits |= 1u << s_ordinals[System.Numerics.BitOperations.TrailingZeroCount(stored)];
        }

        return new BehaviourSet(bits);
    }

    /// <summary>The number of a reason.</summary>
    public static long Of(ProtectionReason reason) => Array.Find(s_reasons, row => row.Reason == reason).Number;

    /// <summary>The reason of a number.</summary>
    /// <exception cref="FormatException">There is no such number.</exception>
    public static ProtectionReason Reason(long number)
    {
        foreach (var (reason, stored) in s_reasons)
        {
            if (stored == number)
            {
                return reason;
            }
        }

        throw new FormatException("There is no such reason.");
    }

    private static int[] Numbers()
    {
        var numbers = new int[BehaviourSet.Known];
        foreach (var (behaviour, number) in s_behaviours)
        {
            numbers[(int)behaviour] = number;
        }

        return numbers;
    }

    private static int[] Ordinals()
    {
        var ordinals = new int[s_behaviours.Length];
        foreach (var (behaviour, number) in s_behaviours)
        {
            ordinals[number] = (int)behaviour;
        }

        return ordinals;
    }
}
