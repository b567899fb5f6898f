// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// Is one connection of a listener: frames in, a bounded queue out.
///
/// The last handler of its pipeline, behind TLS.
///
/// - Isolation: the listener's loop.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case handshaking
        case greeting
        case authenticated
        case closing
        case closed

        var isOpen: Bool { self == .greeting || self == .authenticated }
    }

    let id: ConnectionID
    let table: ConnectionTable
    let address: String
    let leaf: [UInt8]
    var admission: AddressGate.Admission
    private(set) var phase = Phase.handshaking
    private(set) var queue = OutgoingQueue()

    // What the table keeps about it.
    var isDirty = false
    var isWatched = false
    var isLagging = false
    var wantsDrained = false
    var isDrainTold = false

    private var context: ChannelHandlerContext?
    private var frames = FrameReader()
    private var held: ByteBuffer?
    private var isPaused = false
    private var isParsing = false
    private var isDraining = false
    /// What the channel said last; asking it costs much where it is asked for every write.
    private var isWritable = true
    private var isCloseSent = false
    private var wasOpened = false
    private var reason: CloseReason?
    /// Ends the phase: handshake, greeting, closing.
    private var deadlineMs: Int64?
    private var partialSinceMs: Int64?
    private var progressAtMs: Int64 = 0
    private var progressBytes = 0
    private var taken: UInt64 = 0
    private var takenBefore: UInt64 = 0

    init(
        id: ConnectionID,
        table: ConnectionTable,
        admission: AddressGate.Admission,
        address: String,
        leaf: [UInt8]
    ) {
        self.id = id
        self.table = table
        self.admission = admission
        self.address = address
        self.leaf = leaf
    }

    private var limits: TransportLimits { table.limits }

    // MARK: The channel's calls

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        setDeadline(limits.handshakeWithin)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        ended()
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
            handshakeCompleted(context: context, negotiated)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func handshakeCompleted(context: ChannelHandlerContext, _ negotiated: String?) {
        guard phase == .handshaking else { return }
        // The TLS library takes a mismatch for no error.
        guard negotiated == TLSPolicy.protocolName else { return abort(.lost) }
        let certificate: [UInt8]?
        do {
            certificate = try context.pipeline.syncOperations.nioSSL_peerCertificate()?.toDERBytes()
        } catch {
            return abort(.lost)
        }
        phase = .greeting
        wasOpened = true
        table.connections[id] = self
        setDeadline(certificate == nil ? limits.enrolmentWithin : limits.helloWithin)
        table.touch()
        table.handler?.opened(
            id,
            PeerDescription(address: address, certificate: certificate, serverLeaf: leaf)
        )
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        guard phase.isOpen else { return }
        if held != nil {
            hold(&buffer)
        } else {
            parse(&buffer)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        if isWritable { drain() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !EndOfPeer.isMeant(by: error) { abort(.lost) }
    }

    private func ended() {
        guard phase != .closed else { return }
        phase = .closed
        forgetQueue()
        held = nil
        let reason = reason ?? (frames.isPartial ? .truncated : .peer)
        frames = FrameReader()
        table.ended(self, wasOpened: wasOpened, reason)
    }

    // MARK: In

    private func parse(_ buffer: inout ByteBuffer) {
        isParsing = true
        defer { isParsing = false }
        var isFresh = !frames.isPartial
        while phase.isOpen, !isPaused {
            let bytesMax =
                phase == .authenticated ? limits.frameBytesMax : limits.firstFrameBytesMax
            switch frames.next(from: &buffer, bytesMax: bytesMax) {
            case .frame(let body):
                isFresh = true
                table.touch()
                table.handler?.received(id, frame: body)
            case .violation(let violation):
                return violated(violation)
            case .needMore:
                notePartial(isFresh: isFresh)
                return
            }
        }
        guard phase.isOpen else { return }
        partialSinceMs = nil
        hold(&buffer)
    }

    private func notePartial(isFresh: Bool) {
        if !frames.isPartial {
            partialSinceMs = nil
        } else if isFresh || partialSinceMs == nil {
            partialSinceMs = table.nowMs
            watch()
        }
    }

    /// Keeps what came in while reading is paused; a copy, so that TLS's buffer stays free.
    private func hold(_ buffer: inout ByteBuffer) {
        var kept = held ?? ByteBuffer()
        guard kept.readableBytes + buffer.readableBytes <= limits.heldBytesMax else {
            return abort(.inputOverflow)
        }
        kept.writeBytes(buffer.readableBytesView)
        held = kept
    }

    private func violated(_ violation: FrameViolation) {
        table.touch()
        let goodbye = table.handler?.violated(id, violation)
        beginClose(.violation(violation), after: goodbye ?? nil)
    }

    func pause() {
        guard phase.isOpen, !isPaused else { return }
        isPaused = true
        partialSinceMs = nil
        setReading(false)
    }

    func resume() {
        guard phase.isOpen, isPaused else { return }
        isPaused = false
        // Frames held back are delivered at the end of the turn, not within the handler's call;
        // until then what comes in must queue up behind them.
        if held == nil { held = ByteBuffer() }
        table.tell(.resumed(self))
    }

    func readOn() {
        guard phase.isOpen, !isPaused, !isParsing, var buffer = held else { return }
        held = nil
        parse(&buffer)
        if phase.isOpen, !isPaused { setReading(true) }
    }

    private func setReading(_ isOn: Bool) {
        guard let context else { return }
        // Fails only on a closed channel, whose end is told anyway.
        try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
    }

    func setAuthenticated() {
        guard phase == .greeting else { return }
        phase = .authenticated
        deadlineMs = nil
        table.gate.authenticated(&admission)
    }

    // MARK: Out

    func enqueue(push buffer: ByteBuffer) {
        guard !isLagging else { return }
        // A long turn alone makes nobody lag: what the channel takes goes out first.
        if queue.isFull(for: buffer, limits) { drain() }
        guard phase.isOpen else { return }
        if queue.isFull(for: buffer, limits) {
            lag()
        } else {
            append(buffer, isPush: true)
        }
    }

    func enqueue(reply buffer: ByteBuffer) {
        if queue.isFull(for: buffer, limits) { drain() }
        guard phase.isOpen else { return }
        if !isLagging, queue.hasPushes, queue.isFull(for: buffer, limits) { lag() }
        guard queue.replyBytes + buffer.readableBytes <= limits.replyBytesMax else {
            return abort(.queueOverflow)
        }
        append(buffer, isPush: false)
    }

    private func lag() {
        isLagging = true
        let before = queue.bytes
        queue.dropPushes()
        table.queued(queue.bytes - before)
        table.tell(.lagged(self))
        table.markDirty(self)
    }

    private func append(_ buffer: ByteBuffer, isPush: Bool) {
        queue.append(buffer, isPush: isPush)
        table.markDirty(self)
        table.queued(buffer.readableBytes)
    }

    private func forgetQueue() {
        let before = queue.bytes
        queue.removeAll()
        table.queued(-before)
    }

    /// Writes what waits, as long as the channel takes it.
    func drain() {
        guard !isDraining, let context, phase.isOpen || phase == .closing else { return }
        // A write can call `channelWritabilityChanged` at once.
        isDraining = true
        defer { isDraining = false }
        while isWritable, let chunk = takeChunk() {
            taken &+= 1
            context.writeAndFlush(wrapOutboundOut(chunk), promise: nil)
        }
        watch()
        guard queue.isEmpty else { return }
        if phase == .closing {
            finishClose(context)
        } else if phase.isOpen, isLagging || wantsDrained, !isDrainTold,
            context.channel.isWritable
        {
            isDrainTold = true
            table.tell(.drained(self))
        }
    }

    private func takeChunk() -> ByteBuffer? {
        let before = queue.bytes
        let chunk = queue.takeChunk()
        table.queued(queue.bytes - before)
        return chunk
    }

    // MARK: Time

    private func setDeadline(_ time: Duration) {
        deadlineMs = table.nowMs + time.wholeMs
        watch()
    }

    /// Has the times looked at; what waits at the first look has waited since now.
    ///
    /// Asked for after every write, so nothing here may cost while a look is due anyway.
    private func watch() {
        guard !isWatched, phase != .closed else { return }
        progressAtMs = table.nowMs
        takenBefore = taken
        progressBytes = .max
        table.watch(self)
    }

    private var bufferedBytes: Int {
        // Fails only on a closed channel, where nothing waits any more.
        (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Looks at all its times; tells whether there is more to look at.
    func look(nowMs: Int64) -> Bool {
        guard phase != .closed else { return false }
        if let deadlineMs, nowMs >= deadlineMs {
            deadlineReached()
            return phase != .closed && self.deadlineMs != nil
        }
        if phase.isOpen, let since = partialSinceMs, nowMs - since >= limits.frameWithin.wholeMs {
            partialSinceMs = nil
            violated(.late)
            return phase != .closed
        }
        let buffered = bufferedBytes
        let waits = buffered > 0 || !queue.isEmpty
        if !waits || taken != takenBefore || buffered < progressBytes {
            progressAtMs = nowMs
        } else if nowMs - progressAtMs >= limits.writeProgressWithin.wholeMs {
            abort(.writeStalled)
            return false
        }
        takenBefore = taken
        progressBytes = buffered
        return waits || deadlineMs != nil || partialSinceMs != nil
    }

    private func deadlineReached() {
        deadlineMs = nil
        switch phase {
        case .handshaking: abort(.lost)
        case .greeting: beginClose(.helloLate, after: table.helloLate(id))
        case .closing: abort(reason ?? .handler)
        case .authenticated, .closed: break
        }
    }

    // MARK: The end

    /// Closes after what waits and a last frame; bounded in time.
    func beginClose(_ reason: CloseReason, after frame: [UInt8]?) {
        guard phase.isOpen else { return }
        phase = .closing
        self.reason = reason
        held = nil
        partialSinceMs = nil
        setReading(true)
        setDeadline(limits.flushWithin)
        if let frame {
            append(ByteBuffer(bytes: frame), isPush: false)
        } else {
            table.markDirty(self)
        }
    }

    private func finishClose(_ context: ChannelHandlerContext) {
        guard !isCloseSent else { return }
        isCloseSent = true
        // TLS says farewell behind what is still buffered, waits 3 s at most, then closes.
        context.close(promise: nil)
    }

    /// Closes at once, past TLS: nothing more is written.
    func abort(_ reason: CloseReason) {
        guard phase != .closed, let context else { return }
        if self.reason == nil { self.reason = reason }
        if phase != .handshaking { phase = .closing }
        forgetQueue()
        let pipeline = context.pipeline.syncOperations
        if let below = try? pipeline.context(handlerType: NIOSSLServerHandler.self) {
            below.close(promise: nil)
        } else {
            context.close(promise: nil)
        }
    }
}

extension Duration {
    /// Gives whole milliseconds, at least 1.
    var wholeMs: Int64 {
        let (seconds, attoseconds) = components
        let (ms, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !overflow, ms < .max - 1_000 else { return .max / 4 }
        return max(1, ms + attoseconds / 1_000_000_000_000_000)
    }
}
