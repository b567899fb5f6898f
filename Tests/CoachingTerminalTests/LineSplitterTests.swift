// SPDX-License-Identifier: Apache-2.0

import CoachingTerminal
import Testing

@Suite struct LineSplitterTests {
    @Test func `lines come whole, however they are cut`() {
        var splitter = LineSplitter()
        #expect(splitter.feed(Array("one\ntw".utf8)) == [.line("one")])
        #expect(splitter.feed(Array("o\r\n\nlast".utf8)) == [.line("two"), .line("")])
        #expect(splitter.finish() == .line("last"))
        #expect(splitter.finish() == nil)
    }

    @Test func `a line over the limit is skipped and named, and the next one is whole`() {
        var splitter = LineSplitter(lineBytesMax: 4)
        #expect(splitter.feed(Array("1234\n123456789".utf8)) == [.line("1234")])
        #expect(splitter.feed(Array("0\nok\n12345".utf8)) == [.tooLong(bytesMax: 4), .line("ok")])
        #expect(splitter.finish() == .tooLong(bytesMax: 4))
    }
}
