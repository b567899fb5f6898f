// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import NIOCore
import NIOSSL
import NIOTLS

/// Which of the two servers is loaded.
enum DeliveryServer: String {
    /// The real one, by its protocol.
    case peercoach
    /// The minimal one: a connection names its room and gets whatever is said in it.
    case limit
}

/// One device in one room: follows, posts, and checks what is delivered to it.
///
/// Apart from the first frames the work is the same for both servers: the frames that are posted
/// are the same bytes, and what is delivered is looked at in the same way.
///
/// - Isolation: the crowd's loop.
final class Member: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Step {
        case connecting
        case greeting
        case following
        case announcing
        case standing
    }

    let seat: Int
    private let room: PreparedRoom
    private let device: PreparedDevice
    private let posts: Bool
    private let crowd: Crowd
    private var author: EntryAuthor?
    private var context: ChannelHandlerContext?
    private var step = Step.connecting
    private var partial: ByteBuffer?
    private var serverLeaf = Bytes32.zero
    /// The last counter seen of each seat.
    private var counters: [UInt32]

    init(_ room: PreparedRoom, seat: Int, posts: Bool, of crowd: Crowd) {
        self.room = room
        self.seat = seat
        self.posts = posts
        self.crowd = crowd
        device = room.devices[seat]
        counters = [UInt32](repeating: 0, count: room.devices.count)
    }

    // MARK: The first frames

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            do {
                try handshakeCompleted(context)
            } catch {
                crowd.fail("\(error)")
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func handshakeCompleted(_ context: ChannelHandlerContext) throws {
        if posts {
            author = try EntryAuthor(room, device, seat: UInt8(seat), firstRequest: 2)
        }
        switch crowd.server {
        case .limit:
            write(ByteBuffer(bytes: [0, 0, 0, 16] + room.room.value.bytes))
            stand()
        case .peercoach:
            let leaf = try context.pipeline.syncOperations.nioSSL_peerCertificate()?.toDERBytes()
            serverLeaf = Hashing.hash(leaf ?? [])
            step = .greeting
        }
    }

    private func take(_ message: ServerMessage) throws {
        switch message {
        case .welcome(let welcome):
            let signer = try SigningKey(rawBytes: device.signingKey)
            let hello = Hello(
                version: wireVersion,
                device: signer.device,
                signature: try signer.signHello(nonce: welcome.nonce, serverLeaf: serverLeaf),
                program: "load"
            )
            try send(.hello(hello))
        case .ready:
            if crowd.follows {
                step = .following
                let follow = Follow(
                    room: room.room,
                    position: room.position,
                    transcripts: [],
                    rest: false
                )
                try send(.request(id: 1, .follow(follow)))
            } else {
                stand()
            }
        case .reply(1, .followed, _):
            guard let item = try author?.announcement() else { return stand() }
            step = .announcing
            try post(item)
        case .reply(_, .posted, _):
            if step == .announcing { stand() }
        case .ping: try send(.pong)
        case .push(.opened), .push(.waiting), .push(.item), .push(.record): break
        case .goodbye(let goodbye): crowd.fail("goodbye: \(goodbye.sentence)")
        case .refusal(_, let refusal): crowd.fail("refused: \(refusal.sentence)")
        default: crowd.fail("an unexpected message")
        }
    }

    private func stand() {
        step = .standing
        crowd.stood()
    }

    // MARK: Out

    private func send(_ message: ClientMessage) throws {
        write(ByteBuffer(bytes: try message.frame()))
    }

    /// Posts the next entry.
    func post() {
        guard let item = author?.nextItem() else { return }
        do {
            try post(item)
            crowd.tally.posts += 1
        } catch {
            crowd.fail("\(error)")
        }
    }

    private func post(_ item: [UInt8]) throws {
        guard let frame = try author?.frame(posting: item) else { return }
        write(ByteBuffer(bytes: frame))
    }

    private func write(_ buffer: ByteBuffer) {
        context?.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    func close() { context?.close(promise: nil) }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        if var kept = partial {
            kept.writeBuffer(&buffer)
            buffer = kept
            partial = nil
        }
        let used = buffer.withUnsafeReadableBytes { bytes -> Int in
            var start = 0
            while bytes.count - start >= 4 {
                let head = bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)
                let length = Int(UInt32(bigEndian: head))
                guard bytes.count - start - 4 >= length else { break }
                received(
                    UnsafeRawBufferPointer(rebasing: bytes[(start + 4)..<(start + 4 + length)])
                )
                start += 4 + length
            }
            return start
        }
        buffer.moveReaderIndex(forwardBy: used)
        if buffer.readableBytes > 0 { partial = ByteBuffer(bytes: buffer.readableBytesView) }
    }

    private func received(_ body: UnsafeRawBufferPointer) {
        if let mark = EntryAuthor.mark(in: body) { return delivered(mark.seat, mark.counter) }
        // The reply to a post says nothing that the delivery does not.
        if step == .standing, body.count < 32, body.first == 0x84 { return }
        do {
            try take(ServerMessage(body: [UInt8](body)))
        } catch {
            crowd.fail("\(error)")
        }
    }

    private func delivered(_ seat: Int, _ counter: UInt32) {
        guard seat < counters.count else { return crowd.fail("an unknown seat") }
        crowd.tally.deliveries += 1
        let last = counters[seat]
        if counter == last &+ 1 {
            counters[seat] = counter
        } else if counter <= last {
            crowd.tally.doubledOrLate += 1
        } else {
            crowd.tally.missing += Int(counter - last) - 1
            counters[seat] = counter
        }
        if seat == self.seat, posts, crowd.isPosting { post() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        crowd.lost()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        crowd.fail("\(error)")
        context.close(promise: nil)
    }
}
