using Postern.Cli.Commands;

return await PosternCommand.RunAsync(args);
