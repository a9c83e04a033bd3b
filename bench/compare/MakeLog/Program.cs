using MakeLog;

if (LogPlan.TryParse(args, out var plan, out var mistake))
{
    var written = LogMaker.Write(plan);
    Console.Error.WriteLine($"{plan.Path}: {written} lines, seed {plan.Seed}");
    return 0;
}

Console.Error.WriteLine(mistake);
Console.Error.WriteLine(LogPlan.Usage);
return 2;
