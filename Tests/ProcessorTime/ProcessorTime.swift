// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Measures how long the processor works on a body, on this thread: what others do meanwhile does
/// not count.
public func processorTime(of body: () throws -> Void) rethrows -> Duration {
    let began = threadTime()
    try body()
    return threadTime() - began
}

private func threadTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
