// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingServer
import CoachingStore
import CoachingWire

/// Whether a data folder holds what this server keeps: sealed entries.
///
/// Servers before the first sealing kept entries in the clear, and a server takes one suite only:
/// so the first key event that is found tells of all.
enum StoredSuite {
    /// Refuses a folder with entries in the clear.
    ///
    /// - Throws: ``DaemonError`` with what to do.
    static func check(
        _ store: any EventStore,
        _ directory: Directory,
        in path: String
    ) throws(DaemonError) {
        let isForeign: Bool
        do throws(StoreError) {
            isForeign = try firstKeyIsForeign(store, directory)
        } catch {
            throw DaemonError("The database cannot be read.", hint: "Restore it from a backup.")
        }
        guard isForeign else { return }
        throw DaemonError(
            "\(path) holds what people wrote before peercoach sealed it, in the clear.",
            hint: "This server does not open it. Make a new one in another folder with"
                + " peercoachd init, invite the people again, and then delete this folder and"
                + " its backups; or go on with the release that made it."
        )
    }

    private static func firstKeyIsForeign(
        _ store: any EventStore,
        _ directory: Directory
    ) throws(StoreError) -> Bool {
        for room in directory.allRooms() {
            for record in try store.streams(of: room) {
                // A key comes before all that it opens; where it was erased, the next tells.
                guard let first = try store.read(record.stream, 1...1, bytesMax: 1).first,
                    first.frame.count > Frame.headBytes,
                    case .push(.item(let pushed))? = try? ServerMessage(
                        body: Array(first.frame[Frame.headBytes...])
                    )
                else { continue }
                do {
                    _ = try ContentItem.parse(pushed.item)
                    return false
                } catch {
                    return error == .wrongSuite
                }
            }
        }
        return false
    }
}
