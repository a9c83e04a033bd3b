using Postern.Classification.Sessions;
using Postern.Facts;

namespace Postern.Tests.Classification.Sessions;

public sealed class DoubledLinesTests
{
    private const int Most = 100;

    [FsCheck.Xunit.Property]
    public void Of_one_input_every_line_counts_however_often_and_however_far_apart_its_equals_stand(int seed)
    {
        var doubled = new DoubledLines(Most);
        var random = new Random(seed);
        for (var i = 0; i < 20 * Most; i++)
        {
            // A few lines that come again and again, among very many that come once.
            doubled.IsNew(Line(random.Next(3) == 0 ? random.Next(8) : 1000 + i), source: 1).ShouldBeTrue($"line {i}");
        }
    }

    [FsCheck.Xunit.Property]
    public void Of_two_inputs_that_tell_the_same_one_counts(int seed)
    {
        var doubled = new DoubledLines(Most);
        var random = new Random(seed);
        // Equal lines are of one second: they stand near each other.
        var lines = Enumerable.Range(0, 10 * Most).Select(i => random.Next(3) == 0 ? (i / 30 * 8) + random.Next(8) : 1000 + i).ToArray();
        // The second is behind by less than what is remembered.
        var behind = random.Next(1, Most / 2);
        for (var i = 0; i < lines.Length + behind; i++)
        {
            if (i < lines.Length)
            {
                doubled.IsNew(Line(lines[i]), source: 1).ShouldBeTrue($"line {i}");
            }

            if (i >= behind)
            {
                doubled.IsNew(Line(lines[i - behind]), source: 2).ShouldBeFalse($"line {i - behind} again");
            }
        }
    }

    private static SmtpEvent Line(int number) => new() { Client = ClientAddress.FromIPv4((uint)(0xC633_6400 + number)) };
}
