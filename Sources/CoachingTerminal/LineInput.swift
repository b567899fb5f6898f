// SPDX-License-Identifier: Apache-2.0

/// The lines of an input that is not a terminal, read on a thread of their own.
///
/// One loop may go over it, once.
///
/// - Limits: `lineBytesMax` bytes a line, ``waitingMax`` reads that wait for the loop; what is
///   beyond waits in the kernel.
public struct LineInput: AsyncSequence, Sendable {
    /// A line, or that there was one over the limit.
    public typealias Element = InputLine
    /// The reads that wait for the loop at most.
    public static let waitingMax = 16

    private let reads: AsyncStream<[UInt8]>
    private let lineBytesMax: Int

    /// Starts to read.
    ///
    /// - Parameters:
    ///   - descriptor: what to read; 0 is the standard input.
    ///   - lineBytesMax: the bytes that a line may have; a longer one is skipped and named.
    public init(descriptor: Int32 = 0, lineBytesMax: Int = 65_536) {
        self.lineBytesMax = lineBytesMax
        let (reads, feed) = AsyncStream.makeStream(
            of: [UInt8].self,
            bufferingPolicy: .bufferingOldest(Self.waitingMax)
        )
        self.reads = reads
        let stop = InputThread.start(reading: descriptor, signals: -1) { chunk in
            switch chunk {
            case .bytes(let bytes): return InputThread.Offer(feed.yield(bytes))
            case .pause, .signal: return .taken
            case .end:
                feed.finish()
                return .taken
            }
        }
        feed.onTermination = { _ in stop() }
    }

    /// Begins to go over the lines.
    public func makeAsyncIterator() -> Iterator {
        Iterator(reads: reads.makeAsyncIterator(), lineBytesMax: lineBytesMax)
    }

    /// Goes over the lines.
    public struct Iterator: AsyncIteratorProtocol {
        private var reads: AsyncStream<[UInt8]>.Iterator
        private var splitter: LineSplitter
        private var waiting: ArraySlice<InputLine> = []
        private var isOver = false

        init(reads: AsyncStream<[UInt8]>.Iterator, lineBytesMax: Int) {
            self.reads = reads
            splitter = LineSplitter(lineBytesMax: lineBytesMax)
        }

        /// Gives the next line, or nothing at the end.
        public mutating func next() async -> InputLine? { await next(isolation: #isolation) }

        /// Gives the next line, or nothing at the end, where the caller runs.
        public mutating func next(isolation: isolated (any Actor)?) async -> InputLine? {
            while waiting.isEmpty, !isOver {
                if let bytes = await reads.next(isolation: isolation) {
                    waiting = splitter.feed(bytes)[...]
                } else {
                    isOver = true
                    if let last = splitter.finish() { waiting = [last] }
                }
            }
            return waiting.popFirst()
        }
    }
}
