// SPDX-License-Identifier: Apache-2.0

/// One line for the room view: when, from whom, what.
///
/// Every line begins with its time and its lead; what a person wrote comes only after them.
public struct ScreenLine: Hashable, Sendable {
    /// What stands between the time and the text.
    public enum Lead: Hashable, Sendable {
        /// `*`: the system says something.
        case system
        /// `=`: one's own line went.
        case sent
        /// `!`: it did not.
        case refused
        /// `?`: the system offers something.
        case offer
        /// `[label]`: a line that its readers' scope names, such as `[turn]`.
        case scope(String)
    }

    /// The time of day as shown, or nothing.
    public let time: String
    /// What kind of line it is.
    public let lead: Lead
    /// The text, cleaned by ``TextFilter`` when it is shown.
    public let text: String

    /// Makes a line from its parts.
    public init(time: String = "", _ lead: Lead, _ text: String) {
        self.time = time
        self.lead = lead
        self.text = text
    }

    /// The time and the lead, as shown, with the space after each.
    var head: String {
        let shown =
            switch lead {
            case .system: "*"
            case .sent: "="
            case .refused: "!"
            case .offer: "?"
            case .scope(let label): "[\(label)]"
            }
        return TextFilter.clean(time.isEmpty ? "\(shown) " : "\(time) \(shown) ")
    }

    /// The columns that further rows of the line leave free.
    var indent: Int { time.isEmpty ? 2 : DisplayWidth.columns(of: time) + 1 }

    /// The line as one row without end.
    var row: String { head + TextFilter.clean(text) }
}
