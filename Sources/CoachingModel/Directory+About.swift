// SPDX-License-Identifier: Apache-2.0

extension Directory {
    /// Lists every invite for a participant that is still known, the first made first.
    ///
    /// - Complexity: looks at every invite.
    public func invites(for participant: ParticipantID) -> [InviteRecord] {
        invites.values.filter { $0.participant == participant }
            .sorted { ($0.made, $0.invite) < ($1.made, $1.invite) }
    }
}
