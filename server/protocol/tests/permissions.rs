//! The sum of roles and overwrites, against cases that were computed one permission at a time.

use serde_json::Value;
use snug_protocol::permission::{Change, Layer, Permissions, in_channel};

fn set(value: &Value) -> Permissions {
    serde_json::from_value(value.clone()).unwrap()
}

fn layer(value: &Value) -> Layer {
    let change = |step: &str| Change { deny: set(&value[step]["deny"]), allow: set(&value[step]["allow"]) };
    Layer { everyone: change("everyone"), roles: change("roles"), member: change("member") }
}

#[test]
fn roles_and_overwrites_add_up_as_documented() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../testdata/permissions.json")).unwrap();
    assert_eq!(cases.len(), 200);
    for (i, case) in cases.iter().enumerate() {
        let layers: Vec<Layer> = [&case["category"], &case["channel"]].into_iter().filter(|layer| !layer.is_null()).map(layer).collect();
        assert_eq!(in_channel(set(&case["base"]), &layers), set(&case["result"]), "case {i}: {case}");
    }
}
