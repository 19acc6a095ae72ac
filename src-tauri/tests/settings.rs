//! What is dangerous stays out of the app's settings.

use serde_json::Value;
use std::{fs, path::Path};

fn read(path: impl AsRef<Path>) -> Value {
    serde_json::from_slice(&fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()).unwrap()
}

/// The names of all that is set, however deep.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map.iter().flat_map(|(name, value)| [vec![name.clone()], names(value)].concat()).collect(),
        Value::Array(list) => list.iter().flat_map(names).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

#[test]
fn no_setting_makes_updates_or_pages_dangerous() {
    let settings = read("tauri.conf.json");
    for name in names(&settings) {
        assert!(!name.to_lowercase().contains("danger"), "{name}");
        assert!(!["allowDowngrades", "allow-downgrades", "dangerousRemoteDomainIpcAccess", "remote"].contains(&name.as_str()), "{name}");
    }
    assert_eq!(settings["plugins"]["updater"]["requireSignedVersion"], true);
    // Which key is believed, and who is asked, is for whoever makes packages.
    assert_eq!(settings["plugins"]["updater"]["pubkey"], "");
    assert_eq!(settings["plugins"]["updater"].get("endpoints"), None);
    assert_ne!(settings["app"]["withGlobalTauri"], true);
}

#[test]
fn no_page_from_elsewhere_may_ask_anything_and_the_window_nothing_of_plugins() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("capabilities");
    let mut count = 0;
    for file in fs::read_dir(folder).unwrap() {
        let capability = read(file.unwrap().path());
        assert!(!names(&capability).contains(&"remote".to_owned()), "{capability}");
        assert_eq!(capability["permissions"], Value::Array(Vec::new()));
        count += 1;
    }
    assert_eq!(count, 1);
}
