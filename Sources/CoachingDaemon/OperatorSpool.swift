// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import CoachingServer
import CoachingStore
import CoachingStoreSQLite
import CoachingWire
import Foundation

/// What the operator's command line asks of the directory.
public struct OperatorRequest: Codable, Hashable, Sendable {
    /// Who becomes administrator: made by the command line.
    public var participant: ParticipantID
    /// Their name.
    public var name: String
    /// The hash of the invite; the secret stays with the command line.
    public var invite: Bytes32
    /// How many days it holds.
    public var days: UInt32?
    /// Whether it replaces an administrator who is lost.
    public var replacing: Bool

    /// Makes a request.
    public init(
        participant: ParticipantID,
        name: String,
        invite: Bytes32,
        days: UInt32?,
        replacing: Bool
    ) {
        self.participant = participant
        self.name = name
        self.invite = invite
        self.days = days
        self.replacing = replacing
    }

    var command: DirectoryCommand {
        .inviteAdministrator(
            AdministratorInvite(
                participant: participant,
                name: name,
                invite: invite,
                days: days,
                isReplacing: replacing
            )
        )
    }
}

/// The folder through which the operator's command line reaches a running server: one file a
/// request, one file an answer, all of them readable by the server's user alone.
struct OperatorSpool {
    private let folder: DataFolder

    init(_ folder: DataFolder) { self.folder = folder }

    /// Makes the folder empty.
    func prepare() {
        try? FileManager.default.removeItem(atPath: folder.operate)
        try? FileManager.default.createDirectory(
            atPath: folder.operate,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// Takes up what waits.
    ///
    /// Called on the loop; the folder is nearly always empty.
    func serve(_ shell: ServerShell) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.operate)
        else { return }
        for name in names.sorted().prefix(16) where name.hasSuffix(".ask") {
            let file = folder.operate + "/" + name
            let data = FileManager.default.contents(atPath: file)
            try? FileManager.default.removeItem(atPath: file)
            guard let data, data.count <= 4_096,
                let request = try? JSONDecoder().decode(OperatorRequest.self, from: data)
            else { continue }
            let answer = String(file.dropLast(4)) + ".answer"
            shell.operate(request.command) { result in
                let text =
                    switch result {
                    case .success: "done"
                    case .failure(let rejection): "refused \(rejection.rawValue)"
                    case nil: "failed"
                    }
                let written = answer + ".new"
                _ = FileManager.default.createFile(
                    atPath: written,
                    contents: Data(text.utf8),
                    attributes: [.posixPermissions: 0o600]
                )
                try? FileManager.default.moveItem(atPath: written, toPath: answer)
            }
        }
    }
}

/// The operator's side of the spool.
public struct OperatorDesk: Sendable {
    private let folder: DataFolder

    /// Makes the desk of a data folder.
    public init(_ folder: DataFolder) { self.folder = folder }

    /// Asks the server to do something: the running one, or, where none runs, the store itself.
    ///
    /// - Throws: ``DaemonError`` with the rule that refused, or that nobody answered.
    public func ask(_ request: OperatorRequest) async throws(DaemonError) {
        let store: SQLiteStore
        do {
            store = try SQLiteStore(folder: folder.store, release: Daemon.release)
        } catch {
            guard error.reason == .inUse else { throw DaemonError("\(error)") }
            return try await throughSpool(request)
        }
        defer { store.close() }
        try await directly(request, store)
    }

    /// Runs the core without a listener for this one command.
    private func directly(
        _ request: OperatorRequest,
        _ store: SQLiteStore
    ) async throws(DaemonError) {
        let log = try Daemon.replay(store)
        let authority = try folder.authority()
        let now = SystemTime.now()
        let core = ServerCore(
            configuration: ServerConfiguration(),
            desk: .of(authority),
            log: log,
            lastAlive: nil,
            at: now
        )
        for effect in core.step(.operate(1, request.command), at: now) {
            switch effect {
            case .operated(_, .failure(let rejection)): throw refusal(rejection.rawValue)
            case .append(_, let groups):
                let result = await withCheckedContinuation { continuation in
                    store.append(groups) { continuation.resume(returning: $0) }
                }
                guard case .success(let outcomes) = result,
                    outcomes.allSatisfy({ $0 == .committed })
                else { throw Self.notKept }
            default: break
            }
        }
    }

    private static let notKept = DaemonError(
        "The database cannot be written.",
        hint: "Is the disk full?"
    )

    private func throughSpool(_ request: OperatorRequest) async throws(DaemonError) {
        let name = folder.operate + "/" + request.invite.description
        guard let data = try? JSONEncoder().encode(request),
            FileManager.default.createFile(
                atPath: name + ".new",
                contents: data,
                attributes: [.posixPermissions: 0o600]
            ),
            (try? FileManager.default.moveItem(atPath: name + ".new", toPath: name + ".ask"))
                != nil
        else {
            throw DaemonError(
                "The running server cannot be asked.",
                hint: "Run this as the user that runs peercoachd."
            )
        }
        for _ in 0..<100 {
            try? await Task.sleep(for: .milliseconds(100))
            guard let data = FileManager.default.contents(atPath: name + ".answer") else {
                continue
            }
            try? FileManager.default.removeItem(atPath: name + ".answer")
            let words = String(decoding: data, as: UTF8.self).split(separator: " ")
            if words.first == "done" { return }
            if words.first == "failed" { throw Self.notKept }
            throw refusal(words.last.flatMap { UInt16($0) } ?? 0)
        }
        try? FileManager.default.removeItem(atPath: name + ".ask")
        throw DaemonError("The running server did not answer.", hint: "See its log.")
    }

    private func refusal(_ code: UInt16) -> DaemonError {
        switch DirectoryRejection(rawValue: code) {
        case .nameInvalid: DaemonError("The name is empty, too long or has odd characters.")
        case .nameTaken: DaemonError("Somebody has this name already.", hint: "Choose another.")
        case .alreadyEnrolled:
            DaemonError(
                "There is an administrator already.",
                hint: "They can make others: peercoach admin admins. If they are lost: --replace."
            )
        default: DaemonError("The directory refused (code \(code)).")
        }
    }
}
