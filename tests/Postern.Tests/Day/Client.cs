namespace Postern.Tests.Day;

/// <summary>Somebody who connects.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Name">Its confirmed name, or "unknown".</param>
/// <param name="Helo">How it greets.</param>
internal sealed record Client(string Address, string Name, string Helo)
{
    /// <summary>As Postfix writes it.</summary>
    public string At => $"{Name}[{Address}]";
}
