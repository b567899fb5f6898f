// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Appointments in the form that calendar programs read.
///
/// Instants are in UTC, so no zone's rules stand in it; the title says nothing of who meets or why.
///
/// - Source: RFC 5545.
struct CalendarFile {
    /// One appointment.
    struct Event: Hashable, Sendable {
        /// What it is known by for ever.
        var id: String
        var start: Timestamp
        var end: Timestamp
        /// How often it was moved.
        var moves: UInt32
    }

    let events: [Event]
    /// What the calendar shows.
    let title: String
    /// How many minutes ahead it reminds of it.
    let alarmMinutes: Int
    let now: Timestamp

    /// The file's text: lines of at most 75 bytes, each ended by CR and LF.
    var text: String {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//peercoach//calendar//EN",
            "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        ]
        for event in events {
            lines += [
                "BEGIN:VEVENT", "UID:\(Self.escaped(event.id))", "DTSTAMP:\(Self.stamp(now))",
                "SEQUENCE:\(event.moves)", "DTSTART:\(Self.stamp(event.start))",
                "DTEND:\(Self.stamp(event.end))", "SUMMARY:\(Self.escaped(title))",
                "CLASS:PRIVATE", "BEGIN:VALARM", "ACTION:DISPLAY",
                "DESCRIPTION:\(Self.escaped(title))", "TRIGGER:-PT\(alarmMinutes)M", "END:VALARM",
                "END:VEVENT",
            ]
        }
        lines.append("END:VCALENDAR")
        return lines.map { Self.folded($0) + "\r\n" }.joined()
    }

    /// Writes an instant: "20270105T130000Z".
    static func stamp(_ instant: Timestamp) -> String {
        Words.stamp(instant).filter { $0 != "-" && $0 != ":" }
    }

    /// Puts a backslash before what means something in a text, and leaves out control characters.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",":
                result.unicodeScalars.append("\\")
                result.unicodeScalars.append(scalar)
            case "\n": result += "\\n"
            default:
                if scalar.properties.generalCategory != .control {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }

    /// Breaks a line so that no piece has more than 75 bytes; what follows begins with a space.
    static func folded(_ line: String) -> String {
        var result = ""
        var count = 0
        for scalar in line.unicodeScalars {
            let length = UTF8.width(scalar)
            if count + length > 75 {
                result += "\r\n "
                count = 1
            }
            result.unicodeScalars.append(scalar)
            count += length
        }
        return result
    }
}
