// SPDX-License-Identifier: Apache-2.0

/// How a line comes to be read by more people than it was written for.
enum ReleaseGuide {
    static let text = """
        When more people are to read something

        Older lines, for who comes later
          A group can agree that its members may give who comes later the older
          lines of the room and the peers (peercoach agreement shows whether it has).
          Only a member can, with peercoach grant, only what they read themselves, and
          all see who gave whom what. Turns, notes and lines between two are never
          given so.

        A line of yours, for more people
          Only its author can ask: peercoach release LINE --to room (or peers, or
          programme). It waits for the yes of all whom it concerns: the client of that
          turn always, both where two share it, and whom it is about. peercoach
          consents yes N or no N answers; until it is released a no takes a yes back.
          Your device signs for exactly these words and readers, and every reader's
          device checks it. The line says by whose yes it is there, not where it came
          from; it stays as long as all lines there, and who is in the room by then
          reads it.

        To the programme
          Its administrators read what is released so, and nothing else of any room.
          Nobody reads it but them and you; peercoach released lists it. Before your
          first one you see who they are, by name, and whether an invite between you
          proved it. An administrator's program lets you in before, when it is
          connected; who else releases something is visible to you, not what. Whoever
          becomes an administrator later reads what comes after. It stays until you
          take it back: peercoach withdraw --room programme. When the last
          administrator was lost it begins anew, and your program stops and asks.
        """
}
