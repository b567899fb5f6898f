// SPDX-License-Identifier: Apache-2.0

/// How a method carries a session: phases, roles, who speaks, and one's own methods.
enum MethodsGuide {
    static let text = """
        Methods

          peercoach formats lists them, formats show NAME draws one as a timeline,
          rehearse NAME --members 5 runs it with pretend members, in a moment.

        What a method says
          Phases with minutes, and for each role in each phase what it may write and
          what to do now. An empty line in the room tells you yours. In a typed
          session anything else is refused, with what is possible instead; notes to
          yourself are always taken. In a spoken session all this is shown only.

        Who speaks
          open            all with the role, at any time
          round           one at a time, each once; who has had the floor least in
                          this session comes first. /pass when you are done, or do
                          not want to. When all have had it, all may speak; /floor
                          asks for another turn. Who keeps the time can pass for
                          somebody: /pass NAME
          question-first  a statement answers a question: it goes with the last one
                          that somebody else asked here. Questions show their number;
                          /answer 7 TEXT answers that one
          Where nobody may write, it is quiet: note what you like for yourself.
          A facilitator can give somebody the floor (/give NAME): all others wait
          until they /pass. Who passed is not given it again, unless they ask.
          Or mute somebody until the phase ends (/mute NAME WHY): their notes, lines
          to one person, /pass and /stop stay theirs. Who keeps the time cannot.
          Where the method says visits: allowed, a facilitator can ask to read a pod's
          turn (/visit NAME). Who is client there says yes or no; nothing from before
          is read, and either of them ends it (/visit). Else they read no turn. Where
          a phase says intervene, who visits puts that in at any time; else nothing.
          /come asks the facilitator to come to your pod.

        When a phase ends
          When its time is up, or when all of the pod who are there said /ready.
          Phases are each pod's own, rounds end together: who is through waits.
          A method can hold a phase until who keeps the time goes on, or until
          somebody put down what it asks for, such as a promise (then /skip goes on
          without). The facilitator or host can /pause, /extend, /skip and go /back.
          /stop is everybody's: the clock of your pod stands, no reason is asked
          and nobody is named; whoever takes part can /resume.
          Nobody can get stuck: the clock goes on also when they are gone.

        Your own
          peercoach formats show triad --yaml > ours.yaml, change it, then peercoach
          formats check ours.yaml, which names every mistake with its line and
          column. /start ours.yaml in the room. A running session keeps the method
          as it was when it began.
        """
}
