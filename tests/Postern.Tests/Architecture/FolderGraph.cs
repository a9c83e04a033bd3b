using System.Globalization;
using System.Reflection;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace Postern.Tests.Architecture;

/// <summary>Which folders (namespaces) of a compiled assembly use which others of the product.</summary>
internal sealed class FolderGraph
{
    private const string Product = "Postern";
    private readonly SortedDictionary<string, SortedSet<string>> _uses = new(StringComparer.Ordinal);

    /// <summary>Reads the assemblies.</summary>
    public static FolderGraph Of(params IEnumerable<Assembly> assemblies)
    {
        var graph = new FolderGraph();
        foreach (var assembly in assemblies)
        {
            using var definition = AssemblyDefinition.ReadAssembly(assembly.Location);
            foreach (var type in definition.MainModule.GetAllTypes())
            {
                graph.Add(type);
            }
        }

        return graph;
    }

    /// <summary>The folders, each with those that it uses.</summary>
    public IReadOnlyDictionary<string, SortedSet<string>> Uses => _uses;

    /// <summary>Sets of folders that use each other, directly or through others; empty where every arrow runs one way.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cycles() =>
        [.. _uses.Keys.Select(folder => (IReadOnlyList<string>)[.. Reached(folder).Where(other => Reached(other).Contains(folder)).Order(StringComparer.Ordinal)])
            .Where(set => set.Count > 0).DistinctBy(set => string.Join(' ', set), StringComparer.Ordinal)];

    /// <summary>A line a folder, those that use nothing first.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var (folder, used) in _uses.OrderBy(pair => Reached(pair.Key).Count).ThenBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{folder} -> {(used.Count == 0 ? "(nothing)" : string.Join(", ", used))}\n");
        }

        return text.ToString();
    }

    /// <summary>The same for Graphviz (<c>dot -Tsvg</c>).</summary>
    public string ToDot() =>
        "digraph postern {\n  rankdir=BT;\n  node [shape=box];\n"
        + string.Concat(_uses.SelectMany(pair => pair.Value.Select(other => $"  \"{pair.Key}\" -> \"{other}\";\n"))) + "}\n";

    private HashSet<string> Reached(string folder)
    {
        HashSet<string> reached = new(StringComparer.Ordinal);
        Stack<string> open = new([folder]);
        while (open.TryPop(out var next))
        {
            foreach (var other in _uses.GetValueOrDefault(next, []).Where(reached.Add))
            {
                open.Push(other);
            }
        }

        return reached;
    }

    private void Add(TypeDefinition type)
    {
        var folder = FolderOf(type);
        if (folder is null)
        {
            return;
        }

        if (!_uses.TryGetValue(folder, out var used))
        {
            _uses.Add(folder, used = new(StringComparer.Ordinal));
        }

        foreach (var name in References(type).SelectMany(Parts).Select(FolderOf))
        {
            if (name is not null && !string.Equals(name, folder, StringComparison.Ordinal))
            {
                used.Add(name);
            }
        }
    }

    // A nested type, and what the compiler makes of a lambda or an iterator, is in the folder of the type around it.
    private static string? FolderOf(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        var space = type.Namespace;
        return space.Equals(Product, StringComparison.Ordinal) || space.StartsWith(Product + ".", StringComparison.Ordinal) ? space : null;
    }

    private static IEnumerable<TypeReference> Parts(TypeReference type)
    {
        if (type is GenericInstanceType generic)
        {
            foreach (var part in generic.GenericArguments.SelectMany(Parts))
            {
                yield return part;
            }
        }

        yield return type.GetElementType();
    }

    private static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        IEnumerable<TypeReference?> all =
        [
            type.BaseType,
            .. type.Interfaces.Select(one => one.InterfaceType),
            .. type.Fields.Select(field => field.FieldType),
            .. type.Properties.Select(property => property.PropertyType),
            .. type.CustomAttributes.Select(attribute => attribute.AttributeType),
            .. type.Methods.SelectMany(References),
        ];
        return all.OfType<TypeReference>();
    }

    private static IEnumerable<TypeReference> References(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (var parameter in method.Parameters)
        {
            yield return parameter.ParameterType;
        }

        if (!method.HasBody)
        {
            yield break;
        }

        foreach (var variable in method.Body.Variables)
        {
            yield return variable.VariableType;
        }

        foreach (var operand in method.Body.Instructions.Select(instruction => instruction.Operand))
        {
            switch (operand)
            {
                case TypeReference used:
                    yield return used;
                    break;
                case MemberReference { DeclaringType: { } owner } member:
                    yield return owner;
                    foreach (var argument in (member as GenericInstanceMethod)?.GenericArguments ?? [])
                    {
                        yield return argument;
                    }

                    break;
            }
        }
    }
}
