namespace Postern.Gate;

/// <summary>What a listener tells of itself. Called from many connections at once; must not block or throw.</summary>
public interface IListenerEvents
{
    /// <summary>A fault of our own, which ended one connection.</summary>
    void Failed(string service, Exception fault);

    /// <summary>Something that is wrong with a connection, for the operator.</summary>
    void Trouble(string service, string words);
}
