using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Explain;
using Postern.Facts;

namespace Postern.Tests.Explain;

/// <summary>Explains logs that are written into a folder of their own.</summary>
public sealed class PipelineSupport : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-pipeline");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private int _files;

    public void Dispose() => _folder.Delete(recursive: true);

    public PipelineSupport InZone(string zone)
    {
        _time.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById(zone));
        return this;
    }

    public string Write(string log, DateTime? written = null) => Write(Encoding.Latin1.GetBytes(log), written);

    public string Write(byte[] log, DateTime? written = null)
    {
        var path = Path.Combine(_folder.FullName, $"log{_files++}");
        File.WriteAllBytes(path, log);
        File.SetLastWriteTimeUtc(path, written ?? new DateTime(2026, 11, 25, 12, 0, 0, DateTimeKind.Utc));
        return path;
    }

    public async Task<Explanation> Explain(int? year, params string[] paths)
    {
        var request = new ExplainRequest { Inputs = paths, All = true, Year = year };
        var (explanation, failure) = await new ExplainPipeline(_time).ExplainAsync(request, TestContext.Current.CancellationToken);
        failure.ShouldBeNull();
        return explanation.ShouldNotBeNull();
    }

    public Task<Explanation> ExplainLog(string log) => Explain(null, Write(log));
}
