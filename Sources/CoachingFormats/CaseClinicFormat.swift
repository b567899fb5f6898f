// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// One gives a case, the others listen deeply.
    ///
    /// - Source: CAPABILITIES.md F12.
    static let caseClinicYAML = """
        # One brings a case, three or four coach, one of these keeps an eye on the clock. Nobody
        # mends anything here.
        name: case-clinic
        title: Case clinic
        source: sessionlab.com; microsolidarity.cc; care-full-courses.com; mitramartin.com
        version: 1
        pods: {smallest: 4, usual: 4, largest: 5}
        coaches: all
        rounds: 1
        labels: {client: case giver}

        opening:
          - name: roles
            title: Settle in
            minutes: 3
            everyone:
              may: [say]
              bare: say
              now: Say how you arrive. /plan shows who gives the case; agree on who minds the time.

        round:
          - name: case
            title: The case
            minutes: 15
            client:
              may: [say]
              bare: say
              spoken: say
              now: Tell what you face, who is in it, what shall come about, what you must let go.
            coach:
              now: Listen to {client} with all you have. Ask only what you cannot do without, later.

          - name: stillness
            title: Stillness
            minutes: 3
            client:
              now: Be still.
            coach:
              now: Be still. Notice which images, feelings and gestures come.

          - name: mirroring
            title: Mirroring
            minutes: 10
            client:
              may: [answer]
              bare: note
              now: Listen to each. When all have spoken, say in a minute what it does to you.
            coach:
              may: [reflect]
              bare: reflect
              floor: round
              now: Tell {client} what came to you, what you see, what you sense, what you feel.

          - name: dialogue
            title: Dialogue
            minutes: 20
            client:
              may: [say, ask, answer, reflect]
              bare: say
              now: Think together with the others. Nothing has to be solved.
            coach:
              may: [say, ask, reflect]
              bare: say
              now: Build on what the others say. Nothing has to be solved for {client}.

          - name: closing
            title: What is new
            minutes: 5
            client:
              may: [say, commit]
              bare: say
              now: Say how you see it now, and what you will do next.
            coach:
              may: [thanks]
              bare: thanks
              now: Listen to {client}, then say thanks in one sentence.

        closing:
          - name: thanks
            title: Thanks
            minutes: 4
            everyone:
              may: [say, thanks]
              bare: thanks
              now: Say what this case gave you. What was said stays here.

        """
}
