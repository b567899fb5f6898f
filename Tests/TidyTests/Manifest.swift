// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The targets of `Package.swift` and the modules that each depends on, read from its text.
///
/// Understands the manifest's own ways of writing a target: `library`, `tests`, `.target`,
/// `.executableTarget`, `.testTarget`, and constants that stand for one dependency.
struct Manifest {
    /// By target; products are named by their modules, which here have the same names.
    var dependencies: [String: Set<String>] = [:]

    init(_ text: String) {
        let constants = Self.constants(in: text)
        guard let start = text.range(of: "let package = Package(") else { return }
        var rest = text[start.upperBound...]
        while let call = Self.nextTarget(in: rest) {
            rest = call.rest
            guard let name = Self.strings(in: call.body).first else { continue }
            dependencies[name] = Self.modules(
                in: Self.dependencyList(of: call.body),
                constants: constants
            )
        }
    }

    /// `let crypto: Target.Dependency = .product(name: "Crypto", …)` as `crypto` → `Crypto`.
    private static func constants(in text: String) -> [String: String] {
        var constants: [String: String] = [:]
        var rest = text[...]
        while let type = rest.range(of: ": Target.Dependency =") {
            let name = rest[..<type.lowerBound].reversed().prefix { $0.isLetter || $0.isNumber }
            constants[String(name.reversed())] = strings(in: rest[type.upperBound...]).first
            rest = rest[type.upperBound...]
        }
        return constants
    }

    /// The next call that makes a target, and what follows it.
    private static func nextTarget(in text: Substring) -> (body: Substring, rest: Substring)? {
        let names = ["library(", "tests(", ".target(", ".executableTarget(", ".testTarget("]
        let starts = names.compactMap { text.range(of: $0) }
        guard let start = starts.min(by: { $0.lowerBound < $1.lowerBound }) else { return nil }
        let body = balanced(text[start.upperBound...], "(", ")")
        return (body, text[body.endIndex...])
    }

    /// The first list in a target's arguments: its dependencies, or nothing.
    private static func dependencyList(of body: Substring) -> Substring {
        guard let open = body.firstIndex(of: "[") else { return "" }
        let before = body[..<open]
        let isOther = ["path:", "exclude:", "sources:", "resources:"].contains {
            before.contains($0)
        }
        return isOther ? "" : balanced(body[body.index(after: open)...], "[", "]")
    }

    /// What stands before the bracket that closes, with the opening one before `text`.
    private static func balanced(
        _ text: Substring,
        _ opening: Character,
        _ closing: Character
    ) -> Substring {
        var open = 1
        return text.prefix { character in
            if character == opening { open += 1 }
            if character == closing { open -= 1 }
            return open > 0
        }
    }

    private static func modules(in list: Substring, constants: [String: String]) -> Set<String> {
        var modules: Set<String> = []
        var rest = list
        while let head = rest.first {
            if head == "." {
                guard let open = rest.firstIndex(of: "(") else { break }
                let body = balanced(rest[rest.index(after: open)...], "(", ")")
                if let name = strings(in: body).first { modules.insert(name) }
                rest = rest[body.endIndex...]
            } else if head == "\"" {
                let name = rest.dropFirst().prefix { $0 != "\"" }
                modules.insert(String(name))
                rest = rest[name.endIndex...].dropFirst()
            } else if head.isLetter {
                let name = rest.prefix { $0.isLetter || $0.isNumber }
                modules.insert(constants[String(name)] ?? String(name))
                rest = rest[name.endIndex...]
            } else {
                rest = rest.dropFirst()
            }
        }
        return modules
    }

    private static func strings(in text: Substring) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset.isMultiple(of: 2) ? nil : String($0.element) }
    }
}
