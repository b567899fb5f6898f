// SPDX-License-Identifier: Apache-2.0

import CTerminal
import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the reading thread has to tell.
enum InputChunk: Sendable {
    /// What one read gave.
    case bytes([UInt8])
    /// Nothing followed an escape for a moment.
    case pause
    /// A byte of the signal pipe.
    case signal(UInt8)
    /// The input ended or failed.
    case end
}

/// Reads a descriptor on a thread of its own, so that no task ever waits in a read.
///
/// - Limits: one chunk of ``chunkBytesMax`` bytes; the next is read only when the last one was
///   taken over, so what is not taken waits in the kernel.
/// - Isolation: the thread owns nothing but its descriptors.
enum InputThread {
    /// The bytes that one read gives at most.
    static let chunkBytesMax = 4_096
    /// How long an escape waits for what belongs to it.
    static let pauseMs: Int32 = 50
    /// How long a chunk that nobody has room for waits before it is offered again.
    static let fullMs: Int32 = 20

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - descriptor: what to read.
    ///   - signals: the signal pipe, or -1.
    ///   - offer: takes a chunk over, or tells that there is no room or no reader.
    ///   - ended: called by the thread as its last act.
    /// - Returns: stops the thread; harmless when it has ended.
    static func start(
        reading descriptor: Int32,
        signals: Int32,
        offer: @escaping @Sendable (InputChunk) -> Offer,
        ended: @escaping @Sendable () -> Void = {}
    ) -> @Sendable () -> Void {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            _ = offer(.end)
            ended()
            return {}
        }
        let (waking, stopping) = (ends[0], ends[1])
        _ = fcntl(waking, F_SETFD, FD_CLOEXEC)
        _ = fcntl(stopping, F_SETFD, FD_CLOEXEC)
        DispatchQueue(label: "peercoach.input").async { @Sendable in
            let thread = Reading(
                descriptor: descriptor,
                signals: signals,
                waking: waking,
                offer: offer
            )
            thread.run()
            close(waking)
            ended()
        }
        // Closing the writing end is what the thread sees; a second call must not close another's.
        let once = Once()
        return { @Sendable in if once.take() { close(stopping) } }
    }

    /// What became of a chunk that was offered.
    enum Offer {
        case taken
        case full
        case gone

        /// Reads what a stream said about an element.
        init(_ result: AsyncStream<some Sendable>.Continuation.YieldResult) {
            switch result {
            case .enqueued: self = .taken
            case .dropped: self = .full
            case .terminated: self = .gone
            @unknown default: self = .gone
            }
        }
    }
}

/// Lets one caller through.
private final class Once: Sendable {
    // Raised after it is made: one that ends below its first value traps.
    private let gate = DispatchSemaphore(value: 0)

    init() { gate.signal() }

    func take() -> Bool { gate.wait(timeout: .now()) == .success }
}

/// The loop of the reading thread.
private struct Reading {
    let descriptor: Int32
    let signals: Int32
    let waking: Int32
    let offer: @Sendable (InputChunk) -> InputThread.Offer

    func run() {
        var awaitsPause = false
        while true {
            var polled = [
                pollfd(fd: waking, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&polled, 3, awaitsPause ? InputThread.pauseMs : -1)
            if ready < 0 {
                if errno == EINTR { continue }
                _ = deliver(.end)
                return
            }
            if polled[0].revents != 0 { return }
            if ready == 0 {
                awaitsPause = false
                if !deliver(.pause) { return }
                continue
            }
            if polled[1].revents != 0, let byte = read(signals, bytesMax: 1).first {
                if !deliver(.signal(byte)) { return }
            }
            if polled[2].revents != 0 {
                let bytes = read(descriptor, bytesMax: InputThread.chunkBytesMax)
                if bytes.isEmpty {
                    if errno == EINTR || errno == EAGAIN { continue }
                    _ = deliver(.end)
                    return
                }
                awaitsPause = bytes.contains(0x1B)
                if !deliver(.bytes(bytes)) { return }
            }
        }
    }

    /// Reads once; empty at the end (errno is 0) and on failure (errno says why).
    private func read(_ descriptor: Int32, bytesMax: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytesMax) { buffer, count in
            errno = 0
            #if canImport(Glibc)
            let got = Glibc.read(descriptor, buffer.baseAddress, bytesMax)
            #elseif canImport(Musl)
            let got = Musl.read(descriptor, buffer.baseAddress, bytesMax)
            #endif
            count = max(got, 0)
        }
    }

    /// Offers a chunk until it is taken; false when nobody wants any.
    private func deliver(_ chunk: InputChunk) -> Bool {
        while true {
            switch offer(chunk) {
            case .taken: return true
            case .gone: return false
            case .full: break
            }
            var polled = pollfd(fd: waking, events: Int16(POLLIN), revents: 0)
            if poll(&polled, 1, InputThread.fullMs) > 0 { return false }
        }
    }
}
