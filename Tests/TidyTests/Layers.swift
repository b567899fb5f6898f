// SPDX-License-Identifier: Apache-2.0

/// One target of `Sources`: its layer and all that it may import.
///
/// A new import is written down here first; whoever reviews it then sees a rule change.
struct TargetRule: Sendable {
    var name: String
    var layer: Int
    /// Targets of lower layers.
    var own: Set<String>
    /// Everything beyond the standard library.
    var outside: Set<String>

    /// Programs have small letters; the rest are libraries.
    var isProgram: Bool { name.first?.isLowercase == true }

    init(_ layer: Int, _ name: String, own: Set<String> = [], outside: Set<String> = []) {
        self.layer = layer
        self.name = name
        self.own = own
        self.outside = outside
    }
}

/// The layers of the house and who may cross its walls.
enum Layers {
    static let targets: [TargetRule] = [
        TargetRule(0, "CBOR"),
        TargetRule(0, "CTerminal"),
        TargetRule(0, "CMemory"),
        TargetRule(0, "CSecrets"),
        TargetRule(1, "CoachingModel", own: ["CBOR"]),
        TargetRule(2, "CoachingWire", own: ["CoachingModel", "CBOR"]),
        TargetRule(2, "CoachingEnvelope", own: ["CoachingModel", "CBOR"], outside: ["Crypto"]),
        TargetRule(2, "CoachingGoals", own: ["CoachingModel", "CBOR"]),
        TargetRule(2, "CoachingFeedback", own: ["CoachingModel", "CBOR"]),
        TargetRule(2, "CoachingStore", own: ["CoachingModel"], outside: ["Synchronization"]),
        TargetRule(2, "CoachingListening", own: ["CoachingModel"]),
        TargetRule(2, "CoachingReports", own: ["CoachingModel"]),
        TargetRule(2, "CoachingArchive", own: ["CoachingModel", "CBOR"]),
        TargetRule(
            3,
            "CoachingStoreSQLite",
            own: ["CoachingStore", "CoachingModel"],
            outside: ["GRDB", "GRDBSQLite", "Glibc", "Synchronization"]
        ),
        TargetRule(
            3,
            "CoachingTransport",
            outside: ["NIOCore", "NIOPosix", "NIOSSL", "NIOTLS", "Synchronization"]
        ),
        TargetRule(
            3,
            "CoachingCertificates",
            outside: ["X509", "SwiftASN1", "Crypto", "Glibc", "Musl", "Darwin"]
        ),
        TargetRule(
            3,
            "CoachingServer",
            own: ["CoachingStore", "CoachingEnvelope", "CoachingWire", "CoachingModel", "CBOR"]
        ),
        TargetRule(
            3,
            "CoachingSeal",
            own: [
                "CoachingEnvelope", "CoachingFeedback", "CoachingGoals", "CoachingModel", "CBOR",
            ],
            outside: ["Crypto", "CryptoExtras"]
        ),
        TargetRule(
            3,
            "CoachingFormats",
            own: ["CoachingFeedback", "CoachingModel"],
            outside: ["Yams"]
        ),
        TargetRule(
            3,
            "CoachingTerminal",
            own: ["CTerminal"],
            outside: ["Dispatch", "Glibc", "Musl"]
        ),
        TargetRule(
            4,
            "CoachingDaemon",
            own: [
                "CoachingServer", "CoachingTransport", "CoachingCertificates", "CoachingStore",
                "CoachingStoreSQLite", "CoachingEnvelope", "CoachingWire", "CoachingModel",
            ],
            outside: ["Logging", "Dispatch", "Glibc", "Musl", "Synchronization"]
        ),
        TargetRule(
            4,
            "CoachingClient",
            own: [
                "CoachingTransport", "CoachingSeal", "CoachingCertificates", "CoachingEnvelope",
                "CoachingWire", "CoachingModel", "CBOR", "CSecrets",
            ],
            outside: ["Crypto", "Darwin", "Glibc", "Musl", "Synchronization"]
        ),
        TargetRule(
            5,
            "peercoachd",
            own: [
                "CoachingDaemon", "CoachingServer", "CoachingTransport", "CoachingCertificates",
                "CoachingWire", "CoachingEnvelope", "CoachingModel", "CMemory",
            ],
            outside: [
                "ArgumentParser", "Configuration", "Logging", "ServiceLifecycle", "SystemPackage",
                "UnixSignals",
            ]
        ),
        TargetRule(
            5,
            "peercoach",
            own: [
                "CoachingClient", "CoachingTerminal", "CoachingFormats", "CoachingListening",
                "CoachingReports", "CoachingArchive", "CoachingSeal", "CoachingGoals",
                "CoachingFeedback", "CoachingEnvelope", "CoachingWire", "CoachingModel",
            ],
            outside: ["ArgumentParser", "Glibc", "Musl"]
        ),
        // Drives the two programs from outside, as people do.
        TargetRule(5, "peercoach-demo", outside: ["ArgumentParser", "Synchronization"]),
    ]

    /// Modules that stand behind a wall, and the targets inside it.
    static let walls: [(modules: Set<String>, inside: Set<String>, why: String)] = [
        (
            ["NIO", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS", "NIOEmbedded"],
            ["CoachingTransport"], "the rest is tested without sockets"
        ),
        (["GRDB", "GRDBSQLite"], ["CoachingStoreSQLite"], "the database can be replaced"),
        (["Yams"], ["CoachingFormats"], "YAML is read in the client alone"),
        (["X509", "SwiftASN1"], ["CoachingCertificates"], "certificates give no rights"),
        (
            ["Crypto", "_CryptoExtras", "CryptoExtras"],
            ["CoachingEnvelope", "CoachingSeal", "CoachingCertificates", "CoachingClient"],
            "decisions are made from verified values"
        ),
        (
            ["CoachingGoals"], ["CoachingSeal", "peercoach"],
            "what people set out to do is sealed: the server does not know of it"
        ),
        (
            ["CoachingFeedback"], ["CoachingSeal", "CoachingFormats", "peercoach"],
            "how people see each other is sealed: the server does not know of it"
        ),
        (
            ["CoachingListening"], ["peercoach"], "how somebody coached is for them alone"
        ),
        (
            ["CoachingSeal"], ["CoachingClient", "peercoach"],
            "a program that does not hold it cannot open what was said"
        ),
    ]

    /// Targets that run in the server, none of which may come to CoachingSeal, however far round.
    static let serverSide = ["CoachingServer", "CoachingDaemon", "peercoachd"]

    /// Targets that decide: without threads, tasks, clocks or chance of their own, so that a run
    /// can be repeated from its inputs.
    static let deciding = [
        "CBOR", "CoachingModel", "CoachingWire", "CoachingEnvelope", "CoachingListening",
        "CoachingServer",
    ]

    /// Modules that come with the compiler or the system and need no edge in the manifest.
    static let withoutEdge: Set<String> = [
        "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "FoundationXML", "Glibc",
        "Musl", "Swift", "Synchronization", "Testing",
    ]

    /// Files that import Foundation, or whole folders, each with what it needs there.
    static let foundation: [String: String] = [
        "Sources/CoachingCertificates/CertificateTime.swift":
            "X509 speaks of dates as Foundation's Date",
        "Sources/CoachingSeal/KeyWrapping.swift": "the library's HPKE takes Foundation's Data",
        "Sources/CoachingDaemon/DataFolder.swift": "makes folders and files with their modes",
        "Sources/CoachingDaemon/OperatorSpool.swift": "lists, moves and removes files; JSON",
        "Sources/peercoach-demo/":
            "a tool beside the programs: starts them, speaks over pipes, reads JSON lines",
        "Sources/peercoachd/InviteAdmin.swift": "writes the invite to a file with its mode",
        "Sources/peercoachd/Serve.swift": "writes the port's file in one piece",
        "Sources/peercoachd/Settings.swift": "the environment, and whether a file exists",
        "Sources/peercoachd/StandardError.swift": "standard error as a file handle",
    ]
}
