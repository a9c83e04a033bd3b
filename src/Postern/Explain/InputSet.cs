using Postern.Capture.Inputs;
using Postern.Capture.Notices;

namespace Postern.Explain;

/// <summary>The inputs of a command, opened and recognised.</summary>
internal sealed class InputSet : IDisposable
{
    private readonly List<OpenedInput> _inputs = [];

    private InputSet()
    {
    }

    /// <summary>The first thing that could not be read at all; null for none.</summary>
    public ExplainFailure? Failure { get; private set; }

    /// <summary>Mailboxes, folders and transcripts.</summary>
    public IEnumerable<OpenedInput> Notices => _inputs.Where(input => NoticeReader.Reads(input.Kind));

    /// <summary>Logs.</summary>
    public IEnumerable<OpenedInput> Logs => _inputs.Where(input => !NoticeReader.Reads(input.Kind));

    /// <summary>Opens all of them, or as many as can be opened before the first that cannot.</summary>
    /// <param name="paths">Files, Maildirs, or <c>-</c>.</param>
    /// <param name="standardInput">What <c>-</c> stands for; null where there is none.</param>
    public static InputSet Open(IEnumerable<string> paths, Stream? standardInput)
    {
        var set = new InputSet();
        foreach (var path in paths)
        {
            if (!InputOpener.TryOpen(path, standardInput, out var input, out var error))
            {
                set.Failure = new ExplainFailure(error.Path, error.Problem, error.Detail);
                break;
            }

            set._inputs.Add(input);
        }

        return set;
    }

    /// <summary>Closes them.</summary>
    public void Dispose() => _inputs.ForEach(static input => input.Dispose());
}
