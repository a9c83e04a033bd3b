using System.Runtime.InteropServices;

namespace Postern.Enforcement.Nftables;

/// <summary>
/// libnftables, which the program nft is made of: commands without a process for each (libnftables(3)). Not for two threads
/// at once.
/// </summary>
internal sealed unsafe partial class NftablesLibrary : IDisposable
{
    private const string Library = "libnftables.so.1";
    private const uint Json = 1 << 4;
    private const uint NumericTime = 1 << 10;

    // FD_SETSIZE of select(2), by which the library waits: a socket of a higher number would abort the whole program.
    private const int MostFiles = 1024;

    private nint _context;

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

        OutputSetFlags(_context, Json | NumericTime);
        _ = BufferOutput(_context);
        _ = BufferError(_context);
    }

    /// <summary>Runs commands as one transaction.</summary>
    /// <returns>Null, or why none of them took effect.</returns>
    public string? Run(string commands) => Ask(commands, static _ => true).Error;

    /// <summary>Runs a command and reads the JSON that it prints (libnftables-json(5)) where it lies.</summary>
    /// <returns>What was read, or why nothing could be.</returns>
    public (T? Answer, string? Error) Ask<T>(string command, Func<ReadOnlySpan<byte>, T> read)
    {
        try
        {
            var failed = RunCommands(_context, command) != 0;
            // Reading rewinds them, so both are read each time.
            var output = GetOutput(_context);
            var error = Marshal.PtrToStringUTF8(GetError(_context)) ?? "";
            return failed
                ? (default, error.Length == 0 ? "it does not say why" : error)
                : (read(output == 0 ? default : MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)output)), null);
        }
        finally
        {
            // The buffer of a long list is not kept.
            _ = UnbufferOutput(_context);
            _ = BufferOutput(_context);
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

    [LibraryImport(Library, EntryPoint = "nft_ctx_new")]
    private static partial nint NewContext(uint flags);

    [LibraryImport(Library, EntryPoint = "nft_ctx_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_output_set_flags")]
    private static partial void OutputSetFlags(nint context, uint flags);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_output")]
    private static partial int BufferOutput(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_unbuffer_output")]
    private static partial int UnbufferOutput(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_error")]
    private static partial int BufferError(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_get_output_buffer")]
    private static partial nint GetOutput(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_get_error_buffer")]
    private static partial nint GetError(nint context);

    [LibraryImport(Library, EntryPoint = "nft_run_cmd_from_buffer", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RunCommands(nint context, string commands);
}
