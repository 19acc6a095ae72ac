//! Texts that people write: trimmed, and without characters that do not show or make others show wrongly.

use crate::error::Refusal;

/// The text without white space around it, or why it cannot be taken. `field` is its name in the request.
///
/// A text of several lines may hold line breaks and tabs, and marks that set the direction of writing. On a single
/// line those could make a name read as another.
pub fn clean(field: &str, text: &str, max_chars: usize, multiline: bool) -> Result<String, Refusal> {
    // Browsers send line breaks as they like.
    let text = if multiline { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    let text = text.trim();
    if let Some(wrong) = text.chars().find(|c| !allowed(*c, multiline)) {
        let what = format!("The {} holds a character that is not allowed here (U+{:04X}).", label(field), u32::from(wrong));
        return Err(Refusal::invalid(field, what).hint("Remove it; it may be invisible."));
    }
    let length = text.chars().count();
    if length > max_chars {
        let what = format!("The {} has {length} characters; {max_chars} are the most.", label(field));
        return Err(Refusal::invalid(field, what).hint("Shorten it."));
    }
    Ok(text.to_owned())
}

/// A name: one line that shows something.
pub fn name(field: &str, text: &str, max_chars: usize) -> Result<String, Refusal> {
    let name = clean(field, text, max_chars, false)?;
    if name.chars().all(blank) {
        return Err(Refusal::invalid(field, format!("The {} is empty.", label(field))).hint("Give it at least one character."));
    }
    Ok(name)
}

fn label(field: &str) -> String {
    field.replace('_', " ")
}

fn allowed(c: char, multiline: bool) -> bool {
    match c {
        '\n' | '\t' => multiline,
        // Line and paragraph separators; embeddings, overrides and isolates of direction.
        '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => multiline,
        c => !c.is_control(),
    }
}

/// Whether a character shows nothing. Joiners and direction marks are fine inside a name, but do not make one.
fn blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
                | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_protocol::ErrorCode;

    #[test]
    fn a_text_is_trimmed_and_counted_in_characters() {
        assert_eq!(clean("topic", "  Käse \t", 4, false).unwrap(), "Käse");
        let refusal = clean("status_text", "Käse!", 4, false).unwrap_err();
        assert_eq!(refusal.code(), ErrorCode::Invalid);
        assert_eq!(refusal.to_string(), "The status text has 5 characters; 4 are the most.");
    }

    #[test]
    fn several_lines_may_break_and_one_line_may_not() {
        assert_eq!(clean("bio", "a\r\nb\rc\td", 10, true).unwrap(), "a\nb\nc\td");
        for text in ["a\nb", "a\tb", "a\u{2028}b"] {
            assert!(clean("topic", text, 10, false).is_err(), "{text:?}");
        }
    }

    #[test]
    fn nothing_may_hold_control_characters() {
        for text in ["a\0b", "a\u{1b}[2Jb", "a\u{85}b"] {
            assert!(clean("bio", text, 10, true).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_name_shows_something_and_reads_in_one_direction() {
        assert_eq!(name("name", " 👩‍🚀 ", 10).unwrap(), "👩‍🚀");
        assert_eq!(name("name", "שלום", 10).unwrap(), "שלום");
        for text in ["", "  ", "\u{200b}\u{2060}", "\u{3164}", "a\u{202e}b", "\u{2067}a"] {
            assert!(name("name", text, 10).is_err(), "{text:?}");
        }
    }
}
