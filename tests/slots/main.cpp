#define BOOST_TEST_MODULE slots
#include <boost/test/unit_test.hpp>
