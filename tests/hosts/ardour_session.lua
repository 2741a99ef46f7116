-- Makes an Ardour session "s" in $SESSION_DIR, at 48 kHz on the dummy engine: one stereo track "in" with the VST3
-- $PLUGIN_UID.
AudioEngine:set_backend("None (Dummy)", "", "")
local session = assert(create_session(os.getenv("SESSION_DIR"), "s", 48000), "no session")
local last, mode = ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal
local track = session:new_audio_track(2, 2, nil, 1, "in", last, mode, true):front()
local plugin = ARDOUR.LuaAPI.new_plugin(session, os.getenv("PLUGIN_UID"), ARDOUR.PluginType.VST3, "")
assert(not plugin:isnil(), "plugin not found: " .. os.getenv("PLUGIN_UID"))
assert(track:add_processor_by_index(plugin, 0, nil, true) == 0, "the track refuses the plugin")
session:save_state("", false, false, false, false, false)
close_session()
quit()
