using System.Runtime.InteropServices;

namespace Postern.Enforcement.Nftables;

/// <summary>
/// libnftables, which the program nft is made of: commands without a process for each (libnftables(3)). Not for two threads
/// at once.
/// </summary>
internal sealed partial class NftablesLibrary : IDisposable
{
    private const string Library = "libnftables.so.1";

    // FD_SETSIZE of select(2), by which the library waits: a socket of a higher number would abort the whole program.
    private const int MostFiles = 1024;

    private const int Long = 100_000;

    private nint _context;
    private bool _canTrim = true;

    /// <summary>Opens the library.</summary>
    /// <exception cref="DllNotFoundException">It is not installed.</exception>
    /// <exception cref="EntryPointNotFoundException">It is not the one we know.</exception>
    /// <exception cref="InvalidOperationException">It has no memory, or the process has too many open files for it.</exception>
    public NftablesLibrary()
    {
        // Opened at the start, before sockets and logs, and kept; it is opened later only where it could not be then.
        using (var next = File.OpenHandle("/dev/null"))
        {
            if (next.DangerousGetHandle() >= MostFiles)
            {
                throw new InvalidOperationException($"libnftables cannot be opened while this process has {MostFiles} open files: restart postern");
            }
        }

        _context = NewContext(0);
        if (_context == 0)
        {
            throw new InvalidOperationException("libnftables gives no context");
        }

        _ = BufferError(_context);
    }

    /// <summary>Runs commands as one transaction.</summary>
    /// <returns>Null, or why none of them took effect.</returns>
    public string? Run(string commands)
    {
        try
        {
            var failed = RunCommands(_context, commands) != 0;
            var error = Marshal.PtrToStringUTF8(GetError(_context)) ?? "";
            return !failed ? null : error.Length == 0 ? "it does not say why" : error;
        }
        finally
        {
            // The buffer of a long complaint is not kept.
            _ = UnbufferError(_context);
            _ = BufferError(_context);
            GiveBack(commands.Length);
        }
    }

    /// <summary>Runs a command that prints something.</summary>
    /// <returns>What it printed; null where it failed.</returns>
    public string? Ask(string command)
    {
        _ = BufferOutput(_context);
        try
        {
            return Run(command) is null ? Marshal.PtrToStringUTF8(GetOutput(_context)) ?? "" : null;
        }
        finally
        {
            _ = UnbufferOutput(_context);
        }
    }

    // The library takes ten times the memory of a long text, and the C library keeps it for the next one.
    private void GiveBack(int length)
    {
        if (length < Long || !_canTrim)
        {
            return;
        }

        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc.
            _canTrim = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_context != 0)
        {
            FreeContext(_context);
            _context = 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);

    [LibraryImport(Library, EntryPoint = "nft_ctx_new")]
    private static partial nint NewContext(uint flags);

    [LibraryImport(Library, EntryPoint = "nft_ctx_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_error")]
    private static partial int BufferError(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_unbuffer_error")]
    private static partial int UnbufferError(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_get_error_buffer")]
    private static partial nint GetError(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_output")]
    private static partial int BufferOutput(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_unbuffer_output")]
    private static partial int UnbufferOutput(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_get_output_buffer")]
    private static partial nint GetOutput(nint context);

    [LibraryImport(Library, EntryPoint = "nft_run_cmd_from_buffer", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RunCommands(nint context, string commands);
}
