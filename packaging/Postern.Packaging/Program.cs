using System.Globalization;
using Postern.Packaging;
using Postern.Packaging.Commands;
using Postern.Packaging.Completion;
using Postern.Packaging.Manual;
using Postern.Packaging.Notices;

// Makes the files of the packages that tell of the program: packaging/build calls it.
//   pages FOLDER VERSION EPOCH    manual pages, completion, copyright, notices and the bill of materials, from the repository
//   notices                       THIRD-PARTY-NOTICES, on standard output
var root = RepositoryFolder.Find(Directory.GetCurrentDirectory());
var packages = PackageSet.Read(Path.Combine(root, "src/Postern.Cli/packages.lock.json"));
var texts = new LicenceTexts(Path.Combine(root, "packaging/licences"));
var data = File.ReadAllText(Path.Combine(root, "packaging/licences/data.txt"));
switch (args)
{
    case ["notices"]:
        Console.Out.Write(NoticesDocument.Write(packages, data, texts, isDebian: false));
        return 0;

    case ["pages", var folder, var version, var epoch]:
        var made = DateTimeOffset.FromUnixTimeSeconds(long.Parse(epoch, CultureInfo.InvariantCulture));
        var edition = new Edition(version, DateOnly.FromDateTime(made.UtcDateTime));
        var program = CommandTree.Read();
        foreach (var command in program.Walk())
        {
            Put($"man8/{command.Page}.8", CommandManual.Write(command, program, edition));
        }

        Put("man5/postern.toml.5", ConfigurationManual.Write(File.ReadAllText(Path.Combine(root, "docs/configuration.md")), edition));
        Put("completion/postern.bash", BashCompletion.Write(program));
        Put("completion/_postern", ZshCompletion.Write(program));
        Put("completion/postern.fish", FishCompletion.Write(program));
        Put("doc/copyright", NoticesDocument.WriteCopyright(File.ReadAllText(Path.Combine(root, "LICENSE")), NoticesDocument.Write(packages, data, texts, isDebian: true), version));
        Put("doc/THIRD-PARTY-NOTICES", NoticesDocument.Write(packages, data, texts, isDebian: false));
        Put("doc/dotnet-third-party-notices.txt", PackageSet.ReadRuntimeNotices(packages));
        Directory.CreateDirectory(Path.Combine(folder, "doc"));
        File.WriteAllBytes(Path.Combine(folder, "doc/postern.cdx.json"), BillOfMaterials.Write(packages, version, made));
        return 0;

        void Put(string name, string content)
        {
            var file = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
        }

    default:
        Console.Error.WriteLine("usage: Postern.Packaging pages FOLDER VERSION EPOCH | notices");
        return 2;
}
