// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire

/// Who waits for an answer.
struct Asker: Hashable {
    var connection: ConnectionNumber
    var request: UInt64
    var identity: DeviceIdentity
    /// After what the page of the list begins that is asked for.
    var after: PageCursor?
}

/// Something that waits for a room's next decision.
struct RoomWait {
    /// Who asked; `nil` for the server itself.
    var asker: Asker?
    var ask: RoomAsk
    var tries = 0
    /// Whether the store has been asked for the key of this post, and has none.
    var isKeyNew = false
    /// What this withdrawal names, once that was read.
    var cited: CitedItems?
    /// What was written before the meeting that this starts, once that was looked for.
    var written: Set<FeedbackDue>?
}

/// What can wait for a room.
enum RoomAsk {
    case post(Post)
    case posted(EntryReference)
    case follow(Follow)
    case unfollow
    case history(HistoryPage)
    case act(RoomAct)
    case lobby
    /// Keep a chunk of a file.
    case putChunk(FilePart)
    /// Give a chunk of a file.
    case getChunk(FilePlace)
    /// Erase files that no line has handed over in time (the server's own).
    case dropFiles
    case keys
    /// Erase what is over on a page, or end looking for it.
    case retain(RetentionPage?)
    /// The server's own command.
    case command(RoomCommand, by: RoomActor)
    /// Take no more answers to a prompt (the server's own).
    case closePrompt(PromptID)
    /// The directory's word that somebody shall not be in the room, and who said so.
    case shutOut(PersonID, ExclusionCause, by: PersonID?)
}

/// What has been decided and waits to be durable.
enum Decided {
    /// An item with its number; delivered to the transcript's listeners.
    case item(Asker, Transcript, number: UInt64, head: Bytes32, frame: [UInt8], opens: Bool)
    /// A chunk of a file; so many are kept now.
    case kept(Asker, chunks: UInt32)
    /// Files that no line has handed over.
    case dropped
    /// Items of a transcript that were erased.
    case erased(Transcript)
    /// Nothing is left up to a number that goes by itself.
    case settled(Transcript, upTo: UInt64)
    /// An answer that is kept back, given or sent again.
    case given(Asker)
    /// An answer that was kept back and is delivered now.
    case delivered(Transcript, number: UInt64, head: Bytes32, frame: [UInt8])
    /// An entry that a phase asks for.
    case met(NeedMet)
    /// Bytes that were decided before, sent again.
    case again(Asker, number: UInt64)
    /// Records of the room's log.
    case records(Asker?, frames: [(position: UInt64, frame: [UInt8])], changesReaders: Bool)
}
