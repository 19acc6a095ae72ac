//! Settings of the session's programs: no hardware, and blocks as small as on a real machine.

use std::{fs, io, path::Path};

/// PipeWire makes blocks of at least 21 ms on virtual machines, whose sound cards are slow. There is no card here.
const PIPEWIRE: &str = "context.properties = {
    default.clock.min-quantum = 32
    vm.overrides = { default.clock.min-quantum = 32 }
}
";

/// WirePlumber 0.4.
const WIREPLUMBER_MAIN: &str = "alsa_monitor.enabled = false
v4l2_monitor.enabled = false
libcamera_monitor.enabled = false
";
const WIREPLUMBER_BLUETOOTH: &str = "bluez_monitor.enabled = false
";

/// WirePlumber 0.5 and later.
const WIREPLUMBER_CONF: &str = "wireplumber.profiles = {
  main = {
    hardware.audio = disabled
    hardware.bluetooth = disabled
    hardware.video-capture = disabled
  }
}
";

/// Writes them into a session's folder, and makes the folders that its programs expect.
pub(crate) fn write(folder: &Path) -> io::Result<()> {
    let config = folder.join("config");
    let files = [
        ("pipewire/pipewire.conf.d/snug.conf", PIPEWIRE),
        ("wireplumber/main.lua.d/51-snug.lua", WIREPLUMBER_MAIN),
        ("wireplumber/bluetooth.lua.d/51-snug.lua", WIREPLUMBER_BLUETOOTH),
        ("wireplumber/wireplumber.conf.d/51-snug.conf", WIREPLUMBER_CONF),
    ];
    for (name, text) in files {
        let path = config.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    for name in ["state", "cache"] {
        fs::create_dir_all(folder.join(name))?;
    }
    Ok(())
}
