// SPDX-License-Identifier: Apache-2.0

import CTerminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What a terminal has to tell.
public enum TTYEvent: Hashable, Sendable {
    /// What was typed, for ``KeyParser/feed(_:)``.
    case bytes([UInt8])
    /// Nothing followed an escape for a moment: call ``KeyParser/flush()``.
    case paused
    /// The terminal has this size now.
    case resized(TTYSize)
    /// The program goes on after a stop: call ``LinearScreen/redraw()``.
    case continued
    /// Somebody sent the program an interrupt.
    case interrupted
    /// Somebody wants the program to end, or the terminal hung up.
    case terminated
    /// There is nothing more to read.
    case endOfInput
}

/// The size of a terminal in cells.
public struct TTYSize: Hashable, Sendable {
    /// The columns.
    public let columns: Int
    /// The rows.
    public let rows: Int

    /// Makes a size.
    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// Why a terminal did not do what it was asked.
public enum TTYError: Error, Hashable, Sendable {
    /// The input is no terminal.
    case notATerminal
    /// The system refused, with this `errno`.
    case refused(errno: Int32)
    /// The input ended before a line did.
    case ended
    /// The line is longer than a secret may be.
    case tooLong(bytesMax: Int)
    /// Its events are read already; there is one reader in a process.
    case alreadyRead
}

/// The terminal of this process.
///
/// However the process ends or stops (return, exit, a signal, a trap), the terminal is set back
/// as it was found; only SIGKILL leaves it raw.
///
/// - Isolation: the state is the process's own, so one task enters, leaves and writes; signals
///   may come at any time.
public struct TTY: Sendable {
    /// The bytes that a secret may have.
    public static let secretBytesMax = 1_024
    /// The events that wait for the reader at most; what is typed beyond waits in the kernel.
    public static let waitingMax = 64

    private let input: Int32
    private let output: Int32

    /// Names the terminal by its descriptors.
    public init(input: Int32 = 0, output: Int32 = 1) {
        self.input = input
        self.output = output
    }

    /// Whether both sides are terminals.
    public var isTTY: Bool { isatty(input) == 1 && isatty(output) == 1 }

    /// The size now, if the terminal knows it.
    public var size: TTYSize? { Self.size(of: output) }

    /// Takes keys one by one and without echo from now on, and asks for bracketed paste.
    public func enterRaw() throws(TTYError) {
        try enter(Int32(CTERMINAL_RAW), paste: true)
    }

    /// Sets the terminal back as it was found.
    public func leaveRaw() { cterminal_leave() }

    /// Stops the process until the shell continues it, with the terminal as it was found;
    /// raw mode comes back by itself and ``TTYEvent/continued`` says so.
    public func suspend() { cterminal_stop() }

    /// Writes all bytes, waiting for a slow terminal.
    public func write(_ bytes: [UInt8]) throws(TTYError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let done = rest.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                Glibc.write(output, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                Musl.write(output, buffer.baseAddress, buffer.count)
                #endif
            }
            if done >= 0 {
                rest = rest.dropFirst(done)
                continue
            }
            switch errno {
            case EINTR: break
            case EAGAIN:
                var polled = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                _ = poll(&polled, 1, -1)
            default: throw .refused(errno: errno)
            }
        }
    }

    /// Asks for a line that nobody sees, such as a passphrase.
    ///
    /// It waits in the calling thread, so ask before ``events()`` is read.
    ///
    /// - Returns: the bytes of the line; whoever gets them overwrites them after use.
    public func readSecret(prompt: String) throws(TTYError) -> [UInt8] {
        try enter(Int32(CTERMINAL_SECRET), paste: false)
        defer { cterminal_leave() }
        try write(Array(TextFilter.clean(prompt).utf8))
        var secret: [UInt8] = []
        secret.reserveCapacity(Self.secretBytesMax + 1)
        var byte: UInt8 = 0
        while true {
            #if canImport(Glibc)
            let got = Glibc.read(input, &byte, 1)
            #elseif canImport(Musl)
            let got = Musl.read(input, &byte, 1)
            #endif
            if got < 0, errno == EINTR { continue }
            if got <= 0 { throw .ended }
            if byte == 0x0A || byte == 0x0D { break }
            if secret.count <= Self.secretBytesMax { secret.append(byte) }
        }
        byte = 0
        try write([0x0A])
        guard secret.count <= Self.secretBytesMax else {
            for index in secret.indices { secret[index] = 0 }
            throw .tooLong(bytesMax: Self.secretBytesMax)
        }
        return secret
    }

    /// Gives what happens at the terminal, beginning with its size.
    ///
    /// The first interrupt or end asks by an event; a second one ends the process at once.
    ///
    /// - Limits: ``waitingMax`` events wait; nothing typed is dropped.
    /// - Throws: ``TTYError/alreadyRead`` while another reader goes over the events.
    public func events() throws(TTYError) -> AsyncStream<TTYEvent> {
        let signals = cterminal_listen()
        guard signals >= 0 else { throw .alreadyRead }
        let (events, feed) = AsyncStream.makeStream(
            of: TTYEvent.self,
            bufferingPolicy: .bufferingOldest(Self.waitingMax)
        )
        if let size { feed.yield(.resized(size)) }
        let output = output
        let stop = InputThread.start(reading: input, signals: signals) { chunk in
            let event: TTYEvent
            switch chunk {
            case .bytes(let bytes): event = .bytes(bytes)
            case .pause: event = .paused
            case .end: event = .endOfInput
            case .signal(UInt8(ascii: "W")):
                guard let size = Self.size(of: output) else { return .taken }
                event = .resized(size)
            case .signal(UInt8(ascii: "C")): event = .continued
            case .signal(UInt8(ascii: "I")): event = .interrupted
            case .signal: event = .terminated
            }
            let offer = InputThread.Offer(feed.yield(event))
            if case .end = chunk, offer != .full { feed.finish() }
            return offer
        } ended: {
            cterminal_unlisten()
        }
        feed.onTermination = { _ in stop() }
        return events
    }

    private func enter(_ mode: Int32, paste: Bool) throws(TTYError) {
        guard isatty(input) == 1 else { throw .notATerminal }
        let refused = cterminal_enter(input, output, mode, paste ? 1 : 0)
        if refused != 0 { throw .refused(errno: refused) }
    }

    private static func size(of descriptor: Int32) -> TTYSize? {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard cterminal_size(descriptor, &columns, &rows) == 0 else { return nil }
        return TTYSize(columns: Int(columns), rows: Int(rows))
    }
}
