// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Says who is what in a pod, in the words of the session's format.
struct PodWords {
    /// The format that names the roles; `nil` for their usual names.
    let labels: RoleLabels?
    /// Gives a person's name.
    let name: (PersonID) -> String

    /// "Lena is client", "Lena is presenter".
    func client(_ pod: Pod) -> String {
        "\(name(pod.client)) is \(labels?.client ?? Words.role(.client))"
    }

    /// "Priya coaches", "Priya and Tom are consultants".
    func coaches(_ pod: Pod) -> String? {
        said(pod.coaches, labels?.coach, "coaches", "coach")
    }

    /// "Tom observes", "Tom is consultant".
    func observers(_ pod: Pod) -> String? {
        said(pod.observers, labels?.observer, "observes", "observe")
    }

    private func said(
        _ people: [PersonID],
        _ label: String?,
        _ one: String,
        _ several: String
    ) -> String? {
        people.isEmpty ? nil : Self.say(people.map(name), label, one, several)
    }

    /// "Priya coaches", "Priya and Tom coach", "Priya and Tom are consultants".
    static func say(
        _ names: [String],
        _ label: String?,
        _ one: String,
        _ several: String
    ) -> String {
        let list = Words.list(names)
        if let label { return names.count == 1 ? "\(list) is \(label)" : "\(list) are \(label)s" }
        return "\(list) \(names.count == 1 ? one : several)"
    }
}
