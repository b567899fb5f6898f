// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel

/// Writes invites as files that can be handed over: a ready mail where there is an address.
struct InviteLetters {
    /// The folder; it must not be there yet.
    let folder: String
    private var names: Set<String> = []

    /// Makes the folder.
    ///
    /// - Throws: ``ClientError`` with `file` where it exists or cannot be made.
    init(into folder: String) throws(ClientError) {
        try TextFile.makeFolder(folder)
        self.folder = folder
    }

    /// Writes one invite that nobody else can read.
    ///
    /// - Returns: the file's path.
    mutating func write(
        _ invite: ReadyInvite,
        address: String?,
        inviter: String,
        now: Timestamp
    ) throws(ClientError) -> String {
        let base = Self.fileName(invite.name)
        var name = base
        var number = 2
        while !names.insert(name).inserted {
            name = "\(base)-\(number)"
            number += 1
        }
        let body = Self.body(invite, inviter: inviter, now: now)
        let path = folder + "/" + name + (address == nil ? ".txt" : ".eml")
        try TextFile.create(path, address.map { Self.mail(to: $0, body) } ?? body)
        return path
    }

    /// A name in small letters and hyphens, so that it is a file name everywhere.
    static func fileName(_ name: String) -> String {
        var text = ""
        for character in name.lowercased() {
            if character.isLetter || character.isNumber {
                text.append(character)
            } else if !text.hasSuffix("-"), !text.isEmpty {
                text.append("-")
            }
        }
        while text.hasSuffix("-") { text.removeLast() }
        while text.utf8.count > 120 { text.removeLast() }
        return text.isEmpty ? "invite" : text
    }

    private static func body(_ invite: ReadyInvite, inviter: String, now: Timestamp) -> String {
        """
        Dear \(invite.name),

        you are invited to peer coaching: a small group of colleagues who coach each other.

        1. Install peercoach.
        2. In a terminal: peercoach enrol
        3. Paste this line when you are asked for your invite:

        \(invite.line)

        The line can be used once, until \(Words.moment(invite.expires, now: now)). Whoever has it
        comes in as you, so do not pass it on, and delete it when you have used it. If you do not
        want to take part: peercoach enrol --decline

        \(inviter)

        """
    }

    private static func mail(to address: String, _ body: String) -> String {
        let head = [
            "To: \(address)",
            "Subject: Your invite to peer coaching",
            "X-Unsent: 1",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
        ]
        let lines =
            head + [""]
            + body.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        return lines.joined(separator: "\r\n")
    }
}
