using Postern.Cli;

return await PosternCommand.RunAsync(args);
