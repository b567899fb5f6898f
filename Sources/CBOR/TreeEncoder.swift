// SPDX-License-Identifier: Apache-2.0

/// Hands out containers that fill a ``TreeNode``.
struct TreeEncoder: Encoder {
    let node: TreeNode

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.openMap()
        return KeyedEncodingContainer(KeyedTree<Key>(node: node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.openArray()
        return UnkeyedTree(node: node)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleTree(node: node) }
}

/// Fills a map.
struct KeyedTree<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: TreeNode

    var codingPath: [any CodingKey] { [] }

    private func put(_ key: any CodingKey, _ write: (inout CBORWriter) -> Void) {
        let child = node.child()
        child.item(write)
        node.set(child, for: key)
    }

    func encodeNil(forKey key: Key) throws { put(key) { $0.null() } }

    func encode(_ value: Bool, forKey key: Key) throws { put(key) { $0.bool(value) } }

    func encode(_ value: String, forKey key: Key) throws { put(key) { $0.text(value) } }

    func encode(_ value: Int, forKey key: Key) throws { put(key) { $0.int(Int64(value)) } }

    func encode(_ value: Int8, forKey key: Key) throws { put(key) { $0.int(Int64(value)) } }

    func encode(_ value: Int16, forKey key: Key) throws { put(key) { $0.int(Int64(value)) } }

    func encode(_ value: Int32, forKey key: Key) throws { put(key) { $0.int(Int64(value)) } }

    func encode(_ value: Int64, forKey key: Key) throws { put(key) { $0.int(Int64(value)) } }

    func encode(_ value: UInt, forKey key: Key) throws { put(key) { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt8, forKey key: Key) throws { put(key) { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt16, forKey key: Key) throws { put(key) { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt32, forKey key: Key) throws { put(key) { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt64, forKey key: Key) throws { put(key) { $0.uint(UInt64(value)) } }

    func encode(_ value: Double, forKey key: Key) throws {
        throw CBORError(.floatingPoint, offset: 0)
    }

    func encode(_ value: Float, forKey key: Key) throws {
        throw CBORError(.floatingPoint, offset: 0)
    }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        let child = node.child()
        try child.encode(value)
        node.set(child, for: key)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        superEncoder(for: key).container(keyedBy: NestedKey.self)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        superEncoder(for: key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { superEncoder(for: SuperKey()) }

    func superEncoder(forKey key: Key) -> any Encoder { superEncoder(for: key) }

    private func superEncoder(for key: any CodingKey) -> TreeEncoder {
        let child = node.child()
        node.set(child, for: key)
        return TreeEncoder(node: child)
    }
}

/// Fills an array.
struct UnkeyedTree: UnkeyedEncodingContainer {
    let node: TreeNode

    var codingPath: [any CodingKey] { [] }

    var count: Int {
        if case .array(let elements) = node.content { elements.count } else { 0 }
    }

    private func put(_ write: (inout CBORWriter) -> Void) {
        let child = node.child()
        child.item(write)
        node.append(child)
    }

    func encodeNil() throws { put { $0.null() } }

    func encode(_ value: Bool) throws { put { $0.bool(value) } }

    func encode(_ value: String) throws { put { $0.text(value) } }

    func encode(_ value: Int) throws { put { $0.int(Int64(value)) } }

    func encode(_ value: Int8) throws { put { $0.int(Int64(value)) } }

    func encode(_ value: Int16) throws { put { $0.int(Int64(value)) } }

    func encode(_ value: Int32) throws { put { $0.int(Int64(value)) } }

    func encode(_ value: Int64) throws { put { $0.int(Int64(value)) } }

    func encode(_ value: UInt) throws { put { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt8) throws { put { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt16) throws { put { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt32) throws { put { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt64) throws { put { $0.uint(UInt64(value)) } }

    func encode(_ value: Double) throws {
        throw CBORError(.floatingPoint, offset: 0)
    }

    func encode(_ value: Float) throws {
        throw CBORError(.floatingPoint, offset: 0)
    }

    func encode<T: Encodable>(_ value: T) throws {
        let child = node.child()
        try child.encode(value)
        node.append(child)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        nested().container(keyedBy: NestedKey.self)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }

    func superEncoder() -> any Encoder { nested() }

    private func nested() -> TreeEncoder {
        let child = node.child()
        node.append(child)
        return TreeEncoder(node: child)
    }
}

/// Fills a value that is no container.
struct SingleTree: SingleValueEncodingContainer, RawSink {
    let node: TreeNode

    var codingPath: [any CodingKey] { [] }

    func encodeNil() throws { node.item { $0.null() } }

    func encode(_ value: Bool) throws { node.item { $0.bool(value) } }

    func encode(_ value: String) throws { node.item { $0.text(value) } }

    func encode(_ value: Int) throws { node.item { $0.int(Int64(value)) } }

    func encode(_ value: Int8) throws { node.item { $0.int(Int64(value)) } }

    func encode(_ value: Int16) throws { node.item { $0.int(Int64(value)) } }

    func encode(_ value: Int32) throws { node.item { $0.int(Int64(value)) } }

    func encode(_ value: Int64) throws { node.item { $0.int(Int64(value)) } }

    func encode(_ value: UInt) throws { node.item { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt8) throws { node.item { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt16) throws { node.item { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt32) throws { node.item { $0.uint(UInt64(value)) } }

    func encode(_ value: UInt64) throws { node.item { $0.uint(UInt64(value)) } }

    func encode(_ value: Double) throws {
        throw CBORError(.floatingPoint, offset: 0)
    }

    func encode(_ value: Float) throws {
        throw CBORError(.floatingPoint, offset: 0)
    }

    func encode<T: Encodable>(_ value: T) throws { try node.encode(value) }

    func encodeRaw(_ item: [UInt8]) throws { node.content = .item(item) }
}

/// The key under which other coders, too, keep what a superclass encodes.
struct SuperKey: CodingKey {
    var stringValue: String { "super" }
    var intValue: Int? { nil }

    init() {}
    init?(stringValue: String) { nil }
    init?(intValue: Int) { nil }
}
