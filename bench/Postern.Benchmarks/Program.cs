using BenchmarkDotNet.Running;
using Postern.Benchmarks;

// Whole logs are read once, without warming up: `filters FOLDER LOG` is a part of bench/compare/filter/race.
if (args is ["filters", var folder, var log])
{
    FilterBankRun.Race(folder, log);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(FilterBankRun).Assembly).Run(args);
}
