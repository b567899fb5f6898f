// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

struct BinaryTests {
    /// The server's programs that were built here, of whatever configuration.
    static let programs: [URL] = {
        let build = Repository.root.appending(path: ".build")
        let names = ["debug", "release"]
        let programs = names.map { build.appending(path: "\($0)/peercoachd") }
        return programs.filter { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    @Test(
        .enabled(if: !programs.isEmpty, "skipped: no peercoachd was built in .build"),
        .enabled(if: Command.find("nm") != nil, "skipped: there is no nm in the path"),
        arguments: programs
    )
    func `the server's program has no symbol of what opens what was said`(_ program: URL) throws {
        let listed = try Command.run("nm", program.path)
        try #require(listed.status == 0)
        // A mangled name holds the module's with its length before it.
        let hasOwn = listed.output.range(of: Data("14CoachingServer".utf8)) != nil
        #expect(hasOwn, "The list of symbols tells nothing: was the program stripped?")
        for module in ["12CoachingSeal", "14CoachingClient"] {
            #expect(listed.output.range(of: Data(module.utf8)) == nil, "It holds \(module).")
        }
    }

    /// Types carry their module's name into the program, stripped or not.
    @Test(
        .enabled(if: !programs.isEmpty, "skipped: no peercoachd was built in .build"),
        arguments: programs
    )
    func `the server's program nowhere names the module that opens what was said`(
        _ program: URL
    ) throws {
        let bytes = try Data(contentsOf: program, options: .alwaysMapped)
        #expect(bytes.range(of: Data("CoachingServer\0".utf8)) != nil, "It names not even its own.")
        for module in ["CoachingSeal\0", "CoachingClient\0"] {
            #expect(bytes.range(of: Data(module.utf8)) == nil, "It names \(module.dropLast()).")
        }
    }
}
