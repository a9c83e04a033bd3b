using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using Postern.Capture.Logs;
using Postern.Cli.Configuration;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Setup;

namespace Postern.Tests.Setup;

/// <summary>What is found on a host whose files are in a folder.</summary>
[SupportedOSPlatform("linux")]
public sealed class HostSurveyorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-survey-").FullName;
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_log_in_use_counts_before_the_journal_and_Postfixs_own_before_all()
    {
        Look().FindLog(Postfix()).ShouldBeNull();
        Write("mail.log", "");
        Look().FindLog(Postfix())!.Path.ShouldBe(At("mail.log"));
        Directory.CreateDirectory(At("systemd"));
        Look().FindLog(Postfix())!.Kind.ShouldBe(LogSourceKind.Journal);
        Write("mail.log", "a line\n");
        Look().FindLog(Postfix())!.Path.ShouldBe(At("mail.log"));
        _clock.Advance(TimeSpan.FromDays(3));
        Look().FindLog(Postfix())!.Kind.ShouldBe(LogSourceKind.Journal);
        Look().FindLog(Postfix("maillog_file = /var/log/postfix.log"))!.Path.ShouldBe("/var/log/postfix.log");
    }

    [Theory]
    [InlineData("nameserver 127.0.0.1\n", ResolverKind.Local, 1)]
    [InlineData("# nameserver 192.0.2.1\nnameserver 127.0.0.53\nnameserver 10.0.0.1\n", ResolverKind.Private, 2)]
    [InlineData("nameserver\t8.8.8.8\nnameserver ::1\n", ResolverKind.Public, 2)]
    [InlineData("search example.org\n", ResolverKind.None, 0)]
    public void Resolvers_are_placed(string file, object kind, int servers)
    {
        Write("resolv.conf", file);
        var (found, addresses) = Look().Resolvers();
        (found, addresses.Count).ShouldBe(((ResolverKind)kind, servers));
    }

    [Fact]
    public void Programs_for_the_firewall_count_where_they_are_in_use()
    {
        Look().Firewalls().ShouldBeEmpty();
        Write("ufw.conf", "# ufw\nENABLED=no\n");
        Look().Firewalls().ShouldBeEmpty();
        Write("ufw.conf", "# ufw\nENABLED=yes\n");
        Directory.CreateDirectory(At("units"));
        Write("units/invocation:firewalld.service", "");
        Look().Firewalls().ShouldBe(["firewalld", "ufw"]);
    }

    [Theory]
    [InlineData("", "/var/mail/postmaster", "Elsewhere postmaster")]
    [InlineData("postmaster=root", "", "Mailbox /var/mail/root")]
    [InlineData("postmaster=root;root=ann", "", "Mailbox /var/mail/ann")]
    [InlineData("postmaster=root;root=ann", "home_mailbox = Maildir/", "Mailbox /home/ann/Maildir")]
    [InlineData("postmaster=ann", "mailbox_command = /usr/bin/procmail", "Elsewhere mailbox_command = /usr/bin/procmail")]
    [InlineData("postmaster=/var/spool/notices/", "", "Mailbox /var/spool/notices")]
    [InlineData("postmaster=ann, \"|/usr/bin/postern notice\"", "", "HandedOver |/usr/bin/postern notice")]
    [InlineData("postmaster=boss@elsewhere.example", "", "Elsewhere boss@elsewhere.example")]
    [InlineData("postmaster=ann@example.org", "", "Mailbox /var/mail/ann")]
    [InlineData("postmaster=root;root=postmaster", "", "Elsewhere *")]
    [InlineData("", "error_notice_recipient = ann", "Mailbox /var/mail/ann")]
    public void The_postmasters_mail_is_followed(string aliases, string setting, string expected)
    {
        var rows = aliases.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('=', 2)).Select(pair => new PostfixRow(pair[0], pair[1])).ToList();
        var postfix = Postfix(setting) with { Tables = [new PostfixTable("alias_maps", PostfixMap.Of("hash:/etc/aliases").First(), rows)] };
        var found = NoticeMailbox.Find(postfix, ["root:x:0:0:root:/root:/bin/bash", "ann:x:1000:1000::/home/ann:/bin/sh"]);
        if (expected.EndsWith('*'))
        {
            found.End.ShouldBe(NoticeEnd.Elsewhere);
        }
        else
        {
            $"{found.End} {found.Place}".ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData(0, "root:x:0:\n", false)]
    [InlineData(4, "root:x:0:\n", true)]
    [InlineData(32, "root:x:0:\n", false)]
    [InlineData(32, "root:x:0:ann,postern\n", true)]
    public void What_the_services_user_may_not_read_is_not_taken(int mode, string groups, bool mayRead)
    {
        Write("mailbox", "From x\n");
        File.SetUnixFileMode(At("mailbox"), (UnixFileMode)mode | UnixFileMode.UserRead);
        var status = FileStatus.Of(At("mailbox"))!.Value;
        Write("passwd", $"postern:x:{status.User + 7}:{status.Group + 7}::/var/lib/postern:/usr/sbin/nologin\n");
        Write("group", groups.Replace(":0:", $":{status.Group}:", StringComparison.Ordinal));
        new ServiceReader(Paths()).MayRead(At("mailbox")).ShouldBe(mayRead);
    }

    [Fact]
    public void A_file_is_replaced_as_a_whole_and_the_old_one_kept()
    {
        Write("postern.toml", "old\n");
        File.SetUnixFileMode(At("postern.toml"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(At("link.toml"), At("postern.toml"));
        var now = new DateTimeOffset(2026, 11, 29, 1, 2, 3, TimeSpan.Zero);
        ConfigFileWriter.Write(At("link.toml"), "new\n", now).ShouldBe(At("postern.toml.before-setup-2026-11-29"));
        ConfigFileWriter.Write(At("postern.toml"), "newer\n", now).ShouldBe(At("postern.toml.before-setup-2026-11-29-2"));
        File.ReadAllText(At("postern.toml")).ShouldBe("newer\n");
        File.ReadAllText(At("postern.toml.before-setup-2026-11-29")).ShouldBe("old\n");
        File.GetUnixFileMode(At("postern.toml")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        new FileInfo(At("link.toml")).LinkTarget.ShouldNotBeNull();
        ConfigFileWriter.Write(At("new/postern.toml"), "first\n", now).ShouldBeNull();
        // The file, its link and two old ones: no draft is left.
        Directory.GetFiles(_folder).Length.ShouldBe(4);
    }

    private HostSurveyor Look() => new(Paths(), _clock);

    private HostPaths Paths() => new()
    {
        Logs = [At("mail.log"), At("maillog")],
        Systemd = At("systemd"),
        Units = At("units"),
        Ufw = At("ufw.conf"),
        Resolvers = At("resolv.conf"),
        Users = At("passwd"),
        Groups = At("group"),
    };

    private string At(string name) => Path.Combine(_folder, name);

    private void Write(string name, string text) => File.WriteAllText(At(name), text);

    private static PostfixSetup Postfix(string setting = "") =>
        PostfixReader.Parse(["mydestination = example.org, localhost", "local_transport = local:$myhostname", "mail_spool_directory = /var/mail", setting], [], []);
}
