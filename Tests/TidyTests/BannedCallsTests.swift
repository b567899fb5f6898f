// SPDX-License-Identifier: Apache-2.0
import Testing

/// A word that no source may say, and why.
struct Ban: Sendable, CustomTestStringConvertible {
    var word: String
    var why: String

    var testDescription: String { word }

    static let all = [
        Ban(word: "try!", why: "what fails is handled or handed on"),
        Ban(word: "as!", why: "what fails is handled or handed on"),
        Ban(word: "fatalError", why: "our own bug is a precondition with a sentence"),
        Ban(word: "Task {", why: "every task has a parent that waits for it"),
        Ban(word: "Task.detached", why: "every task has a parent that waits for it"),
        Ban(word: "Task.immediate", why: "every task has a parent that waits for it"),
        Ban(word: "Date()", why: "time is handed in"),
        Ban(word: "Date.now", why: "time is handed in"),
        Ban(word: "NSLog", why: "logging goes through the logger"),
        Ban(word: "debugPrint", why: "output is the programs' alone"),
    ]
}

struct BannedCallsTests {
    private static let programs = Set(Layers.targets.filter(\.isProgram).map(\.name))

    @Test(arguments: Ban.all)
    func `a banned word stands in no source`(_ ban: Ban) {
        for file in Repository.sources {
            for line in file.code.lineNumbers(of: ban.word) {
                Issue.record("\(file.path):\(line): no \(ban.word): \(ban.why).")
            }
        }
    }

    @Test func `a task is begun in a group only, however it is written`() {
        for file in Repository.sources {
            for call in file.code.calls(of: "Task") {
                Issue.record(
                    "\(file.path):\(call.line): every task has a parent that waits for it."
                )
            }
        }
    }

    @Test func `only the programs print`() {
        for file in Repository.sources where !Self.programs.contains(file.target) {
            let code = file.code
            // A type's own function of this name draws on a screen that it was given.
            guard code.lineNumbers(of: "func print(").isEmpty else { continue }
            for line in code.lineNumbers(of: "print(") {
                Issue.record("\(file.path):\(line): output is the programs' alone.")
            }
        }
    }

    @Test(arguments: [".random", ".randomElement", ".shuffled", ".shuffle"])
    func `chance comes from a generator that is handed in`(_ name: String) {
        for file in Repository.sources {
            for call in file.code.calls(of: name)
            where !call.arguments.contains("using:") {
                Issue.record("\(file.path):\(call.line): \(name)( without using: a generator.")
            }
        }
    }

    @Test(arguments: Layers.deciding)
    func `what decides has no tasks, threads, clock or chance of its own`(_ target: String) {
        let words = [
            "async", "await", "Task", "Thread", "pthread_create", "DispatchQueue",
            "clock_gettime", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator",
        ]
        for file in Repository.sources where file.target == target {
            let code = file.code
            for word in words {
                for line in code.lineNumbers(of: word) {
                    Issue.record("\(file.path):\(line): \(target) is handed what \(word) gives.")
                }
            }
        }
    }

    @Test(arguments: ["@unchecked Sendable", "nonisolated(unsafe)", "unowned(unsafe)"])
    func `what the compiler cannot check has a reason on the lines above`(_ word: String) {
        for file in Repository.sources {
            for line in file.code.lineNumbers(of: word) {
                let comment = file.lines[..<(line - 1)].reversed()
                    .map { $0.drop { $0 == " " } }.prefix { $0.hasPrefix("//") }
                // Either a comment for this one thing, or a doc comment that speaks of it.
                let isOwn = comment.first.map { !$0.hasPrefix("///") && $0.count > 20 } ?? false
                let names = comment.contains { $0.contains(word) }
                #expect(isOwn || names, "\(file.path):\(line): why is \(word) safe here?")
            }
        }
    }

    @Test(arguments: Repository.sources)
    func `a source has no more lines than one concept needs`(_ file: SourceFile) {
        #expect(file.lineCount <= 420, "\(file.path) has \(file.lineCount) lines.")
    }

    @Test(arguments: Repository.tests)
    func `a test's file has no more lines than its subject needs`(_ file: SourceFile) {
        #expect(file.lineCount <= 600, "\(file.path) has \(file.lineCount) lines.")
    }
}

extension SourceFile: CustomTestStringConvertible {
    var testDescription: String { path }
}

extension TargetRule: CustomTestStringConvertible {
    var testDescription: String { name }
}
