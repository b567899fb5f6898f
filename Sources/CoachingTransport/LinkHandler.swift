// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// Is the client's end of a channel: waits for the handshake, then passes frames on.
///
/// - Isolation: the channel's loop; the calls of the sequence's delegate hop onto it.
final class LinkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    typealias Source = NIOThrowingAsyncSequenceProducer<
        [UInt8], any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark,
        ReadGate
    >.Source

    private let loop: any EventLoop
    private let frameBytesMax: Int
    private let writeProgressWithin: Duration
    private let stands: EventLoopPromise<FrameLink>
    private let verdict: NIOLoopBoundBox<TrustRefusal?>
    private var frames = FrameReader()
    private var source: Source?
    private var failure: TransportError?

    init(
        loop: any EventLoop,
        frameBytesMax: Int,
        writeProgressWithin: Duration,
        stands: EventLoopPromise<FrameLink>,
        verdict: NIOLoopBoundBox<TrustRefusal?>
    ) {
        self.loop = loop
        self.frameBytesMax = frameBytesMax
        self.writeProgressWithin = writeProgressWithin
        self.stands = stands
        self.verdict = verdict
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
            handshakeCompleted(context, negotiated)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func handshakeCompleted(_ context: ChannelHandlerContext, _ negotiated: String?) {
        guard source == nil else { return }
        guard negotiated == TLSPolicy.protocolName else { return fail(context, .alpnRefused) }
        let leaf: [UInt8]
        do {
            let certificate = try context.pipeline.syncOperations.nioSSL_peerCertificate()
            guard let certificate else { return fail(context, .handshakeFailed) }
            leaf = try certificate.toDERBytes()
        } catch {
            return fail(context, .handshakeFailed)
        }
        let made = NIOThrowingAsyncSequenceProducer.makeSequence(
            elementType: [UInt8].self,
            failureType: (any Error).self,
            backPressureStrategy: NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark(
                lowWatermark: 8,
                highWatermark: 32
            ),
            finishOnDeinit: true,
            delegate: ReadGate(channel: context.channel)
        )
        source = made.source
        stands.succeed(
            FrameLink(
                channel: context.channel,
                serverLeaf: leaf,
                frames: InboundFrames(base: made.sequence),
                writeProgressWithin: writeProgressWithin
            )
        )
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        while failure == nil, let source {
            switch frames.next(from: &buffer, bytesMax: frameBytesMax) {
            case .frame(let body):
                if case .stopProducing = source.yield(body) { setReading(context.channel, false) }
            case .needMore:
                return
            case .violation(.tooLong):
                return fail(context, .frameTooLong)
            case .violation:
                return fail(context, .frameEmpty)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What was cut off without TLS's farewell shows at the end of the channel.
        if case NIOSSLError.uncleanShutdown? = error as? NIOSSLError { return }
        if let refusal = verdict.value { return fail(context, .notTrusted(refusal)) }
        fail(context, TransportError(link: error, isHandshaking: source == nil))
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish()
    }

    private func fail(_ context: ChannelHandlerContext, _ error: TransportError) {
        if failure == nil { failure = error }
        stands.fail(error)
        context.close(promise: nil)
    }

    private func finish() {
        stands.fail(failure ?? .closed)
        guard let source else { return }
        if let failure {
            source.finish(failure)
        } else if frames.isPartial {
            source.finish(TransportError.truncated)
        } else {
            source.finish()
        }
    }

    private func setReading(_ channel: any Channel, _ isOn: Bool) {
        // Fails only on a closed channel, whose end is told anyway.
        try? channel.syncOptions?.setOption(.autoRead, value: isOn)
    }
}

/// Lets the channel read on when the consumer of the frames has room again.
final class ReadGate: NIOAsyncSequenceProducerDelegate {
    private let channel: any Channel

    init(channel: any Channel) {
        self.channel = channel
    }

    func produceMore() {
        channel.setOption(.autoRead, value: true).whenFailure { _ in }
    }

    func didTerminate() {
        channel.close(promise: nil)
    }
}
