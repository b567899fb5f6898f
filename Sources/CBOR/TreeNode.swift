// SPDX-License-Identifier: Apache-2.0

/// Gathers one value as a tree, so that parts may come in any order.
///
/// The slow way of ``CBOREncoder``: for keys out of order, nested containers, super encoders.
///
/// - Isolation: lives within one call of ``CBOREncoder/encode(_:)``.
final class TreeNode {
    /// Says what the value is made of.
    enum Content {
        case empty
        case item([UInt8])
        case array([TreeNode])
        case map([(key: [UInt8], value: TreeNode)])
    }

    var content: Content = .empty
    let depth: Int
    let limits: CBORLimits

    init(depth: Int, limits: CBORLimits) {
        self.depth = depth
        self.limits = limits
    }

    func child() -> TreeNode { TreeNode(depth: depth + 1, limits: limits) }

    func encode<T: Encodable>(_ value: T) throws {
        // Guards the stack: a recursive value ends here and not in a crash.
        guard depth <= limits.depth else { throw CBORError(.depthExceeded, offset: 0) }
        if let bytes = value as? [UInt8], T.self == [UInt8].self {
            item { $0.bytes(bytes) }
        } else {
            try value.encode(to: TreeEncoder(node: self))
        }
    }

    func item(_ write: (inout CBORWriter) -> Void) {
        var writer = CBORWriter(capacity: 16)
        write(&writer)
        content = .item(writer.finish())
    }

    func append(_ node: TreeNode) {
        if case .array(var elements) = content {
            content = .empty
            elements.append(node)
            content = .array(elements)
        } else {
            content = .array([node])
        }
    }

    func set(_ node: TreeNode, for key: any CodingKey) {
        var writer = CBORWriter(capacity: 16)
        if let value = key.intValue {
            writer.int(Int64(value))
        } else {
            writer.text(key.stringValue)
        }
        let pair = (key: writer.finish(), value: node)
        if case .map(var pairs) = content {
            content = .empty
            pairs.append(pair)
            content = .map(pairs)
        } else {
            content = .map([pair])
        }
    }

    /// Opens a map, if the value has none yet.
    func openMap() {
        if case .map = content { return }
        content = .map([])
    }

    /// Opens an array, if the value has none yet.
    func openArray() {
        if case .array = content { return }
        content = .array([])
    }

    func finish() throws(CBORError) -> [UInt8] {
        var writer = CBORWriter(capacity: 512)
        write(to: &writer)
        let bytes = writer.finish()
        try CBORReader.validate(bytes, limits: limits)
        return bytes
    }

    private func write(to writer: inout CBORWriter) {
        switch content {
        case .empty: writer.map(0)
        case .item(let bytes): writer.raw(bytes)
        case .array(let elements):
            writer.array(elements.count)
            for element in elements { element.write(to: &writer) }
        case .map(let pairs):
            writer.map(pairs.count)
            for pair in pairs.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                writer.raw(pair.key)
                pair.value.write(to: &writer)
            }
        }
    }
}
