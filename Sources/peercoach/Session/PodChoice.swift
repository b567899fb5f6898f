// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Names a pod to people: by a number from 1, or by anybody who works in it.
struct PodChoice {
    /// The pods that can be meant.
    let pods: [Pod]
    /// Gives a person's name.
    let name: (PersonID) -> String

    /// The pods that work now, by their numbers.
    static func now(_ session: RunningSession) -> [Pod] { session.openTurns.map(\.pod) }

    /// The pods of the rounds that have not begun, each as it is first.
    static func toCome(_ session: RunningSession) -> [Pod] {
        var pods: [UInt8: Pod] = [:]
        for pod in session.plan.rounds.dropFirst(Int(session.place.round)).joined() {
            if pods[pod.number] == nil { pods[pod.number] = pod }
        }
        return pods.values.sorted { $0.number < $1.number }
    }

    /// "1 (Lena, Priya and Tom) or 2 (Ben and Ada)".
    var text: String {
        Words.list(
            pods.map { "\(Self.shown($0.number)) (\(Words.list($0.people.map(name))))" },
            "or"
        )
    }

    /// The number under which people know a pod.
    static func shown(_ number: UInt8) -> Int { Int(number) + 1 }

    /// Finds the pod of a number as people know it.
    func pod(numbered text: String) -> Pod? {
        guard let number = Int(text) else { return nil }
        return pods.first { Self.shown($0.number) == number }
    }

    /// Finds the pod in which somebody works.
    func pod(of person: PersonID) -> Pod? { pods.first { $0.role(of: person) != nil } }
}
