using Postern.Cli.Storage;
using Postern.Facts;

namespace Postern.Tests.Storage;

/// <summary>Numbers of a file that was written once are those of every later release.</summary>
public sealed class StoredNumbersTests
{
    private static readonly string[] s_behaviours =
    [
        "lone-dot", "blank-line", "garbage-command", "http-request", "tls-on-plaintext", "other-protocol", "tls-scan", "tls-handshake-failure",
        "auth-brute-force", "auth-failure", "auth-not-offered", "early-talker", "pipelining-abuse", "user-enumeration", "relay-probe",
        "helo-forgery", "dnsbl-listed", "smuggling-attempt", "too-many-errors", "rejected-mail", "hangup", "probe-and-quit", "out-of-step",
        "delivered", "server-trouble", "account-takeover",
    ];

    [Fact]
    public void Each_behaviour_has_its_number()
    {
        foreach (var behaviour in Enum.GetValues<Behaviour>())
        {
            StoredNumbers.Of(BehaviourSet.Of(behaviour)).ShouldBe(1L << Array.IndexOf(s_behaviours, behaviour.Id()), behaviour.Id());
            StoredNumbers.Behaviours(StoredNumbers.Of(BehaviourSet.Of(behaviour))).ShouldBe([behaviour]);
        }

        Should.Throw<FormatException>(() => StoredNumbers.Behaviours(1L << s_behaviours.Length));
    }

    [Fact]
    public void Each_reason_has_its_number()
    {
        ProtectionReason[] reasons =
        [
            ProtectionReason.Allowed, ProtectionReason.OwnAddress, ProtectionReason.MyNetworks, ProtectionReason.LoggedIn,
            ProtectionReason.ProvenSender, ProtectionReason.GenuineByChecks, ProtectionReason.Correspondent, ProtectionReason.Brake, ProtectionReason.PrivateNetwork,
        ];
        Enum.GetValues<ProtectionReason>().ShouldBe(reasons, ignoreOrder: true);
        reasons.Select(StoredNumbers.Of).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 8]);
        reasons.Select(reason => StoredNumbers.Reason(StoredNumbers.Of(reason))).ShouldBe(reasons);
        Should.Throw<FormatException>(() => StoredNumbers.Reason(9));
    }

    [Fact]
    public void Each_trait_has_its_number() =>
        Enum.GetValues<SessionTraits>().Select(trait => (trait.ToString(), (int)trait)).ShouldBe(
            [("None", 0), ("UnknownRecipient", 1), ("HandshakeOnly", 2), ("LoginFailed", 4), ("LoggedIn", 8), ("Accepted", 16), ("Empty", 32), ("Wordless", 64),
             ("OnlyDeferred", 128), ("NameDeferred", 256), ("RecipientAccepted", 512), ("LocalHelo", 1024), ("OnSubmission", 2048),
             ("OneUnknownCommand", 4096), ("RefusedRecipient", 8192), ("RelaysForeign", 16384), ("PrivateClient", 32768),
             ("Named", 65536), ("DeadAddress", 131072), ("SomeAccepted", 262144), ("MostlyAccepted", 524288), ("UnknownInOrder", 1048576)]);
}
