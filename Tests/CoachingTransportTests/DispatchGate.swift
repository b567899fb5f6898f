// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Holds a thread until it is released.
final class DispatchGate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func hold() {
        semaphore.wait()
    }

    func release() {
        semaphore.signal()
    }
}
