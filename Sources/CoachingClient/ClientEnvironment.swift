// SPDX-License-Identifier: Apache-2.0
public import CoachingModel

/// What a client takes from the machine: time, randomness and waiting.
///
/// Everything comes in here, so that tests drive it.
public struct ClientEnvironment: Sendable {
    /// For what a client waits.
    public enum Pause: Hashable, Sendable {
        /// Half a second, by which deadlines are counted.
        case tick
        /// Until the next try to connect.
        case retry(Duration)

        /// How long that is.
        public var duration: Duration {
            switch self {
            case .tick: .milliseconds(500)
            case .retry(let duration): duration
            }
        }
    }

    /// Gives the time of day.
    public var now: @Sendable () -> Timestamp
    /// Draws 64 random bits; keys come from it.
    public var draw: @Sendable () -> UInt64
    /// Waits; throws when the task is cancelled.
    public var wait: @Sendable (Pause) async throws -> Void
    /// The program's name and version, as the server is told them.
    public var program: String

    /// Takes the sources.
    public init(
        now: @escaping @Sendable () -> Timestamp,
        draw: @escaping @Sendable () -> UInt64,
        wait: @escaping @Sendable (Pause) async throws -> Void,
        program: String
    ) {
        self.now = now
        self.draw = draw
        self.wait = wait
        self.program = program
    }

    /// Gives the machine's own clock and generator.
    public static func live(program: String) -> ClientEnvironment {
        ClientEnvironment(
            now: { WallClock.now() },
            draw: {
                var generator = SystemRandomNumberGenerator()
                return generator.next()
            },
            wait: { try await Task.sleep(for: $0.duration) },
            program: program
        )
    }

    /// The generator that draws from ``draw``.
    public var generator: EnvironmentGenerator { EnvironmentGenerator(source: draw) }

    func bytes16() -> Bytes16 { Bytes16(high: draw(), low: draw()) }

    func bytes32() -> Bytes32 { Bytes32(draw(), draw(), draw(), draw()) }
}

/// Draws from an environment.
public struct EnvironmentGenerator: RandomNumberGenerator, Sendable {
    let source: @Sendable () -> UInt64

    /// Draws 64 bits.
    public mutating func next() -> UInt64 { source() }
}
