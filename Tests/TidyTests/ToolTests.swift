// SPDX-License-Identifier: Apache-2.0
import Testing

/// The tools of these tests must find what they look for, and nothing in words about it.
struct ToolTests {
    private static let code = SwiftCode(
        ##"""
        import A  // import B
        public import C
        @testable import struct D.E
        /* try! /* nested */ try!
        */ let a = "try! \(f("try!") + g(try! h())) try!"
        let b = #"try! " \(try!) \#(try! c) "#
        let c = """
            try! " \(x as! Y)
            """
        func `a try! in a name`() { entry!.task() }
        let n = UInt8.random(
            in: 0...9, using: &g) + UInt8.random(in: 0...9)
        Task { }
        subTask { }; TaskGroup { }
        """##
    )

    @Test func `a word is found in code and in what stands within a string's parentheses`() {
        #expect(Self.code.lineNumbers(of: "try!") == [5, 6])
        #expect(Self.code.lineNumbers(of: "as!") == [8])
    }

    @Test func `a word is not found within another`() {
        #expect(Self.code.lineNumbers(of: "Task {") == [13])
        #expect(SwiftCode("let fatalErrors = 1").lineNumbers(of: "fatalError") == [])
    }

    @Test func `imports are read with and without a level, and not from comments`() {
        #expect(Self.code.imports.map(\.module) == ["A", "C", "D"])
        #expect(Self.code.imports.map(\.line) == [1, 2, 3])
        #expect(SwiftCode("let text = \"\"\"\nimport A\n\"\"\"").imports.isEmpty)
    }

    @Test func `a call is read to its closing parenthesis, over lines`() {
        let calls = Self.code.calls(of: ".random")
        #expect(calls.map(\.line) == [11, 12])
        #expect(calls.map { $0.arguments.contains("using:") } == [true, false])
    }

    @Test func `an open string or comment ends with the file`() {
        for text in ["\"", "#\"\\", "/*", "`", "\"\\(", "\"\"\"", "#"] {
            #expect(SwiftCode(text).lines.count == 1)
        }
    }

    @Test func `a manifest is read with its products and constants`() {
        let manifest = Manifest(
            """
            let crypto: Target.Dependency =
                .product(name: "Crypto", package: "swift-crypto")
            func library(_ name: String) {}
            let package = Package(
                targets: [
                    library("A", []),
                    .target(name: "C"),
                    library("B", ["A", crypto, .product(name: "D", package: "d.swift")]),
                    tests("T", ["B", crypto], exclude: ["Vectors"]),
                    tests("U", exclude: ["Vectors"]),
                    .executableTarget(name: "p", dependencies: ["B"], swiftSettings: strict),
                ])
            """
        )
        #expect(
            manifest.dependencies == [
                "A": [], "C": [], "B": ["A", "Crypto", "D"], "T": ["B", "Crypto"], "U": [],
                "p": ["B"],
            ]
        )
    }

    @Test func `a place is known by its whole name`() {
        let place = "/here"
        for line in ["/here", "in /here/x", "\"/here\"", "PATH=/here:", "cd /here."] {
            #expect(Workplace.names(place, in: Substring(line)), "\(line)")
        }
        for line in ["/heretic", "a/here", "../here", "/here-abouts", "~/here", "${X}/here"] {
            #expect(!Workplace.names(place, in: Substring(line)), "\(line)")
        }
    }
}
