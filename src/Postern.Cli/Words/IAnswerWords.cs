using Postern.Decisions.Protection;
using Postern.Facts;

namespace Postern.Cli.Words;

/// <summary>What the daemon answers to <c>ban</c>, <c>unban</c>, <c>allow</c>, <c>reload</c> and <c>brake</c>, each one line.</summary>
internal interface IAnswerWords
{
    /// <summary>A ban by command.</summary>
    string Banned(ClientNetwork network, string until, bool isDryRun);

    /// <summary>A ban that protection forbids.</summary>
    string Protected(ClientNetwork network);

    /// <summary>A network that is too large.</summary>
    string TooLarge(ClientNetwork network);

    /// <summary>A length that is out of bounds.</summary>
    string BadLength { get; }

    /// <summary>Bans that were lifted.</summary>
    string Lifted(IEnumerable<(ClientNetwork Network, string Jail)> bans, bool isDryRun);

    /// <summary>Nothing to lift.</summary>
    string NotBanned(ClientNetwork network, bool isDryRun);

    /// <summary>Somebody who is never banned from now on.</summary>
    string Allowed(string entry);

    /// <summary>Somebody who is not banned until then.</summary>
    string AllowedUntil(string entry, string until);

    /// <summary>A sender whose mail the checks never refuse.</summary>
    string SenderAllowed(string sender);

    /// <summary>A name without an address.</summary>
    string NotResolved(string name);

    /// <summary>Somebody who is allowed no more.</summary>
    string Disallowed(string entry);

    /// <summary>Somebody who was not allowed by command.</summary>
    string NotAllowed(string entry);

    /// <summary>Somebody whom the configuration allows.</summary>
    string AllowedByConfiguration(string entry, string file);

    /// <summary>How many bans were lifted, of all.</summary>
    string AllLifted(long count, bool isDryRun);

    /// <summary>There is no ban to lift.</summary>
    string NobodyBanned(bool isDryRun);

    /// <summary>A jail that does not exist, and those that do.</summary>
    string NoSuchJail(string name, IEnumerable<string> jails);

    /// <summary>For how many of several a command was carried out.</summary>
    string Several(long done, long all);

    /// <summary>An entry that would allow everybody.</summary>
    string AllowsEverybody { get; }

    /// <summary>The configuration was read.</summary>
    string Reloaded { get; }

    /// <summary>A configuration without mistakes.</summary>
    string ConfigSound(string file);

    /// <summary>The configuration sets no key.</summary>
    string AllDefaults { get; }

    /// <summary>A default configuration that does not exist.</summary>
    string ConfigAbsent(string file);

    /// <summary>Which keys a reload changed.</summary>
    string TookEffect(IEnumerable<string> keys);

    /// <summary>Which changed keys need a restart.</summary>
    string NeedRestart(IEnumerable<string> keys);

    /// <summary>The configuration has mistakes.</summary>
    string NotReloaded { get; }

    /// <summary>What the brake let go of.</summary>
    string Released(string reasons);

    /// <summary>Nothing that the brake could let go of.</summary>
    string NotHeld(string? reason);

    /// <summary>A notice was read.</summary>
    string NoticeRead { get; }

    /// <summary>A message that is not a notice.</summary>
    string NotANotice { get; }

    /// <summary>Text that is not an address or network.</summary>
    string NotAnAddress(string? text);

    /// <summary>A request that the daemon does not know.</summary>
    string UnknownRequest(string name);

    /// <summary>Why a protection holds for a client, or does not.</summary>
    string Protection(ProtectionState state);
}
