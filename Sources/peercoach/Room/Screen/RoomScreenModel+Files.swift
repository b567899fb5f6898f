// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel

extension RoomScreenModel {
    /// Sends a file to the readers that the prompt names.
    mutating func handOver(file path: String) -> [RoomEffect] {
        guard !path.isEmpty else { return refuses("Which file? \(SlashCommand.file.usage)") }
        let shown = draft?.address ?? address
        let effects = send("", to: shown, followsPhase: true, file: path)
        guard effects.contains(where: { if case .post = $0 { true } else { false } }) else {
            return effects
        }
        let whom = shown.isOwn ? "for you alone" : "to \(shown.text)"
        return says("\(FileName.safe(path)) is on its way \(whom). Go on meanwhile.") + effects
    }
}
