//! What is wrong with an input: every problem at once, each naming the field and the remedy.

use serde::Serialize;

/// One problem of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// The field, as a JSON pointer into the body, or the name of a header, query parameter or column.
    pub pointer: String,
    /// A short fixed word for programs.
    pub code: &'static str,
    /// What is wrong and what to write instead, for people. Never repeats the value: it may be personal.
    pub detail: String,
}

/// All problems of one input, collected while it is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    at: Vec<String>,
    found: Vec<Problem>,
}

impl Problems {
    /// Notes a problem of the field `name` below the current place; an empty name means the place itself.
    pub fn add(&mut self, name: &str, code: &'static str, detail: impl Into<String>) {
        let mut pointer: String = self.at.iter().map(|step| format!("/{step}")).collect();
        if !name.is_empty() {
            pointer.push('/');
            pointer.push_str(name);
        }
        self.found.push(Problem { pointer, code, detail: detail.into() });
    }

    /// Checks something one step further down.
    pub fn within<T>(&mut self, step: impl ToString, check: impl FnOnce(&mut Self) -> T) -> T {
        self.at.push(step.to_string());
        let result = check(self);
        self.at.pop();
        result
    }

    /// Notes a problem when a text is empty or longer than `longest` characters.
    pub fn text(&mut self, name: &str, text: &str, longest: usize) {
        if text.trim().is_empty() {
            self.add(name, "empty", "must not be empty: leave the field out, or write something");
        } else if text.chars().count() > longest {
            self.add(name, "too_long", format!("must be at most {longest} characters"));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.add(name, "control_character", "must not hold control characters");
        }
    }

    /// The same for a text that may be absent.
    pub fn optional_text(&mut self, name: &str, text: Option<&str>, longest: usize) {
        if let Some(text) = text {
            self.text(name, text, longest);
        }
    }

    /// Notes a problem when a list is longer than `most`.
    pub fn list<T>(&mut self, name: &str, list: &[T], most: usize) {
        if list.len() > most {
            self.add(name, "too_many", format!("must hold at most {most} entries"));
        }
    }

    /// Nothing found so far.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// `Ok` when nothing was found.
    ///
    /// # Errors
    /// Every problem found.
    pub fn into_result(self) -> Result<(), Vec<Problem>> {
        if self.found.is_empty() { Ok(()) } else { Err(self.found) }
    }
}
