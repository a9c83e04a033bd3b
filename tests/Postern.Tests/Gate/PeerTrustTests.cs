using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Postern.Gate;

namespace Postern.Tests.Gate;

/// <summary>Whose sessions count: the kernel's word for a Unix socket, and the operator's for TCP.</summary>
public sealed class PeerTrustTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-peer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_kernel_tells_who_connected_to_a_Unix_socket()
    {
        var me = UserId();
        await using var peer = await PeerAsync(new UnixDomainSocketEndPoint(Path.Combine(_folder, "s")));
        peer.User.ShouldBe(me);
        new PeerTrust(false, new HashSet<uint> { me }).Includes(peer).ShouldBeTrue();
        // What the operator says of TCP is nothing to a Unix socket.
        new PeerTrust(true, new HashSet<uint> { me + 1 }).Includes(peer).ShouldBeFalse();
    }

    [Fact]
    public async Task Over_TCP_nobody_counts_unless_the_operator_says_so()
    {
        await using var peer = await PeerAsync(new IPEndPoint(IPAddress.Loopback, 0));
        peer.User.ShouldBeNull();
        new PeerTrust(false, new HashSet<uint> { 0, UserId() }).Includes(peer).ShouldBeFalse();
        new PeerTrust(true, new HashSet<uint>()).Includes(peer).ShouldBeTrue();
    }

    [Fact]
    public async Task A_socket_has_the_rights_that_it_is_given()
    {
        var path = Path.Combine(_folder, "gate");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        var (listener, failure) = await GateListener.OpenAsync(
            new UnixDomainSocketEndPoint(path), "milter", 1, static (_, _) => Task.CompletedTask, new GateFixture(), TimeProvider.System, new SocketAccess(UserId(), null, Mode));
        failure.ShouldBeNull();
        await using (listener!)
        {
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(path).ShouldBe(Mode);
            }
        }
    }

    private static async Task<PeerStream> PeerAsync(EndPoint at)
    {
        var isUnix = at is UnixDomainSocketEndPoint;
        using var listener = new Socket(at.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        listener.Bind(at);
        listener.Listen(1);
        using var client = new Socket(at.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken);
        return new PeerStream(await listener.AcceptAsync(TestContext.Current.CancellationToken), TimeProvider.System);
    }

    private static uint UserId() => uint.Parse(
        File.ReadLines("/proc/self/status").First(static line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2], CultureInfo.InvariantCulture);
}
