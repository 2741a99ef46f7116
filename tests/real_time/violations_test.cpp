// Planted violations: a counter that sees nothing proves nothing. Part of each program that counts.
#include <fcntl.h>
#include <unistd.h>

#include <semaphore.h>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/real_time/violations.h"

using namespace gruve::test;

namespace {

boost::test_tools::assertion_result counts(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result result(violations_are_counted());
    if (!result) result.message() << "a sanitizer owns the entry points";
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(violations, *boost::unit_test::precondition(counts))

BOOST_AUTO_TEST_CASE(planted_allocations_are_counted) {
    BOOST_TEST(violations_of([] { delete new volatile int(3); }).allocations == 2);
    std::vector<float> planted;
    BOOST_TEST(violations_of([&] { planted.resize(100); }).allocations == 1);
    BOOST_TEST(violations_of([&] { planted[0] = 1; }).all() == 0);
    BOOST_TEST(violations_of([] {
                   void* volatile p = std::aligned_alloc(64, 128);
                   std::free(p);
               }).allocations == 2);
    BOOST_TEST(violations_of([&] {
                   try {
                       throw 1;
                   } catch (int) {
                   }
               }).allocations > 0);
}

BOOST_AUTO_TEST_CASE(planted_locks_are_counted) {
    std::mutex mutex;
    BOOST_TEST(violations_of([&] { const std::lock_guard hold(mutex); }).locks == 1);
    BOOST_TEST(violations_of([&] {
                   if (mutex.try_lock()) mutex.unlock();
               }).locks == 1);
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    BOOST_TEST(violations_of([&] { sem_post(&semaphore); }).locks == 1);
    sem_destroy(&semaphore);
}

BOOST_AUTO_TEST_CASE(planted_system_calls_are_counted) {
    BOOST_TEST(violations_of([] {
                   const int file = open("/dev/null", O_WRONLY);
                   const auto written = write(file, "x", 1);
                   close(file);
                   if (written != 1) std::abort();
               }).system_calls == 3);
    BOOST_TEST(violations_of([] { usleep(1); }).system_calls == 1);
    BOOST_TEST(violations_of([] { std::this_thread::sleep_for(std::chrono::microseconds(1)); }).system_calls == 1);
    BOOST_TEST(violations_of([] { std::this_thread::yield(); }).system_calls == 1);
}

BOOST_AUTO_TEST_CASE(only_this_thread_counts) {
    std::atomic<bool> stop{false};
    std::thread other([&] {
        while (!stop) delete new volatile int(1);
    });
    const int seen = violations_of([] {
                         std::atomic<int> i{0};
                         while (++i < 100000) {
                         }
                     }).all();
    stop = true;
    other.join();
    BOOST_TEST(seen == 0);
}

BOOST_AUTO_TEST_SUITE_END()
