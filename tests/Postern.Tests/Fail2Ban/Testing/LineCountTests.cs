using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Postern.Fail2Ban.Testing;

namespace Postern.Tests.Fail2Ban.Testing;

/// <summary>Lines are counted as fail2ban-regex counts them.</summary>
public sealed class LineCountTests
{
    [Property(MaxTest = 2000)]
    public Property Lines_are_counted_without_empty_ones_and_comments() => Prop.ForAll(
        Gen.Elements("\n", "\n", "\r\n", "#", "# x\n", "line\n", "\r", "a longer line that fills more than one vector\n", "x").ListOf().Select(parts => string.Concat(parts)).ToArbitrary(),
        text =>
        {
            var lines = text.Split('\n');
            var expected = lines.Take(text.EndsWith('\n') ? lines.Length - 1 : lines.Length).Count(line => line.TrimEnd('\r') is { Length: > 0 } some && some[0] != '#');
            return LineCount.Of(Encoding.UTF8.GetBytes(text)) == expected;
        });
}
