//! Figures by name, in the order in which they were added: 5 comes before 10.

use serde::{Serialize, Serializer, ser::SerializeMap as _};

/// An object of JSON.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rows<T>(Vec<(String, T)>);

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Default> Rows<T> {
    /// What a name stands for; a new one is added at the end.
    pub(crate) fn at(&mut self, name: &str) -> &mut T {
        let index = self.0.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.0.push((name.to_owned(), T::default()));
            self.0.len() - 1
        });
        &mut self.0[index].1
    }
}

impl<T: Serialize> Serialize for Rows<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stay_in_their_order() {
        let mut rows: Rows<u32> = Rows::default();
        for name in ["0", "5", "10", "5"] {
            *rows.at(name) += 1;
        }
        assert_eq!(serde_json::to_string(&rows).unwrap(), r#"{"0":1,"5":2,"10":1}"#);
    }
}
