namespace Postern.Web;

internal static class Program
{
    private static Task<int> Main(string[] arguments) => WebServer.RunAsync(arguments, TimeProvider.System);
}
