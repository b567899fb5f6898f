// SPDX-License-Identifier: Apache-2.0

extension BuiltInFormats {
    /// One brings a matter, the others consult.
    ///
    /// - Source: CAPABILITIES.md F11.
    static let codevelopmentYAML = """
        # One brings a matter, the others consult; who facilitates is none of them. The sources
        # know 45 to 120 minutes; the twenty for the consultation are ours.
        name: codevelopment
        title: Codevelopment
        source: imfusio.com, codev; dirigeant.fr; annievisco.com; uottawa.ca, action learning group
        version: 1
        pods: {smallest: 4, usual: 6, largest: 8}
        coaches: all
        rounds: 1
        labels: {coach: consultant}

        round:
          - name: present
            title: The matter
            minutes: 8
            client:
              may: [say]
              bare: say
              spoken: say
              now: Tell your problem, project or concern. Nobody interrupts you.
            coach:
              now: Listen to {client}. Questions come next.

          - name: clarify
            title: Questions for facts
            minutes: 10
            client:
              may: [answer]
              bare: answer
              now: Answer in short.
            coach:
              may: [ask]
              bare: ask
              now: Ask {client} for facts only.

          - name: contract
            title: The request
            minutes: 5
            client:
              may: [say, ask]
              bare: say
              spoken: say
              now: Say what you want from the others, as "I would like you to ...", until it fits.
            coach:
              may: [say, ask, reflect]
              bare: reflect
              spoken: say
              now: Say back what {client} asks for, and whether you take it on.

          - name: consult
            title: Consultation
            minutes: 20
            client:
              may: [say]
              bare: note
              now: Listen and take notes. Speak only if it leads away from what you asked for.
            coach:
              may: [say, reflect, suggest, offer]
              bare: suggest
              now: Give what you have for what {client} asked, what you lived, saw, would try.

          - name: synthesis
            title: Synthesis and plan
            minutes: 8
            client:
              may: [say, thanks, commit]
              bare: say
              now: Say what you keep, and promise what you will do, by when. You report next time.
            coach:
              now: Listen to {client}.

        closing:
          - name: learning
            title: What each learned
            minutes: 9
            everyone:
              may: [say, feedback, thanks]
              bare: say
              floor: round
              now: Say what you learned for your own work, and how we worked.

        """
}
