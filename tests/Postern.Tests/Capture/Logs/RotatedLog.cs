using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace Postern.Tests.Capture.Logs;

/// <summary>A log with numbered lines, and what logrotate does to one.</summary>
internal sealed class RotatedLog : IDisposable
{
    public const string Rename = "rename", Copy = "copy and truncate", Gzip = "compress", Zstd = "compress with zstd", Dated = "rename with a date";
    private const int Generations = 50;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-follow-");
    private int _dates;

    /// <summary>Every line the same to the letter.</summary>
    public bool IsMonotonous { get; init; }

    public string Folder => _folder.FullName;

    public string Path => System.IO.Path.Combine(Folder, "mail.log");

    /// <summary>Lines written so far.</summary>
    public int Lines { get; private set; }

    /// <summary>Where the log went last that was renamed and is plain still; null for nowhere.</summary>
    public string? Renamed { get; private set; }

    public void Append(int count, string? path = null)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            Lines++;
            text.Append($"Nov 25 10:00:00 mx x[1]: {(IsMonotonous ? 0 : Lines)}\n");
        }

        File.AppendAllText(path ?? Path, text.ToString());
    }

    public void Rotate(string kind)
    {
        if (!File.Exists(Path))
        {
            return;
        }

        if (kind is Dated)
        {
            Renamed = $"{Path}-2026{1100 + ++_dates}";
            File.Move(Path, Renamed);
            return;
        }

        for (var generation = Generations; generation > 0; generation--)
        {
            foreach (var end in (string[])["", ".gz", ".zst"])
            {
                if (File.Exists($"{Path}.{generation}{end}"))
                {
                    File.Move($"{Path}.{generation}{end}", $"{Path}.{generation + 1}{end}", overwrite: true);
                }
            }
        }

        Renamed = string.Equals(Renamed, Path + ".1", StringComparison.Ordinal) ? Path + ".2" : null;
        if (kind is Copy)
        {
            File.Copy(Path, Path + ".1", overwrite: true);
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(0);
            return;
        }

        File.Move(Path, Path + ".1");
        if (kind is Gzip or Zstd)
        {
            Pack(Path + ".1", kind);
        }
        else
        {
            Renamed = Path + ".1";
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Pack(string path, string kind)
    {
        var end = kind is Gzip ? ".gz" : ".zst";
        using (var file = File.Create(path + end))
        using (Stream packed = kind is Gzip ? new GZipStream(file, CompressionLevel.Fastest) : new CompressionStream(file))
        {
            packed.Write(File.ReadAllBytes(path));
        }

        File.SetLastWriteTimeUtc(path + end, File.GetLastWriteTimeUtc(path));
        File.Delete(path);
    }
}
