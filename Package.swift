// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// Every target is built the same strict way; TidyTests holds the layers named below.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(
    name: "CryptoExtras",
    package: "swift-crypto"
)
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)

// Swift 6.3.1 crashes while it optimises async closures that throw, of which this program is full
// (splitting coroutines). What costs time stands in the libraries, which are optimised.
let unoptimized: [SwiftSetting] = [.unsafeFlags(["-Onone"], .when(configuration: .release))]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
    _ name: String,
    _ dependencies: [Target.Dependency],
    exclude: [String] = []
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        exclude: exclude,
        swiftSettings: strict
    )
}

let package = Package(
    name: "peercoach",
    products: [
        .executable(name: "peercoach", targets: ["peercoach"]),
        .executable(name: "peercoachd", targets: ["peercoachd"]),
        // What the benchmarks are made of; nobody else should build on it.
        .library(
            name: "BenchmarkedTargets",
            targets: [
                "CBOR", "CoachingModel", "CoachingWire", "CoachingEnvelope", "CoachingSeal",
                "CoachingStore", "CoachingStoreSQLite", "CoachingCertificates", "CoachingDaemon",
            ]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(
            url: "https://github.com/apple/swift-configuration",
            exact: "1.4.0",
            traits: [.defaults, "YAML"]
        ),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"),
    ],
    targets: [
        // Layer 0
        library("CBOR", []),
        .target(name: "CTerminal"),
        .target(name: "CMemory"),
        .target(name: "CSecrets"),
        // Layer 1
        library("CoachingModel", ["CBOR"]),
        // Layer 2
        library("CoachingWire", ["CoachingModel", "CBOR"]),
        library("CoachingEnvelope", ["CoachingModel", "CBOR", crypto]),
        library("CoachingStore", ["CoachingModel"]),
        library("CoachingGoals", ["CoachingModel", "CBOR"]),
        library("CoachingFeedback", ["CoachingModel", "CBOR"]),
        library("CoachingListening", ["CoachingModel"]),
        library("CoachingReports", ["CoachingModel"]),
        library("CoachingArchive", ["CoachingModel", "CBOR"]),
        // Layer 3
        library(
            "CoachingStoreSQLite",
            [
                "CoachingStore", "CoachingModel", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        library(
            "CoachingTransport",
            [
                nioCore, nioPosix, nioSSL, .product(name: "NIOTLS", package: "swift-nio"),
            ]
        ),
        library(
            "CoachingCertificates",
            [
                x509, asn1, crypto,
            ]
        ),
        library(
            "CoachingServer",
            [
                "CoachingStore", "CoachingEnvelope", "CoachingWire", "CoachingModel", "CBOR",
            ]
        ),
        library(
            "CoachingSeal",
            [
                "CoachingEnvelope", "CoachingFeedback", "CoachingGoals", "CoachingModel", "CBOR",
                crypto, cryptoExtras,
            ]
        ),
        library(
            "CoachingFormats",
            ["CoachingFeedback", "CoachingModel", .product(name: "Yams", package: "Yams")]
        ),
        library("CoachingTerminal", ["CTerminal"]),
        // Layer 4
        library(
            "CoachingDaemon",
            [
                "CoachingServer", "CoachingTransport", "CoachingCertificates", "CoachingStore",
                "CoachingStoreSQLite", "CoachingEnvelope", "CoachingWire", "CoachingModel", logging,
            ]
        ),
        library(
            "CoachingClient",
            [
                "CoachingTransport", "CoachingSeal", "CoachingCertificates", "CoachingEnvelope",
                "CoachingWire", "CoachingModel", "CBOR", "CSecrets",
            ]
        ),
        // Layer 5
        .executableTarget(
            name: "peercoachd",
            dependencies: [
                "CoachingDaemon", "CoachingServer", "CoachingTransport", "CoachingCertificates",
                "CoachingWire", "CoachingEnvelope", "CoachingModel", "CMemory", arguments, logging,
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "peercoach",
            dependencies: [
                "CoachingClient", "CoachingTerminal", "CoachingFormats", "CoachingListening",
                "CoachingReports", "CoachingArchive", "CoachingSeal", "CoachingGoals",
                "CoachingFeedback", "CoachingEnvelope", "CoachingWire", "CoachingModel", arguments,
            ],
            swiftSettings: strict + unoptimized
        ),
        .executableTarget(
            name: "peercoach-demo",
            dependencies: [arguments],
            swiftSettings: strict
        ),
        // Tests
        tests("CBORTests", ["CBOR"], exclude: ["Vectors"]),
        .target(name: "ProcessorTime", path: "Tests/ProcessorTime", swiftSettings: strict),
        tests("CoachingModelTests", ["CoachingModel", "CBOR", "ProcessorTime"]),
        tests("CoachingWireTests", ["CoachingWire", "CoachingEnvelope", "CoachingModel", "CBOR"]),
        tests(
            "CoachingEnvelopeTests",
            ["CoachingEnvelope", "CoachingSeal", "CoachingModel", "CBOR", crypto]
        ),
        tests(
            "CoachingSealTests",
            [
                "CoachingSeal", "CoachingGoals", "CoachingFeedback", "CoachingEnvelope",
                "CoachingModel", "CBOR", crypto,
            ],
            exclude: ["Vectors"]
        ),
        tests(
            "CoachingStoreTests",
            [
                "CoachingStoreSQLite", "CoachingStore", "CoachingModel",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        tests(
            "CoachingTransportTests",
            ["CoachingTransport", "CoachingCertificates", nioCore, nioPosix, nioSSL]
        ),
        tests(
            "CoachingCertificatesTests",
            ["CoachingCertificates", x509, asn1, crypto]
        ),
        .target(
            name: "CoachingTestKit",
            dependencies: [
                "CoachingServer", "CoachingStore", "CoachingSeal", "CoachingEnvelope",
                "CoachingWire", "CoachingModel",
            ],
            path: "Tests/CoachingTestKit",
            swiftSettings: strict
        ),
        tests(
            "CoachingServerTests",
            [
                "CoachingTestKit", "CoachingServer", "CoachingStoreSQLite", "CoachingStore",
                "CoachingSeal", "CoachingEnvelope", "CoachingWire", "CoachingModel",
            ]
        ),
        tests(
            "IntegrationTests",
            [
                "CoachingTestKit", "CoachingClient", "CoachingDaemon", "CoachingServer",
                "CoachingTransport",
                "CoachingStore", "CoachingStoreSQLite", "CoachingCertificates", "CoachingSeal",
                "CoachingEnvelope", "CoachingWire", "CoachingModel", "CBOR", logging,
                nioCore, nioPosix, nioSSL,
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        tests(
            "CoachingFormatsTests",
            ["CoachingFormats", "CoachingFeedback", "CoachingModel", "ProcessorTime"]
        ),
        tests("CoachingArchiveTests", ["CoachingArchive", "CoachingModel"]),
        tests("CoachingReportsTests", ["CoachingReports", "CoachingModel"]),
        tests("CoachingListeningTests", ["CoachingListening", "CoachingModel"]),
        tests("CoachingTerminalTests", ["CoachingTerminal"]),
        tests(
            "PeercoachTests",
            [
                "peercoach", "CoachingClient", "CoachingFormats", "CoachingListening",
                "CoachingTerminal", "CoachingSeal", "CoachingGoals", "CoachingFeedback",
                "CoachingReports", "CoachingWire", "CoachingModel", arguments,
            ]
        ),
        tests("CoachingGoalsTests", ["CoachingGoals", "CoachingModel", "CBOR"]),
        tests("CoachingFeedbackTests", ["CoachingFeedback", "CoachingModel", "CBOR"]),
        tests("TidyTests", []),
        tests(
            "LiesTests",
            [
                "CoachingTestKit", "CoachingClient", "CoachingServer", "CoachingSeal",
                "CoachingEnvelope", "CoachingWire", "CoachingModel",
            ]
        ),
        tests(
            "CoachingClientTests",
            [
                "CoachingClient", "CoachingServer", "CoachingStore", "CoachingTransport",
                "CoachingSeal", "CoachingCertificates", "CoachingEnvelope", "CoachingWire",
                "CoachingFormats", "CoachingModel",
            ]
        ),
    ]
)
