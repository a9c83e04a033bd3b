using FsCheck.Xunit;
using Postern.Cli.Sharing.Records;
using Postern.Facts;

namespace Postern.Tests.Sharing.Records;

public sealed class SharedRecordsTests
{
    private static readonly SiteKey s_key = new("0123456789abcdef"u8, "example");
    private static readonly SharedRecords s_records = new(s_key);

    public static TheoryData<string> Kinds => [.. All.Select(change => change.GetType().Name)];

    private static IReadOnlyList<SharedChange> All =>
    [
        new SharedBan("mx1", 1_795_000_000_000, 1_795_003_600_000, Network("192.0.2.0/24"), "fail2ban/sshd", Network("192.0.2.7").First) { Reason = "12 × lone-dot…", Trigger = "lone-dot", Failures = 12, Repetition = 3 },
        new SharedUnban("mx1", 5, 9, Network("2001:db8::/64"), "postfix"),
        new SharedVeto("mx2", 5, 9, 12, Network("2001:db8::").First, ProtectionReason.ProvenSender, "it delivered mail on 5 days"),
        new SharedAllow("mx1", 5, long.MaxValue, "@partner.example", IsRemoved: true),
        new SharedDay("mx1", 5, new SenderDay(Network("192.0.2.7").First, new DateOnly(2026, 11, 29), Delivered: true, Hostile: false, LoggedIn: true)),
        new SharedFailure("mx1", 5, Network("192.0.2.7").First, ulong.MaxValue, new SessionMark(new LogTime(639_000_000_000_000_000, 0), BehaviourSet.Of(Behaviour.LoneDot, Behaviour.AuthFailure), SessionTraits.LoginFailed, 9), -3),
        new SharedGreylisting("mx1", 5, UInt128.MaxValue, 4, 9, IsKnown: true),
        new SharedLogin("mx1", 5, new AccountLogin(UInt128.MaxValue, new ClientAddress(5, 1), new LogTime(639_000_000_000_000_000, 0), IsUsual: true)),
        new SharedHost("mx1", 5, 77, 3, "0.1.0", HasNamesake: true),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_written_is_read_again(string kind)
    {
        var change = All.Single(change => string.Equals(change.GetType().Name, kind, StringComparison.Ordinal));
        s_records.Read(s_records.Write(change)).ShouldBe(change with { Process = change is SharedBan or SharedUnban ? 0 : s_records.Process });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_byte_of_a_record_can_be_changed(string kind)
    {
        var bytes = s_records.Write(All.Single(change => string.Equals(change.GetType().Name, kind, StringComparison.Ordinal)));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            s_records.Read(bytes).ShouldBeNull($"byte {i}");
            bytes[i] ^= 1;
        }
    }

    [Fact]
    public void A_record_of_another_site_or_another_key_is_nobodys_word()
    {
        var bytes = s_records.Write(All[0]);
        new SharedRecords(new SiteKey("0123456789abcdef"u8, "other")).Read(bytes).ShouldBeNull();
        new SharedRecords(new SiteKey("0123456789abcdeF"u8, "example")).Read(bytes).ShouldBeNull();
    }

    [Property(MaxTest = 300)]
    public void Signed_noise_is_read_as_nothing_and_breaks_nothing(byte[] noise, byte kind)
    {
        // A host of the site with a fault of its own.
        byte[] body = [1, (byte)(kind % 10), .. noise];
        byte[] bytes = [.. body, .. new byte[SiteKey.CodeLength]];
        s_key.Sign(body, bytes.AsSpan(body.Length));
        var change = s_records.Read(bytes);
        (change is null || change.Host.Length > 0).ShouldBeTrue();
    }

    [Fact]
    public void A_text_that_is_too_long_is_cut_between_letters()
    {
        var read = (SharedBan)s_records.Read(s_records.Write((SharedBan)All[0] with { Reason = new string('é', 500) }))!;
        read.Reason.ShouldBe(new string('é', 150));
    }

    [Fact]
    public void What_is_of_one_subject_is_told_apart_from_all_else() =>
        All.Take(4).Select(change => Convert.ToHexString(SharedRecords.SubjectOf(change))).Distinct(StringComparer.Ordinal).Count().ShouldBe(4);

    [Fact]
    public void A_key_file_that_is_too_short_is_refused()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "short\n");
            SiteKey.Read(file, "example").Failure.ShouldNotBeNull().ShouldContain("16 or more");
            File.WriteAllText(file, "0123456789abcdef\n");
            SiteKey.Read(file, "example").Key.ShouldNotBeNull().Greylisting.ShouldBe(s_key.Greylisting);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ClientNetwork Network(string text) => ClientNetwork.TryParse(text, out var network) ? network : throw new FormatException(text);
}
