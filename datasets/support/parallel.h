// A small thread pool for independent pieces of work.
#pragma once

#include <functional>

namespace gruve {

/// How many threads are worth starting to read and decode files: the number of cores, at least 1 and at most 8.
int default_jobs();

/// Calls fn(0) … fn(count − 1), each once, on up to `jobs` threads including the caller's, and returns when all are
/// done. Indices are started in ascending order. Which thread runs which index is not fixed, so a call may write only
/// what belongs to its own index.
/// If calls throw, no further call is started and the exception of the lowest index is rethrown here, so that the error
/// does not depend on the number of threads. A parallel_for inside fn runs on the calling thread alone. Throws
/// Interrupted on Ctrl-C, where a Stoppable allows it (interrupt.h).
void parallel_for(int jobs, int count, const std::function<void(int)>& fn);

}  // namespace gruve
