#include <boost/test/unit_test.hpp>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "datasets/support/interrupt.h"
#include "datasets/support/parallel.h"

BOOST_AUTO_TEST_SUITE(parallel)

BOOST_AUTO_TEST_CASE(every_index_is_visited_once) {
    for (const int jobs : {1, 2, 3, 8}) {
        for (const int count : {0, 1, 2, 7, 1000}) {
            std::vector<std::atomic<int>> visits(static_cast<std::size_t>(count));
            gruve::parallel_for(jobs, count, [&](int i) { ++visits[static_cast<std::size_t>(i)]; });
            for (const auto& visit : visits) BOOST_TEST(visit == 1);
        }
    }
}

// Each call waits until all three have begun, so that three threads are at work. The integers are not atomic, so that
// ThreadSanitizer checks the accesses.
BOOST_AUTO_TEST_CASE(pieces_see_what_the_caller_wrote_before_and_the_caller_what_they_wrote) {
    std::vector<int> before(3), after(3);
    for (int round = 0; round < 300; ++round) {
        for (int& value : before) value += round;
        std::atomic<int> begun = 0;
        gruve::parallel_for(3, 3, [&](int i) {
            for (++begun; begun < 3;) std::this_thread::yield();
            after[static_cast<std::size_t>(i)] = before[static_cast<std::size_t>(i)] + i;
        });
        for (int i = 0; i < 3; ++i) BOOST_REQUIRE(after[static_cast<std::size_t>(i)] == round * (round + 1) / 2 + i);
    }
}

BOOST_AUTO_TEST_CASE(many_short_rounds_all_finish) {
    std::atomic<int> sum = 0;
    for (int round = 0; round < 5000; ++round) gruve::parallel_for(3, 4, [&](int i) { sum += i; });
    BOOST_TEST(sum == 5000 * 6);
}

BOOST_AUTO_TEST_CASE(an_exception_reaches_the_caller_and_the_pool_lives_on) {
    for (const int jobs : {1, 3}) {
        BOOST_CHECK_THROW(gruve::parallel_for(jobs, 10,
                                              [](int i) {
                                                  if (i == 4) throw std::runtime_error("four");
                                              }),
                          std::runtime_error);
        std::atomic<int> visits = 0;
        gruve::parallel_for(jobs, 10, [&](int) { ++visits; });
        BOOST_TEST(visits == 10);
    }
}

BOOST_AUTO_TEST_CASE(on_ctrl_c_a_stoppable_loop_starts_no_further_call) {
    for (const int jobs : {1, 3}) {
        std::atomic<int> calls = 0;
        const auto run = [&] {
            gruve::parallel_for(jobs, 1000, [&](int) {
                ++calls;
                gruve::interrupted = true;
            });
        };
        run();
        BOOST_TEST(calls == 1000);
        gruve::interrupted = false;
        calls = 0;
        {
            const gruve::Stoppable here;
            BOOST_CHECK_THROW(run(), gruve::Interrupted);
        }
        BOOST_TEST(calls <= jobs);
        run();
        BOOST_TEST(calls >= 1000);
        gruve::interrupted = false;
    }
}

BOOST_AUTO_TEST_CASE(nested_calls_run_on_the_calling_thread) {
    std::atomic<int> visits = 0;
    gruve::parallel_for(2, 4, [&](int) { gruve::parallel_for(2, 4, [&](int) { ++visits; }); });
    BOOST_TEST(visits == 16);
}

BOOST_AUTO_TEST_SUITE_END()
