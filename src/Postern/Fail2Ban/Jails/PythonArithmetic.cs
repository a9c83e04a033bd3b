using System.Globalization;

namespace Postern.Fail2Ban.Jails;

/// <summary>
/// The little Python that jails calculate with: numbers, names, <c>+ - * / // % ** &lt;&lt; &gt;&gt;</c>, comparisons, <c>a if b else c</c>,
/// parentheses and a few functions. Anything else is refused, never guessed.
/// </summary>
internal sealed class PythonArithmetic
{
    private const int Deepest = 50;

    private readonly string _text;
    private readonly IReadOnlyDictionary<string, double> _names;
    private int _at;
    private int _depth;

    private PythonArithmetic(string text, IReadOnlyDictionary<string, double> names) => (_text, _names) = (text, names);

    /// <summary>The value; null and a clause where the text is no such expression.</summary>
    public static (double? Value, string? Reason) Evaluate(string text, IReadOnlyDictionary<string, double> names)
    {
        var parser = new PythonArithmetic(text, names);
        try
        {
            var value = parser.Conditional();
            parser.Blanks();
            if (parser._at < text.Length)
            {
                throw parser.Wrong();
            }

            return double.IsFinite(value) ? (value, null) : (null, $"'{text}' has no finite value");
        }
        catch (FormatException e)
        {
            return (null, e.Message);
        }
    }

    private double Conditional()
    {
        if (++_depth > Deepest)
        {
            throw new FormatException("it is nested too deeply");
        }

        var value = Comparison();
        if (Word("if"))
        {
            var holds = Comparison();
            if (!Word("else"))
            {
                throw Wrong();
            }

            var other = Conditional();
            value = holds != 0 ? value : other;
        }

        _depth--;
        return value;
    }

    private double Comparison()
    {
        var left = Shift();
        foreach (var sign in (string[])["<=", ">=", "==", "!=", "<", ">"])
        {
            if (!Sign(sign))
            {
                continue;
            }

            var right = Shift();
            var holds = sign switch { "<=" => left <= right, ">=" => left >= right, "==" => left == right, "!=" => left != right, "<" => left < right, _ => left > right };
            return holds ? 1 : 0;
        }

        return left;
    }

    private double Shift()
    {
        var value = Sum();
        while (true)
        {
            if (Sign("<<"))
            {
                value *= Math.Pow(2, Sum());
            }
            else if (Sign(">>"))
            {
                value = Math.Floor(value / Math.Pow(2, Sum()));
            }
            else
            {
                return value;
            }
        }
    }

    private double Sum()
    {
        var value = Product();
        while (true)
        {
            if (Sign("+"))
            {
                value += Product();
            }
            else if (Sign("-"))
            {
                value -= Product();
            }
            else
            {
                return value;
            }
        }
    }

    private double Product()
    {
        var value = Signed();
        while (true)
        {
            if (Sign("//"))
            {
                value = Math.Floor(value / Signed());
            }
            else if (!Ahead("**") && Sign("*"))
            {
                value *= Signed();
            }
            else if (Sign("/"))
            {
                value /= Signed();
            }
            else if (Sign("%") && Signed() is var by)
            {
                value -= Math.Floor(value / by) * by;
            }
            else
            {
                return value;
            }
        }
    }

    private double Signed()
    {
        if (Sign("-"))
        {
            return -Signed();
        }

        if (Sign("+"))
        {
            return Signed();
        }

        var value = Atom();
        return Sign("**") ? Math.Pow(value, Signed()) : value;
    }

    private double Atom()
    {
        if (Sign("("))
        {
            return Closed();
        }

        Blanks();
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '.' or '_'))
        {
            _at++;
        }

        var word = _text[start.._at];
        if (word.Length == 0)
        {
            throw Wrong();
        }

        if (char.IsAsciiDigit(word[0]) || word[0] == '.')
        {
            return double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong();
        }

        if (_names.TryGetValue(word, out var value))
        {
            return value;
        }

        if (!Sign("("))
        {
            throw new FormatException($"'{word}' is not known here");
        }

        var first = Conditional();
        return word is "min" or "max" ? Least(word, first) : Close(Call(word, first));
    }

    private double Least(string word, double value)
    {
        while (Sign(","))
        {
            var next = Conditional();
            value = word is "min" ? Math.Min(value, next) : Math.Max(value, next);
        }

        return Close(value);
    }

    private static double Call(string name, double value) => name switch
    {
        "float" => value,
        "int" or "math.trunc" => Math.Truncate(value),
        "round" => Math.Round(value),
        "abs" => Math.Abs(value),
        "math.exp" => Math.Exp(value),
        "math.log" => Math.Log(value),
        "math.sqrt" => Math.Sqrt(value),
        "math.floor" => Math.Floor(value),
        "math.ceil" => Math.Ceiling(value),
        _ => throw new FormatException($"'{name}()' is not known here"),
    };

    private double Closed() => Close(Conditional());

    private double Close(double value) => Sign(")") ? value : throw Wrong();

    private bool Word(string word)
    {
        Blanks();
        if (!Ahead(word) || (_at + word.Length < _text.Length && char.IsAsciiLetterOrDigit(_text[_at + word.Length])))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    private bool Sign(string sign)
    {
        Blanks();
        // < is not the start of <<, nor > that of >>.
        if (!Ahead(sign) || (sign is "<" or ">" && Ahead(sign + sign)))
        {
            return false;
        }

        _at += sign.Length;
        return true;
    }

    private bool Ahead(string text)
    {
        Blanks();
        return _text.AsSpan(_at).StartsWith(text, StringComparison.Ordinal);
    }

    private void Blanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private FormatException Wrong() => new($"'{_text}' cannot be calculated from '{_text[Math.Min(_at, _text.Length)..]}' on");
}
