// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Is a client's link to a server: whole frames out, bodies in.
public final class FrameLink: Sendable {
    /// Holds the server's certificate (DER); the hello signs its hash.
    public let serverLeaf: [UInt8]
    /// Gives the bodies of the frames that the server sends; for one consumer, once.
    ///
    /// Reading stops while 32 frames wait. Ends when the server closes between two frames.
    public let frames: InboundFrames

    private let channel: any Channel
    private let writeProgressWithin: Duration

    init(
        channel: any Channel,
        serverLeaf: [UInt8],
        frames: InboundFrames,
        writeProgressWithin: Duration
    ) {
        self.channel = channel
        self.serverLeaf = serverLeaf
        self.frames = frames
        self.writeProgressWithin = writeProgressWithin
    }

    /// Sends one frame, and returns when the system has taken it.
    ///
    /// So a server that does not read holds up who sends, and no queue grows. Frames of several
    /// tasks are sent whole, in any order.
    ///
    /// - Parameter frame: four bytes of length and the body.
    /// - Throws: ``TransportError/closed``, ``TransportError/writeStalled``.
    public func send(_ frame: [UInt8]) async throws(TransportError) {
        let written = channel.eventLoop.makePromise(of: Void.self)
        let limit = channel.eventLoop.scheduleTask(in: TimeAmount(writeProgressWithin)) {
            written.fail(TransportError.writeStalled)
            self.channel.close(promise: nil)
        }
        defer { limit.cancel() }
        channel.writeAndFlush(ByteBuffer(bytes: frame), promise: written)
        do {
            try await written.futureResult.get()
        } catch let error as TransportError {
            throw error
        } catch {
            throw .closed
        }
    }

    /// Closes the link; what was sent before still arrives.
    public func close() async {
        // Fails when the link is closed already, or TLS's farewell is not answered: closed, too.
        try? await channel.close().get()
    }
}

/// Is the sequence of bodies that come in on a link.
///
/// Making a second iterator is a bug of the program and stops it.
public struct InboundFrames: AsyncSequence, Sendable {
    /// Is one frame's body.
    public typealias Element = [UInt8]
    /// Says how a link ends badly.
    public typealias Failure = TransportError

    typealias Base = NIOThrowingAsyncSequenceProducer<
        [UInt8], any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark,
        ReadGate
    >

    let base: Base

    /// Takes the one place of a consumer.
    public func makeAsyncIterator() -> Iterator {
        Iterator(base: base.makeAsyncIterator())
    }

    /// Gives one body after the other.
    public struct Iterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator

        /// Waits for the next body.
        ///
        /// - Returns: `nil` at the end.
        /// - Throws: ``TransportError``; cancelling gives ``TransportError/cancelled``.
        public mutating func next() async throws(TransportError) -> [UInt8]? {
            try await next(isolation: nil)
        }

        /// Waits for the next body.
        ///
        /// - Parameter actor: where the caller runs.
        /// - Returns: `nil` at the end.
        /// - Throws: ``TransportError``; cancelling gives ``TransportError/cancelled``.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(TransportError) -> [UInt8]? {
            // A reference within; only the one consumer calls it, and awaits each call.
            nonisolated(unsafe) let base = base
            do {
                return try await base.next()
            } catch let error as TransportError {
                throw error
            } catch is CancellationError {
                throw .cancelled
            } catch {
                throw .closed
            }
        }
    }
}
