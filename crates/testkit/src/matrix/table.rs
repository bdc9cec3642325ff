//! `docs/access.csv`, read.

use super::Cell;

const TABLE: &str = include_str!("../../../../docs/access.csv");

/// What a cell answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What `GET /v1/incidents/{id}` gives: a sight, `held`, 404 or 403.
    pub by_id: String,
    /// Whether a person in it is found by name: `yes`, `held`, `no`.
    pub name_hit: String,
    /// Whether it is in lists, places, counts and hotspots.
    pub counted: bool,
    /// Whether the identity of a confidential person in it is seen.
    pub protected: bool,
    /// Whether that of a child is.
    pub child: bool,
}

/// A row.
#[derive(Debug)]
pub struct Row {
    inputs: Vec<Vec<&'static str>>,
    answer: Answer,
}

/// Reads the table.
///
/// # Panics
/// When it cannot be read.
pub fn table() -> Vec<Row> {
    let mut lines = TABLE.lines();
    let header = "class,level,grade,beyond,relation,role,when,by_id,name_hit,counted,protected_identity,child_identity,why";
    assert_eq!(lines.next(), Some(header));
    lines.map(row).collect()
}

fn row(line: &'static str) -> Row {
    let cells: Vec<&str> = line.splitn(13, ',').collect();
    assert_eq!(cells.len(), 13, "{line}");
    assert!(!cells[12].is_empty(), "no reason: {line}");
    let yes = |text: &str| match text {
        "yes" => true,
        "no" => false,
        other => panic!("{other} in {line}"),
    };
    Row {
        inputs: cells[..7].iter().map(|cell| cell.split('|').collect()).collect(),
        answer: Answer {
            by_id: cells[7].to_owned(),
            name_hit: cells[8].to_owned(),
            counted: yes(cells[9]),
            protected: yes(cells[10]),
            child: yes(cells[11]),
        },
    }
}

impl Cell {
    /// The row that answers this cell, and its answer.
    ///
    /// # Panics
    /// When no row does: the last takes everything.
    pub fn expected(self, table: &[Row]) -> (usize, &Answer) {
        let (level, grade, beyond) = self.sharing;
        let relation = if self.relation == "blocked_granted" { "blocked" } else { self.relation };
        let values = [self.class, level.as_str(), grade.as_str(), beyond.as_str(), relation, self.role.as_str(), self.moment];
        let matches = |row: &Row| row.inputs.iter().zip(values).all(|(input, value)| input == &["*"] || input.contains(&value));
        let at = table.iter().position(matches).expect("the last row takes everything");
        (at, &table[at].answer)
    }
}
