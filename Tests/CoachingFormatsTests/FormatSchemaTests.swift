// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Foundation
import Testing

@testable import CoachingFormats

/// Holds Protocol/format.schema.json to what the reader takes.
struct FormatSchemaTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Protocol/format.schema.json")

    /// Gives a part of the schema by the keys that lead to it.
    private func value(_ path: String...) throws -> Any {
        var value = try JSONSerialization.jsonObject(with: Data(contentsOf: Self.file))
        for key in path { value = try #require((value as? [String: Any])?[key], "\(path)") }
        return value
    }

    private func keys(_ object: Any) throws -> Set<String> {
        Set(try #require(object as? [String: Any]).keys)
    }

    @Test func `the schema has the keys of the reader and no others`() throws {
        #expect(try keys(try value("properties")) == Set(FormatReader.formatKeys))
        #expect(
            try keys(try value("properties", "pods", "properties")) == Set(FormatReader.podsKeys)
        )
        #expect(
            try keys(try value("properties", "labels", "properties"))
                == Set(FormatReader.labelsKeys)
        )
        #expect(
            try keys(try value("$defs", "phase", "properties")) == Set(FormatReader.phaseKeys)
        )
        #expect(try keys(try value("$defs", "part", "properties")) == Set(FormatReader.partKeys))
        for path in [
            ["properties", "pods"], ["properties", "labels"], ["$defs", "phase"],
            ["$defs", "part"],
        ] {
            #expect(try value(path[0], path[1], "additionalProperties") as? Bool == false)
        }
        #expect(try value("additionalProperties") as? Bool == false)
    }

    @Test func `the schema has the kinds of the reader`() throws {
        let kinds = try #require(try value("$defs", "kind", "enum") as? [String])
        #expect(Set(kinds) == Set(FormatReader.kinds.keys))
        #expect(kinds.count == FormatReader.kinds.count)
        let floors = try #require(
            try value("$defs", "part", "properties", "floor", "enum") as? [String]
        )
        #expect(floors == [FormatReader.openFloor, "round", "question-first"])
        #expect(Set(floors.dropFirst()) == Set(FormatReader.floors.keys))
    }

    @Test func `the schema has the limits of the rules`() throws {
        func number(_ path: [String]) throws -> Int {
            var value: Any = try self.value()
            for key in path { value = try #require((value as? [String: Any])?[key], "\(path)") }
            return try #require(value as? Int, "\(path)")
        }
        #expect(try number(["properties", "round", "maxItems"]) == FormatLimits.roundPhasesMax)
        for list in ["opening", "closing"] {
            #expect(try number(["properties", list, "maxItems"]) == FormatLimits.groupPhasesMax)
        }
        #expect(
            try number(["properties", "rounds", "maximum"])
                == Int(FormatLimits.podPeople.upperBound) - 1
        )
        #expect(
            try number(["$defs", "people", "minimum"]) == Int(FormatLimits.podPeople.lowerBound)
        )
        #expect(
            try number(["$defs", "people", "maximum"]) == Int(FormatLimits.podPeople.upperBound)
        )
        #expect(try number(["$defs", "text", "maxLength"]) == FormatLimits.textBytesMax)
        #expect(try number(["properties", "source", "maxLength"]) == FormatLimits.textBytesMax)
        #expect(try number(["$defs", "label", "maxLength"]) == FormatLimits.labelBytesMax)
        let name = try #require(try value("$defs", "name", "pattern") as? String)
        #expect(name.contains(",\(FormatLimits.nameBytesMax)}"))
        let minutes = try #require(try value("$defs", "minutes", "anyOf") as? [[String: Any]])
        #expect(
            minutes.first?["maximum"] as? Int == Int(FormatLimits.phaseSeconds.upperBound) / 60
        )
    }
}
