// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// A package of its own, so that the project's own build knows nothing of it. `run.sh` builds and
// runs all of it and writes the table.

// The clocks' types are Foundation's or libc's, by what is linked how: no MemberImportVisibility.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let targets: Target.Dependency = .product(name: "BenchmarkedTargets", package: "peercoach")

let package = Package(
    name: "peercoach-benchmarks",
    dependencies: [
        .package(name: "peercoach", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    ],
    targets: [
        .executableTarget(
            name: "CodecBenchmark",
            dependencies: [targets],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "SealBenchmark",
            dependencies: [targets],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "StoreBenchmark",
            dependencies: [targets],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "Load",
            dependencies: [
                targets,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
    ]
)
