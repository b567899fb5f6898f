// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// The whole group looks back and decides.
    ///
    /// - Source: CAPABILITIES.md F10.
    static let retroYAML = """
        # The whole group stays together: what was, what we see in it, what we change.
        name: retro
        title: Check-in and retrospective
        source: parabol (5, 5, 2 and 20 minutes); moccasoft.com, five stages after Derby and Larsen
        version: 1
        pods: {smallest: 2, usual: 6, largest: 8}

        opening:
          - name: check-in
            title: Check in
            minutes: 5
            everyone:
              may: [say]
              bare: say
              floor: round
              now: Say in one sentence how you are here.

          - name: reflect
            title: Write for yourself
            minutes: 5
            everyone:
              now: Write for yourself what helped us, what hindered us, what puzzles you.

          - name: gather
            title: Put it together
            minutes: 5
            everyone:
              may: [say]
              bare: say
              now: Bring your points, one a line. Say which ones belong together.

          - name: vote
            title: Choose
            minutes: 2
            everyone:
              may: [say]
              bare: say
              now: Name the two points that you want to talk about.

          - name: discuss
            title: Talk about them
            minutes: 20
            everyone:
              may: [say, ask, answer, reflect, suggest]
              bare: say
              now: "Take the point with the most voices first: what is behind it, what to try?"

          - name: decide
            title: Decide
            minutes: 10
            everyone:
              may: [say, suggest, commit]
              bare: say
              now: Agree on one or two things to try, who does them, and by when.

        closing:
          - name: close
            title: Close
            minutes: 3
            everyone:
              may: [say, thanks]
              bare: say
              floor: round
              now: Say in one sentence what you take with you.

        round: []

        """
}
