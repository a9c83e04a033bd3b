using System.Globalization;
using Postern.Enforcement.Netlink;
using Postern.Facts;

namespace Postern.Enforcement.Nftables;

/// <content>What is asked of the kernel and of libnftables.</content>
public sealed partial class NftablesFirewall
{
    // What somebody did while the monitor did not listen.
    private bool IsUntouched()
    {
        _monitor.Resume();
        if (!Look(out var table))
        {
            return false;
        }

        if (table is null || !table.Structure.SequenceEqual(_structure))
        {
            Fail(Removed);
            return false;
        }

        return true;
    }

    // What is handed on to a container has its socket elsewhere: there only the packets stop.
    private void EndConnections(HashSet<ClientNetwork> banned)
    {
        if (banned.Count == 0 || !_options.Hooks.Contains(NftablesHook.Input))
        {
            return;
        }

        (bool IsIPv4, byte Length)[] kinds = [.. banned.Select(KindOf).Distinct()];
        _sockets.Close(_options.Ports, client => kinds.Any(kind => kind.IsIPv4 == client.IsIPv4 && banned.Contains(ClientNetwork.Of(client, kind.Length))));
    }

    // What the table is made of is what the kernel says just after: it adds numbers of its own.
    private bool Remember()
    {
        if (!Look(out var table))
        {
            return false;
        }

        if (table is null)
        {
            Fail(Removed);
            return false;
        }

        _structure = table.Structure.ToArray();
        return true;
    }

    // True where it is known whether there is a table.
    private bool Look(out NftablesTable? table)
    {
        table = null;
        if (!Open())
        {
            return false;
        }

        (table, var error) = _reader.ReadTable();
        if (error is not (0 or NetlinkSocket.Interrupted))
        {
            Fail(error == NetlinkSocket.NotPermitted ? NftablesTrouble.NoPermission : string.Create(CultureInfo.InvariantCulture, $"the kernel does not tell what is in the firewall (error {error})"));
        }

        return error == 0;
    }

    private bool Run(NftablesScript script)
    {
        if (!Open())
        {
            return false;
        }

        if (_library!.Run(script.ToString()) is { } error)
        {
            Fail(NftablesTrouble.Of(error));
            return false;
        }

        return true;
    }

    private bool Open()
    {
        // Asked before the library is: it complains to standard error itself, each time.
        if (State != FirewallState.Standing && !NftablesThread.MayChangeNetwork())
        {
            Fail(NftablesTrouble.NoPermission);
            return false;
        }

        try
        {
            _library ??= new NftablesLibrary();
            return true;
        }
        catch (InvalidOperationException e)
        {
            Fail(e.Message);
            return false;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            Fail(NftablesTrouble.NoLibrary);
            return false;
        }
    }
}
