// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Loads peercoachd, or the minimal server beside it, with the same work for each delivery.
@main
struct Load: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a data folder full of rooms, and loads a server that runs on it.",
        subcommands: [Prepare.self, Deliver.self, Idle.self, Greet.self]
    )
}

/// Why a measurement could not be made.
struct LoadError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension DeliveryServer: ExpressibleByArgument {}
