using System.Runtime.Versioning;
using Postern.Web.Settings;

namespace Postern.Tests.Web.Settings;

/// <summary>Which lines of a file are tokens, and whose.</summary>
[SupportedOSPlatform("linux")]
public sealed class TokenFileTests : IDisposable
{
    private const string Token = "0123456789abcdef";
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-tokens-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "web.token");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_line_is_a_token_with_the_name_of_its_holder()
    {
        Write($"# of operators\nalice {Token}\r\n\n{Token}x # the last one\nbob short\n");
        var tokens = new TokenFile(Path);
        tokens.Trouble.ShouldBe(TokenTrouble.None);
        tokens.HolderOf(Token).ShouldBe("alice");
        tokens.HolderOf(Token + "x").ShouldBe(TokenFile.Nameless);
        foreach (var wrong in (string[])["short", "", "alice", Token + "y", Token.ToUpperInvariant()])
        {
            tokens.HolderOf(wrong).ShouldBeNull(wrong);
        }
    }

    [Fact]
    public void Why_no_token_counts_is_told()
    {
        new TokenFile(null).Trouble.ShouldBe(TokenTrouble.NotNamed);
        new TokenFile(Path).Trouble.ShouldBe(TokenTrouble.Unreadable);
        Write("alice short\n");
        new TokenFile(Path).Trouble.ShouldBe(TokenTrouble.Empty);
        Write(Token);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var tokens = new TokenFile(Path);
        (tokens.Trouble, tokens.HolderOf(Token)).ShouldBe((TokenTrouble.ReadableByAll, null));
    }

    [Fact]
    public void A_token_counts_from_when_it_is_written_until_it_is_taken_out()
    {
        var tokens = new TokenFile(Path);
        tokens.HolderOf(Token).ShouldBeNull();
        Write(Token);
        tokens.HolderOf(Token).ShouldBe(TokenFile.Nameless);
        Write("");
        tokens.HolderOf(Token).ShouldBeNull();
    }

    private void Write(string text)
    {
        File.WriteAllText(Path, text);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
    }
}
