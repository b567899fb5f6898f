// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingStore

/// The answers that a room keeps back until their prompts close, and, apart from them, who has
/// answered.
///
/// A box is two frames of one stream: one says who has answered, as a bit for each of those who
/// were asked; the other holds the answers, ascending by their digest and filled up with zeros.
/// Both are written over as a whole with every answer, so nothing in them, not their order nor
/// their places nor a time, tells who gave which. They are wiped in the commit that closes the
/// prompt, and used again for later ones. Who watches the disk or the memory while an answer is
/// taken can see the two change together; traces of it in the store's log go with its next purge.
///
/// - Shape: `prompt 16 || bits 16` and `prompt 16 || u16 count || answers || 00 ...`; a box that is
///   free is all zeros.
/// - Limits: as many boxes as prompts were ever open at once; 128 people in each.
struct PromptBoxes {
    /// An answer as it was posted.
    struct Kept: Hashable {
        var digest: Bytes32
        var item: [UInt8]
    }

    /// What became of an answer.
    enum Outcome: Hashable {
        /// It is kept from now on.
        case kept
        /// The same was given before.
        case again
        /// The person gave another one, or somebody else gave this one.
        case refused
    }

    private struct Box {
        /// How many answers fit.
        let places: Int
        /// `nil` where it is free.
        var prompt: PromptID?
        var givers: [UInt8] = PromptBoxes.nobody
        var answers: [Kept] = []
        var isStored: Bool
        var isChanged = false
    }

    private static let nobody = [UInt8](repeating: 0, count: 16)
    private static let headBytes = 18

    /// The room's boxes in the store.
    let stream: StreamID
    private var boxes: [Box] = []
    /// The first frame of a box whose second one is still to come.
    private var half: [UInt8]?
    /// How often something was written.
    private(set) var writes: UInt64 = 0

    init(room: RoomID) { stream = Self.stream(of: room) }

    /// Gives the stream in which a room keeps answers back.
    static func stream(of room: RoomID) -> StreamID {
        var hashing = Hashing(label: "peer1/answers")
        hashing.add(room.value)
        return StreamID(hashing.finish().first16)
    }

    /// Gives the answers to a prompt, in the order in which they are delivered.
    func answers(to prompt: PromptID) -> [Kept] { box(of: prompt).map { boxes[$0].answers } ?? [] }

    /// Tells whether something about a prompt was decided that is not written yet.
    func isChanged(_ prompt: PromptID) -> Bool {
        box(of: prompt).map { boxes[$0].isChanged } ?? false
    }

    /// Takes an answer of one of those who were asked.
    mutating func take(
        _ answer: Kept,
        to prompt: PromptID,
        by person: PersonID,
        of asked: [PersonID]
    ) -> Outcome {
        guard let bit = asked.firstIndex(of: person), bit < 8 * Self.nobody.count else {
            return .refused
        }
        let (byte, mask) = (bit / 8, 1 << UInt8(bit % 8) as UInt8)
        if let index = box(of: prompt) {
            let isKept = boxes[index].answers.contains(answer)
            if boxes[index].givers[byte] & mask != 0 { return isKept ? .again : .refused }
            // It would count for two.
            if isKept { return .refused }
        }
        let index = box(of: prompt) ?? free(for: asked.count)
        boxes[index].prompt = prompt
        boxes[index].givers[byte] |= mask
        let place = boxes[index].answers.firstIndex { answer.digest < $0.digest }
        boxes[index].answers.insert(answer, at: place ?? boxes[index].answers.endIndex)
        boxes[index].isChanged = true
        return .kept
    }

    /// Wipes what was kept of a prompt.
    mutating func wipe(_ prompt: PromptID) {
        guard let index = box(of: prompt) else { return }
        boxes[index].prompt = nil
        boxes[index].givers = Self.nobody
        boxes[index].answers = []
        boxes[index].isChanged = true
    }

    private func box(of prompt: PromptID) -> Int? { boxes.firstIndex { $0.prompt == prompt } }

    /// Finds a box for so many answers, or makes one.
    private mutating func free(for count: Int) -> Int {
        let fitting = boxes.indices.filter { boxes[$0].prompt == nil && boxes[$0].places >= count }
        if let least = fitting.min(by: { boxes[$0].places < boxes[$1].places }) { return least }
        boxes.append(Box(places: (count + 7) / 8 * 8, isStored: false))
        return boxes.endIndex - 1
    }

    // MARK: In the store

    /// Adds to a group what has changed, each box once.
    mutating func write(to group: inout AppendGroup) {
        for index in boxes.indices where boxes[index].isChanged {
            let box = boxes[index]
            for (offset, frame) in [Self.givers(box), Self.answers(box)].enumerated() {
                let number = UInt64(2 * index + offset + 1)
                if box.isStored {
                    group.erasures.append(
                        FrameErasure(stream: stream, number: number, frame: frame)
                    )
                } else {
                    group.frames.append(
                        AppendFrame(
                            stream: stream,
                            number: number,
                            frame: frame,
                            digest: .zero,
                            head: .zero
                        )
                    )
                }
            }
            boxes[index].isStored = true
            boxes[index].isChanged = false
            writes += 1
        }
    }

    private static func givers(_ box: Box) -> [UInt8] {
        (box.prompt?.value ?? .zero).bytes + box.givers
    }

    private static func answers(_ box: Box) -> [UInt8] {
        let length = headBytes + box.places * UnattributedAnswer.itemBytes
        var frame = (box.prompt?.value ?? .zero).bytes
        frame.reserveCapacity(length)
        frame.append(UInt8(truncatingIfNeeded: box.answers.count >> 8))
        frame.append(UInt8(truncatingIfNeeded: box.answers.count))
        for answer in box.answers { frame += answer.item }
        frame += repeatElement(0, count: max(0, length - frame.count))
        return frame
    }

    /// Takes up what the store has, in order.
    ///
    /// - Returns: whether all of it is what a room kept.
    mutating func load(_ frames: [StoredFrame]) -> Bool {
        for stored in frames {
            guard let first = half else {
                guard stored.frame.count == 32 else { return false }
                half = stored.frame
                continue
            }
            half = nil
            guard let box = Self.read(first, stored.frame) else { return false }
            boxes.append(box)
        }
        return true
    }

    private static func read(_ givers: [UInt8], _ answers: [UInt8]) -> Box? {
        let size = UnattributedAnswer.itemBytes
        guard answers.count >= headBytes, (answers.count - headBytes) % size == 0,
            givers[..<16] == answers[..<16], let prompt = Bytes16(answers[..<16])
        else { return nil }
        let places = (answers.count - headBytes) / size
        let count = Int(answers[16]) << 8 | Int(answers[17])
        guard count <= places else { return nil }
        var box = Box(places: places, isStored: true)
        guard prompt != .zero else { return box }
        box.prompt = PromptID(prompt)
        box.givers = Array(givers[16...])
        for index in 0..<count {
            let start = headBytes + index * size
            let item = Array(answers[start..<start + size])
            guard let digest = try? ContentItem.parse(item).digest() else { return nil }
            box.answers.append(Kept(digest: digest, item: item))
        }
        return box
    }
}
