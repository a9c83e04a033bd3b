using BenchmarkDotNet.Attributes;

namespace Postern.Benchmarks;

/// <summary>
/// All of the installed fail2ban's filters over one log of a mail server, a line after the other on one core: the time of a
/// line. The goal is 500,000 lines a second on two cores, that is 4 microseconds.
/// </summary>
[MemoryDiagnoser]
public class FilterBankBenchmark
{
    private const int LineCount = 20_000;

    private FilterBankRun _run = null!;
    private byte[][] _lines = null!;

    /// <summary>The log: the variable POSTERN_BENCH_LOG, or the machine's mail log.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _run = new FilterBankRun(FilterBankRun.LoadAll("/etc/fail2ban"));
        _lines = [.. File.ReadLines(Environment.GetEnvironmentVariable("POSTERN_BENCH_LOG") ?? "/var/log/mail.log").Take(LineCount).Select(System.Text.Encoding.UTF8.GetBytes)];
    }

    [Benchmark(OperationsPerInvoke = LineCount)]
    public long WholeBank()
    {
        foreach (var line in _lines)
        {
            _run.Take(line);
        }

        return _run.Matched;
    }

    [Benchmark(OperationsPerInvoke = LineCount)]
    public int OnlyRoutes()
    {
        var sent = 0;
        foreach (var line in _lines)
        {
            sent += _run.Route(line);
        }

        return sent;
    }
}
