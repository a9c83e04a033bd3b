using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FsCheck.Xunit;
using Postern.Capture.Inputs;
using Postern.Facts;

namespace Postern.Tests.Capture.Inputs;

public sealed class InputOpenerTests : IDisposable
{
    private const string Line = "Nov 25 01:02:03 mx postfix/smtpd[1]: connect from unknown[192.0.2.1]\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-inputs");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_plain_log_is_the_file_itself_at_its_beginning()
    {
        using var input = Open(Write(Encoding.ASCII.GetBytes(Line)));
        input.IsSeekable.ShouldBeTrue();
        input.Length.ShouldBe(Line.Length);
        input.LastWritten.ShouldNotBeNull();
        Read(input).ShouldBe(Line);
    }

    [Fact]
    public void All_members_of_a_gzip_file_are_read()
    {
        using var input = Open(Write([.. Gzip(Line), .. Gzip(Line)]));
        Read(input).ShouldBe(Line + Line);
        input.Damage.ShouldBeNull();
        input.Position.ShouldBe(input.Length!.Value);
    }

    [Fact]
    public void All_frames_of_a_zstd_file_are_read()
    {
        using var compressor = new ZstdSharp.Compressor();
        var frame = compressor.Wrap(Encoding.ASCII.GetBytes(Line)).ToArray();
        using var input = Open(Write([.. frame, .. frame]));
        Read(input).ShouldBe(Line + Line);
        input.Damage.ShouldBeNull();
    }

    [Fact]
    public void All_streams_of_an_xz_file_are_read_padding_or_not()
    {
        using var input = Open(Case("two-streams.xz"));
        Read(input).ShouldBe(Line + Line);
        input.Damage.ShouldBeNull();
    }

    [Fact]
    public void An_xz_file_that_was_cut_gives_what_it_has_and_says_so()
    {
        using var input = Open(Case("cut.xz"));
        var text = Read(input);
        text.Length.ShouldBeGreaterThan(20_000);
        input.Damage.ShouldBe("the xz data end early");
        input.LinesBeforeDamage.ShouldBe(text.Count(c => c == '\n'));
    }

    [Fact]
    public void A_gzip_file_that_was_cut_gives_what_it_has_and_says_so()
    {
        var lines = string.Concat(Enumerable.Range(0, 20_000).Select(i => Line.Replace("[1]", $"[{i * 7919 % 30011}]", StringComparison.Ordinal)));
        var packed = Gzip(lines);
        using var input = Open(Write(packed[..(packed.Length * 2 / 3)]));
        lines.ShouldStartWith(Read(input));
        input.Damage.ShouldNotBeNull().ShouldContain("the gzip data end early");
    }

    [Fact]
    public void Standard_input_may_be_compressed_too()
    {
        using var stream = new MemoryStream(Gzip(Line));
        InputOpener.TryOpen("-", stream, out var input, out _).ShouldBeTrue();
        Read(input!).ShouldBe(Line);
        input!.Length.ShouldBeNull();
    }

    [Fact]
    public void What_cannot_be_read_is_said_in_a_sentence()
    {
        Error(Path.Combine(_folder.FullName, "none")).ShouldBe("Missing: ");
        Error(_folder.FullName).ShouldBe("NotAMaildir: ");
        Error("/dev/null").ShouldBe("Empty: ");
        Error("").ShouldBe("BadName: ");
        Error("-").ShouldBe("NoStandardInput: ");
        Error(Write([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 1, 2])).ShouldBe("NotMail: a JPEG picture");
    }

    [Theory]
    [InlineData(new byte[] { 0x1F, 0x8B, 0x08 })]
    [InlineData(new byte[] { 0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0 })]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD })]
    public void Archives_of_nothing_but_a_magic_number_are_errors(byte[] magic) =>
        Error(Write(magic)).ShouldStartWith("Damaged: ");

    [Fact]
    public void An_archive_that_asks_for_too_much_memory_is_refused()
    {
        var packed = File.ReadAllBytes(Case("two-streams.xz"));
        // The block header's second filter byte is LZMA2's dictionary size; 39 stands for 3 GiB.
        packed[12 + 4].ShouldBeLessThan((byte)29);
        packed[12 + 4] = 39;
        var header = packed.AsSpan(12, (packed[12] + 1) * 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[^4..], Crc32(header[..^4]));
        Error(Write(packed)).ShouldBe("Damaged: the xz data are packed in a way that cannot be read here");
    }

    [Property(MaxTest = 300)]
    public void No_damage_to_an_archive_is_an_exception(byte format, int at, byte value, int cut)
    {
        var packed = (format % 3) switch
        {
            0 => Gzip(Line + Line),
            1 => File.ReadAllBytes(Case("two-streams.xz")),
            _ => Zstd(Line + Line),
        };
        packed[(int)((uint)at % packed.Length)] = value;
        using var stream = new MemoryStream(packed[..(int)((uint)cut % (packed.Length + 1))]);
        if (InputOpener.TryOpen("-", stream, out var input, out var error))
        {
            Read(input).Length.ShouldBeLessThan(100_000);
        }
        else
        {
            error.Problem.ShouldNotBe(InputProblem.NoTimes);
        }
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB8_8320u);
            }
        }

        return ~crc;
    }

    private static byte[] Zstd(string text)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(Encoding.ASCII.GetBytes(text)).ToArray();
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.ASCII.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static string Case(string name) => Path.Combine(AppContext.BaseDirectory, "Cases", "Inputs", name);

    private string Write(byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, "input");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static OpenedInput Open(string path) =>
        InputOpener.TryOpen(path, null, out var input, out var error) ? input : throw new InvalidOperationException(error.ToString());

    private static string Error(string path)
    {
        InputOpener.TryOpen(path, null, out _, out var error).ShouldBeFalse();
        return $"{error!.Problem}: {error.Detail}";
    }

    private static string Read(OpenedInput input)
    {
        using var reader = new StreamReader(input.Content, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
