// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Where everything goes that is not a command's result.
enum StandardError {
    static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
