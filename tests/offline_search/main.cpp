#define BOOST_TEST_MODULE offline_search
#include <boost/test/unit_test.hpp>
