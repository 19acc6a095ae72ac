//! Whom a message mentions, found exactly as the web app draws it.
//!
//! This is the first pass of the web app's parser (`ui/src/text/scan.ts`), in the same order with the same rules: code,
//! escapes, addresses and mentions are found from left to right and are the same whatever stands around them. Both
//! sides run the cases of `server/protocol/testdata/mentions.json`.
//!
//! - A run of three or more backticks opens a code block, closed by the next run at least as long. A run of one or two
//!   opens a code span, closed by the next run of that length on the same line. Without a close a run is text.
//! - A backslash before ASCII punctuation makes it text.
//! - `http://…`, `https://…` and `mailto:…` reach to the next blank, `<`, `>`, `"`, backtick, backslash, `||` or `](`,
//!   less trailing punctuation and brackets that they did not open. Not after a letter or digit.
//! - `](address)` and `](<address>)` end a link.
//! - `<@1>` and `<@&1>` with an identifier; `@everyone` and `@here` with no letter or digit beside them.
//!
//! It takes time in the length of the text, whatever the text is.

use snug_protocol::{RoleId, UserId};
use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

/// As many people, and as many roles, can be mentioned by one message. What is beyond is left out.
pub const MOST: usize = 100;

/// Whom a text mentions, each once, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// People: `<@1>`.
    pub users: Vec<UserId>,
    /// Roles: `<@&1>`.
    pub roles: Vec<RoleId>,
    /// Whether there is an `@everyone`.
    pub everyone: bool,
    /// Whether there is an `@here`.
    pub here: bool,
}

/// Finds whom `text` mentions.
pub fn mentions(text: &str) -> Found {
    let mut scanner = Scanner::new(text);
    let (mut found, mut users, mut roles) = (Found::default(), HashSet::new(), HashSet::new());
    let mut at = 0;
    while at < text.len() {
        let Some(token) = scanner.token(at) else {
            at = if scanner.byte(at) == b'`' { scanner.end_of_ticks(at) } else { at + 1 };
            continue;
        };
        at = token.end;
        match token.kind {
            Kind::Literal => {}
            Kind::User(id) => keep(id, &mut found.users, &mut users),
            Kind::Role(id) => keep(id, &mut found.roles, &mut roles),
            Kind::Everyone => found.everyone = true,
            Kind::Here => found.here = true,
        }
    }
    found
}

fn keep<T: Copy + Eq + Hash>(id: T, list: &mut Vec<T>, seen: &mut HashSet<T>) {
    if list.len() < MOST && seen.insert(id) {
        list.push(id);
    }
}

/// What the scanner found, up to `end`.
struct Token {
    kind: Kind,
    end: usize,
}

enum Kind {
    /// Code, an escape, an address, a channel: nothing inside is a mention.
    Literal,
    User(UserId),
    Role(RoleId),
    Everyone,
    Here,
}

impl Kind {
    fn to(self, end: usize) -> Option<Token> {
        Some(Token { kind: self, end })
    }
}

/// A run of backticks, and where to look for its end.
struct Run {
    at: usize,
    length: usize,
    /// The next run of one backtick, and of two, by index.
    next: [Option<usize>; 2],
    longest_after: usize,
}

/// The bytes of an address: from its first to behind its last.
struct Address {
    to: usize,
}

struct Scanner<'a> {
    text: &'a str,
    runs: Vec<Run>,
    /// The run that the scan has come to.
    run: usize,
    /// The end of the line that the scan was last asked about.
    line_end: Option<usize>,
    /// For each `(` its `)`, within a stretch that an address could be. Made when first needed.
    brackets: Option<HashMap<usize, usize>>,
    /// No `mailto:` before here can have an `@`.
    no_mail_before: usize,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut runs = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let length = bytes[at..].iter().take_while(|b| **b == b'`').count();
            if length > 0 {
                runs.push(Run { at, length, next: [None; 2], longest_after: 0 });
            }
            at += length.max(1);
        }
        let (mut next, mut longest) = ([None; 2], 0);
        for (i, run) in runs.iter_mut().enumerate().rev() {
            run.next = next;
            run.longest_after = longest;
            if run.length <= 2 {
                next[run.length - 1] = Some(i);
            }
            longest = longest.max(run.length);
        }
        Self { text, runs, run: 0, line_end: None, brackets: None, no_mail_before: 0 }
    }

    /// The byte at `at`; zero behind the end, which is nothing that the scanner looks for.
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.byte(at))
    }

    fn token(&mut self, at: usize) -> Option<Token> {
        match self.byte(at) {
            b'\\' if self.byte(at + 1).is_ascii_punctuation() => Kind::Literal.to(at + 2),
            b'`' => self.code(at),
            b'<' => self.mention(at).or_else(|| self.angled(at)),
            b']' => self.link_end(at),
            b'@' => self.broadcast(at),
            b'h' | b'H' | b'm' | b'M' => self.bare(at),
            _ => None,
        }
    }

    fn end_of_ticks(&self, mut at: usize) -> usize {
        while self.byte(at) == b'`' {
            at += 1;
        }
        at
    }

    fn code(&mut self, at: usize) -> Option<Token> {
        // An escape may have taken the first backticks of the run.
        while self.runs[self.run].at + self.runs[self.run].length <= at {
            self.run += 1;
        }
        let run = &self.runs[self.run];
        let length = run.at + run.length - at;
        if length >= 3 {
            if run.longest_after < length {
                return None;
            }
            let end = self.runs[self.run + 1..].iter().find(|run| run.length >= length)?;
            return Kind::Literal.to(end.at + end.length);
        }
        let end = self.runs[run.next[length - 1]?].at;
        if end > self.end_of_line(at) {
            return None;
        }
        Kind::Literal.to(end + length)
    }

    fn end_of_line(&mut self, at: usize) -> usize {
        match self.line_end {
            Some(end) if end >= at => end,
            _ => {
                let end = self.text[at..].find('\n').map_or(self.text.len(), |found| at + found);
                self.line_end = Some(end);
                end
            }
        }
    }

    fn mention(&self, at: usize) -> Option<Token> {
        let channel = match self.byte(at + 1) {
            b'@' => false,
            b'#' => true,
            _ => return None,
        };
        let role = !channel && self.byte(at + 2) == b'&';
        let from = at + if role { 3 } else { 2 };
        let mut to = from;
        while to - from < 20 && self.byte(to).is_ascii_digit() {
            to += 1;
        }
        if self.byte(to) != b'>' {
            return None;
        }
        // Channels have the same identifiers.
        let id = self.text[from..to].parse::<UserId>().ok()?;
        let kind = match RoleId::new(id.get()) {
            _ if channel => Kind::Literal,
            Some(id) if role => Kind::Role(id),
            _ => Kind::User(id),
        };
        kind.to(to + 1)
    }

    fn broadcast(&self, at: usize) -> Option<Token> {
        let rest = &self.text[at + 1..];
        let (kind, end) = if rest.starts_with("everyone") {
            (Kind::Everyone, at + 9)
        } else if rest.starts_with("here") {
            (Kind::Here, at + 5)
        } else {
            return None;
        };
        // Underscores may be emphasis: what counts is beyond them.
        let mut start = at;
        while self.before(start) == b'_' {
            start -= 1;
        }
        let mut after = end;
        while self.byte(after) == b'_' {
            after += 1;
        }
        if self.before(start).is_ascii_alphanumeric() || self.byte(after).is_ascii_alphanumeric() { None } else { kind.to(end) }
    }

    fn bare(&mut self, at: usize) -> Option<Token> {
        if self.before(at).is_ascii_alphanumeric() {
            return None;
        }
        let address = self.address(at, |scanner, from| trimmed(scanner.text, at, scanner.stop(from)))?;
        Kind::Literal.to(address.to)
    }

    fn angled(&mut self, at: usize) -> Option<Token> {
        let address = self.address(at + 1, |scanner, from| scanner.stop(from))?;
        if self.byte(address.to) == b'>' { Kind::Literal.to(address.to + 1) } else { None }
    }

    fn link_end(&mut self, at: usize) -> Option<Token> {
        if self.byte(at + 1) != b'(' {
            return None;
        }
        if self.byte(at + 2) == b'<' {
            let inner = self.angled(at + 2)?;
            return if self.byte(inner.end) == b')' { Kind::Literal.to(inner.end + 1) } else { None };
        }
        let address = self.address(at + 2, |scanner, _| scanner.closing(at + 1).unwrap_or(at + 2))?;
        Kind::Literal.to(address.to + 1)
    }

    /// The address from `at` to where `end` says, if it is one of a kind that may be followed.
    fn address(&mut self, at: usize, end: impl FnOnce(&mut Self, usize) -> usize) -> Option<Address> {
        let after = at + scheme(self.text, at)?;
        if self.byte(at).eq_ignore_ascii_case(&b'm') {
            if at < self.no_mail_before {
                return None;
            }
            let to = end(self, after);
            if to > after && self.text.as_bytes()[after..to].contains(&b'@') {
                return Some(Address { to });
            }
            self.no_mail_before = self.no_mail_before.max(to);
            return None;
        }
        let first = self.text[after..].chars().next()?;
        if !first.is_ascii_alphanumeric() && first != '[' && (first.is_ascii() || is_blank(first)) {
            return None;
        }
        let to = end(self, after);
        (to > after).then_some(Address { to })
    }

    /// Where no address goes on.
    fn stop(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        rest.char_indices().find(|(i, c)| stops(*c, rest.as_bytes().get(i + 1))).map_or(self.text.len(), |(i, _)| at + i)
    }

    fn closing(&mut self, open: usize) -> Option<usize> {
        let text = self.text;
        let brackets = self.brackets.get_or_insert_with(|| {
            let (mut brackets, mut pending) = (HashMap::new(), Vec::new());
            for (i, c) in text.char_indices() {
                if c == '(' {
                    pending.push(i);
                } else if c == ')' {
                    brackets.extend(pending.pop().map(|from| (from, i)));
                } else if stops(c, text.as_bytes().get(i + 1)) {
                    pending.clear();
                }
            }
            brackets
        });
        brackets.get(&open).copied()
    }
}

fn stops(c: char, next: Option<&u8>) -> bool {
    match c {
        '|' => next == Some(&b'|'),
        ']' => next == Some(&b'('),
        '<' | '>' | '"' | '`' | '\\' => true,
        _ => is_blank(c),
    }
}

/// White space, controls and what has no width.
fn is_blank(c: char) -> bool {
    matches!(c,
        '\0'..=' ' | '\u{7f}'..='\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
        | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{feff}')
}

/// The length of the scheme that begins at `at`.
fn scheme(text: &str, at: usize) -> Option<usize> {
    let rest = &text.as_bytes()[at.min(text.len())..];
    ["https://", "http://", "mailto:"]
        .into_iter()
        .find(|scheme| rest.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes())))
        .map(str::len)
}

/// Where the address from `start` to `end` ends without trailing punctuation and brackets that it did not open.
fn trimmed(text: &str, start: usize, mut end: usize) -> usize {
    let bytes = text.as_bytes();
    let mut count = [0usize; 128];
    for b in &bytes[start..end] {
        if b.is_ascii() {
            count[*b as usize] += 1;
        }
    }
    while end > start {
        let last = bytes[end - 1];
        let opener = match last {
            b')' => Some(b'('),
            b']' => Some(b'['),
            b'}' => Some(b'{'),
            _ => None,
        };
        match opener {
            Some(opener) if count[last as usize] > count[opener as usize] => count[last as usize] -= 1,
            _ if b"*_~|.,:;!?'\"".contains(&last) => {}
            _ => break,
        }
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn user(id: i64) -> UserId {
        UserId::new(id).unwrap()
    }

    fn role(id: i64) -> RoleId {
        RoleId::new(id).unwrap()
    }

    #[test]
    fn each_is_found_once_in_the_order_of_the_text() {
        let found = mentions("<@2> <@1>, <@2>! <@&7> <#3> @here");
        assert_eq!(found, Found { users: vec![user(2), user(1)], roles: vec![role(7)], everyone: false, here: true });
    }

    #[test]
    fn nothing_is_found_in_code_escapes_and_addresses() {
        for text in [
            "`<@1>`",
            "``<@1> ` @here``",
            "```\n<@1>\n```",
            "````\n```\n@everyone\n````",
            "\\<@1> \\@everyone",
            "https://a.b/@everyone",
            "[x](https://a.b/(@here))",
            "[x](<https://a.b/@here>)",
            "mailto:x@here",
        ] {
            assert_eq!(mentions(text), Found::default(), "{text}");
        }
    }

    #[test]
    fn what_is_not_closed_is_no_code() {
        for text in ["`@everyone", "`@everyone\n`", "```@everyone", "``` `` @everyone `", "\\`@everyone`"] {
            assert!(mentions(text).everyone, "{text}");
        }
    }

    #[test]
    fn a_broadcast_has_no_letter_or_digit_beside_it() {
        for text in ["a@here", "@heres", "x_@here", "@here_we_go", "me@here.example"] {
            assert!(!mentions(text).here, "{text}");
        }
        for text in ["__@here__", "(@here)", "大家@here看", "@here's"] {
            assert!(mentions(text).here, "{text}");
        }
    }

    #[test]
    fn at_most_a_hundred_of_each_are_kept() {
        let text: String = (1..=150).map(|id| format!("<@{id}><@&{id}>")).collect();
        let found = mentions(&text);
        assert_eq!(found.users, (1..=100).map(user).collect::<Vec<_>>());
        assert_eq!(found.roles, (1..=100).map(role).collect::<Vec<_>>());
    }

    #[test]
    fn the_web_app_finds_the_same() {
        let cases: Vec<Value> = serde_json::from_str(include_str!("../../protocol/testdata/mentions.json")).unwrap();
        assert!(cases.len() > 200);
        for case in cases {
            let text = case["text"].as_str().unwrap();
            let found = mentions(text);
            let ids = |list: Vec<String>| list.into_iter().map(Value::String).collect::<Vec<_>>();
            assert_eq!(case["users"].as_array().unwrap(), &ids(found.users.iter().map(ToString::to_string).collect()), "{text:?}");
            assert_eq!(case["roles"].as_array().unwrap(), &ids(found.roles.iter().map(ToString::to_string).collect()), "{text:?}");
            assert_eq!(case["everyone"], found.everyone, "{text:?}");
            assert_eq!(case["here"], found.here, "{text:?}");
        }
    }

    /// Four times the text may take about four times as long; quadratic would be sixteen.
    #[test]
    fn no_text_is_slow() {
        for unit in ["](mailto:(", "](https://a", "mailto:", "`` ` ", "```` ``` ", "<https://a", "](<https://a", "_@here", "https://a)", "\\`` "] {
            let text = unit.repeat(400_000 / unit.len());
            let start = std::time::Instant::now();
            mentions(&text);
            // A hundred times the longest message: quadratic would take minutes, even optimised.
            assert!(start.elapsed().as_secs() < 5, "{unit}: {:?}", start.elapsed());
        }
    }
}
