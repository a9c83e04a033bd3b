namespace Postern.Fail2Ban.Expressions;

/// <summary>A compiled expression.</summary>
internal sealed class PatternProgram
{
    /// <summary>Joins what the compiler found.</summary>
    public PatternProgram(Instruction[] steps, int slotCount, int groupCount, int[] conditions, bool hasBackreference)
    {
        Steps = steps;
        SlotCount = slotCount;
        GroupCount = groupCount;
        Conditions = conditions;
        First = FirstCharacters.Of(steps);
        Marks = new int[steps.Length];
        var mark = 0;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Operation == Operation.Split)
            {
                Mark(steps[i].A);
                Mark(steps[i].B);
            }
            else if (steps[i].Operation == Operation.Run)
            {
                Mark(i + 1);
            }
        }

        MarkCount = mark;
        CanRemember = !hasBackreference && conditions.Length <= 4;

        void Mark(int step)
        {
            if (Marks[step] == 0)
            {
                Marks[step] = ++mark;
            }
        }
    }

    /// <summary>The steps, the first at 0.</summary>
    public Instruction[] Steps { get; }

    /// <summary>By step: with which characters the rest can go on.</summary>
    public FirstCharacters[] First { get; }

    /// <summary>Places to keep: two a group, the whole match being group 0, and one a loop.</summary>
    public int SlotCount { get; }

    /// <summary>Groups, the whole match not counted.</summary>
    public int GroupCount { get; }

    /// <summary>Groups that a condition asks for.</summary>
    public int[] Conditions { get; }

    /// <summary>By step: the number, from 1, of a step that is come back to; 0 for the others.</summary>
    public int[] Marks { get; }

    /// <summary>How many steps are come back to.</summary>
    public int MarkCount { get; }

    /// <summary>
    /// Whether the rest of a match depends on nothing but the step, the place in the text and the groups that conditions
    /// ask for: then a state that failed once need never be tried again, and the time is bounded by their number.
    /// </summary>
    public bool CanRemember { get; }
}
