#define BOOST_TEST_MODULE plugin
#include <boost/test/unit_test.hpp>

#include <juce_events/juce_events.h>

struct JuceLibrary {
    juce::ScopedJuceInitialiser_GUI library;
};
BOOST_TEST_GLOBAL_FIXTURE(JuceLibrary);
