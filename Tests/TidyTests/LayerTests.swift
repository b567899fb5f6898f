// SPDX-License-Identifier: Apache-2.0
import Testing

struct LayerTests {
    private static let rules = Dictionary(
        uniqueKeysWithValues: Layers.targets.map { ($0.name, $0) }
    )
    private static let manifest = Manifest(Repository.text("Package.swift") ?? "")

    @Test func `every folder of Sources stands in the table of layers, and the other way round`() {
        #expect(Repository.folders(in: "Sources") == Self.rules.keys.sorted())
    }

    @Test(arguments: Layers.targets)
    func `a target of the table stands above all that it may import`(_ rule: TargetRule) {
        for name in rule.own.sorted() {
            let other = Self.rules[name]
            #expect(other != nil, "\(rule.name) may import \(name), which is no target.")
            #expect((other?.layer ?? .max) < rule.layer, "\(name) is not below \(rule.name).")
        }
    }

    @Test(arguments: Layers.targets)
    func `a target imports what the table allows it`(_ rule: TargetRule) {
        let allowed = rule.own.union(rule.outside)
            .union(["Foundation", "FoundationEssentials"])  // held by file, below
        for file in Repository.sources where file.target == rule.name {
            for (line, module) in file.code.imports {
                #expect(
                    allowed.contains(module),
                    "\(file.path):\(line): \(rule.name) may not import \(module)."
                )
            }
        }
    }

    @Test func `what stands behind a wall is imported within it only`() {
        for file in Repository.sources {
            for (line, module) in file.code.imports {
                for wall in Layers.walls where wall.modules.contains(module) {
                    #expect(
                        wall.inside.contains(file.target),
                        "\(file.path):\(line): only \(wall.inside.sorted()) import \(module): \(wall.why)."
                    )
                }
            }
        }
    }

    @Test(arguments: Layers.serverSide)
    func `no way leads from the server to the code that opens what was said`(_ start: String) {
        var reached: Set<String> = []
        var waiting = [start]
        while let name = waiting.popLast() {
            guard reached.insert(name).inserted else { continue }
            waiting += Self.manifest.dependencies[name] ?? []
            waiting += Self.rules[name]?.own ?? []
        }
        #expect(reached.contains("CoachingServer"), "The way was not followed.")
        #expect(!reached.contains("CoachingSeal"))
        #expect(!reached.contains("CoachingClient"))
    }

    @Test func `Foundation is imported by the files on its list, each with a reason`() {
        var importing: Set<String> = []
        for file in Repository.sources {
            let modules = file.code.imports.map(\.module)
            if modules.contains(where: { $0.hasPrefix("Foundation") }) {
                importing.insert(file.path)
            }
        }
        let listed = Set(Layers.foundation.keys)
        let unlisted = importing.filter { path in
            !listed.contains { $0.hasSuffix("/") ? path.hasPrefix($0) : path == $0 }
        }
        let unneeded = listed.filter { entry in !importing.contains { $0.hasPrefix(entry) } }
        #expect(unlisted.sorted() == [], "These are not on the list.")
        #expect(unneeded.sorted() == [], "These no longer need to be.")
        #expect(Layers.foundation.values.allSatisfy { !$0.isEmpty })
    }

    @Test(arguments: Layers.targets)
    func `the manifest gives a target what its files import, and no more`(_ rule: TargetRule) {
        let declared = Self.manifest.dependencies[rule.name]
        #expect(declared != nil, "Package.swift has no target \(rule.name).")
        let files = Repository.sources.filter { $0.target == rule.name }
        var imported = Set(files.flatMap { $0.code.imports.map(\.module) })
        if rule.name == "CTerminal" { imported = [] }
        imported.subtract(Layers.withoutEdge)
        expectSame(imported, declared ?? [], rule.name)
    }

    @Test(arguments: Repository.folders(in: "Tests").filter { manifest.dependencies[$0] != nil })
    func `the manifest gives tests what their files import, and no more`(_ target: String) {
        let files = Repository.tests.filter { $0.target == target }
        let imported = Set(files.flatMap { $0.code.imports.map(\.module) })
        expectSame(
            imported.subtracting(Layers.withoutEdge),
            Self.manifest.dependencies[target] ?? [],
            target
        )
    }

    private func expectSame(_ imported: Set<String>, _ declared: Set<String>, _ target: String) {
        #expect(
            imported.subtracting(declared).sorted() == [],
            "\(target) imports these, and Package.swift does not name them."
        )
        #expect(
            declared.subtracting(imported).sorted() == [],
            "Package.swift names these for \(target), and no file imports them."
        )
    }
}
